/* Kernel modules, and kernels to go on with: nothing here is loaded, the arguments are all wrong. */
#include "calls.h"
#include <string.h>

static char many[600];

int main(void) {
  memset(many, 'm', sizeof many - 1);
  call(init_module, "no module", 9, "a=1 b=\"2\""), call(init_module, WILD, 5, WILD), call(init_module, 0, -1, 0), call(init_module, many, 20, many);
  call(delete_module, "sysglass_none", 0), call(delete_module, "sysglass_none", 04000 | 01000), call(delete_module, 0, -1), call(delete_module, WILD, HIGH | 0200), call(delete_module, many, 1), call(delete_module, many + 560, 04000 | 1);
  call(finit_module, -1, "x=y", 3), call(finit_module, 99, 0, 0), call(finit_module, HIGH | 0, WILD, 0x1000 | 4), call(finit_module, -100, many, -1), call(finit_module, -1, "", HIGH | 8);
  struct { void *buf; unsigned long bufsz; void *mem; unsigned long memsz; } s[20];
  for (int i = 0; i < 20; i++) s[i].buf = 0, s[i].bufsz = i, s[i].mem = many, s[i].memsz = -1;
  call(kexec_load, 0x1234, 1, s, 0xffff0000), call(kexec_load, 0, 17, s, 0xffff0000), call(kexec_load, -1, 2, WILD, 62 << 16 | 1), call(kexec_load, 0, 1, 0, 3 << 16 | 0xf3), call(kexec_load, 0, -1, s, ~0xcUL), call(kexec_load, 0, 16, s, 0x77770003), call(kexec_load, 0, 1, s, 0x770000 | 0x10), call(kexec_load, 5, 0, s, 0xffff0002);
  call(kexec_file_load, -1, -1, 8, "console", 0xc7), call(kexec_file_load, 0, 1, 5, many, 0x40), call(kexec_file_load, HIGH | -5, -1, -1, WILD, HIGH | 0x40), call(kexec_file_load, -1, -1, 0, 0, 0x7), call(kexec_file_load, -1, 77, 600, many, 0x80), call(kexec_file_load, -1, 77, 4, "abcdefg", 0x81);
  return 0;
}
