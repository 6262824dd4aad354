/* Calls that were never there, are not there any more, or nobody makes. */
#include "calls.h"
#include <string.h>

int main(void) {
#ifdef SYS_uselib
  char text[80], wild[80];
  memset(wild, 'x', 79), wild[79] = 0;
  call(uselib, "/nowhere/lib.so"), call(uselib, 0), call(uselib, WILD), call(uselib, wild);
  struct { int *name, nlen; void *oldval; unsigned long *oldlenp; void *newval; unsigned long newlen, spare[4]; } c;
  int name[] = {1, 1, 2, 7, 9, 3, 4, 5, 6, 7, 8, 9, 10};
  unsigned long len = 80;
  memset(&c, 0, sizeof c), c.name = name, c.nlen = 2, c.oldval = text, c.oldlenp = &len, c.newval = "new", c.newlen = 3;
  call(_sysctl, &c), c.nlen = 5, call(_sysctl, &c), name[0] = 2, call(_sysctl, &c), name[0] = 3, name[1] = 5, name[2] = 16, c.oldval = 0, c.oldlenp = 0, c.newval = 0, call(_sysctl, &c), name[0] = 99, c.nlen = 13, c.newval = WILD, call(_sysctl, &c), c.name = WILD, call(_sysctl, &c), c.nlen = 0, call(_sysctl, &c), call(_sysctl, 0), call(_sysctl, WILD), c.nlen = -1, call(_sysctl, &c);
  call(create_module, "a", 5), call(create_module, 0, -1), call(create_module, WILD, HIGH | 5);
  call(get_kernel_syms, 0), call(get_kernel_syms, WILD);
  for (int i = 0; i < 7; i++) call(query_module, "mod", i, text, 80, &len), call(query_module, 0, i, WILD, 0, 0);
  call(query_module, WILD, HIGH | 9, text, -1, WILD);
  call(nfsservctl, 1, &c, &c), call(nfsservctl, HIGH | 77, 0, WILD);
  call(getpmsg, 1, &c, &c, &len, &len), call(putpmsg, -1, 0, WILD, 4, 5), call(afs_syscall, 1, 2, 3, 4, 5), call(tuxcall, 1, 2, 3, 4, 5), call(security, 1, 2, 3, 4, 5, 6), call(vserver, 1, 2, 3, 4, 5);
  call(epoll_ctl_old, 1, 2, 3, 4), call(epoll_wait_old, 1, 2, 3, 4);
  call(get_thread_area, 5), call(ustat, 0x801, text), call(sysfs, 3);
#endif
  char path[80];
  call(lookup_dcookie, 0x1122334455667788, path, 80), call(lookup_dcookie, 0, 0, 0), call(lookup_dcookie, -1, WILD, HIGH | 5);
  call_number(777, 1, 2, 3, 4, 5, 6);
  return 0;
}
