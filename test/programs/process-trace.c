/* ptrace of a stopped child, seccomp, landlock, and x86's own calls. */
#include "calls.h"
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/uio.h>
#include <sys/wait.h>

static void refused(void) {
  static const int requests[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13, 14, 15, 16, 17, 18, 19, 21, 24, 25, 26, 30, 31, 32, 33, 99};
  for (unsigned i = 0; i < sizeof requests / sizeof *requests; i++) call(ptrace, requests[i], 0x7fffffff, 0x1234, 0x5678), call(ptrace, requests[i], -1, 0, 0);
  for (long r = 0x4200; r < 0x4210; r++) call(ptrace, r, 0x7fffffff, 0x1234, 0x5678), call(ptrace, r, HIGH | 0x7ffffffe, 0, 0);
  call(ptrace, HIGH | 3, 0x7fffffff, 16, 1), call(ptrace, 3, 0x7fffffff, 15 * 8, 1), call(ptrace, 6, 0x7fffffff, 16 * 8 + 1, 9), call(ptrace, 6, 0x7fffffff, 9999, 9), call(ptrace, 7, 0x7fffffff, 0, SIGUSR1), call(ptrace, 7, 0x7fffffff, 1, 999), call(ptrace, 0x4200, 0x7fffffff, 0, 0x30007f), call(ptrace, 0x4206, 0x7fffffff, 0, 0x100080), call(ptrace, 0x4204, 0x7fffffff, 1, 0), call(ptrace, 0x4204, 0x7fffffff, 0x202, 0);
  siginfo_t info = {.si_signo = SIGUSR1, .si_code = SI_QUEUE};
  struct { unsigned long off; unsigned flags; int nr; } peek = {3, 1, 2};
  unsigned long mask = 1UL << 9;
  struct iovec v = {&mask, 8};
  call(ptrace, 0x4203, 0x7fffffff, 0, &info), call(ptrace, 0x4209, 0x7fffffff, &peek, &info), call(ptrace, 0x420b, 0x7fffffff, 8, &mask), call(ptrace, 0x420b, 0x7fffffff, 4, &mask), call(ptrace, 0x4205, 0x7fffffff, 1, &v), call(ptrace, 0x420c, 0x7fffffff, 64, 1);
}

static void followed(void) {
  int status;
  long child = fork();
  if (child == 0) {
    call(ptrace, 0, 0, 0, 0);
    _exit(0);
  }
  call(wait4, child, &status, 0, 0);
}

static void filters(void) {
  unsigned actions[] = {0, SECCOMP_RET_ALLOW, 0x80000000, 0x7fc00000, 0x50001, 0x1234567}, sizes[2];
  for (int i = 0; i < 6; i++) call(seccomp, SECCOMP_GET_ACTION_AVAIL, 0, actions + i);
  call(seccomp, SECCOMP_GET_ACTION_AVAIL, HIGH | 1, WILD), call(seccomp, SECCOMP_GET_ACTION_AVAIL, 0, 0), call(seccomp, SECCOMP_GET_NOTIF_SIZES, 0, 0), call(seccomp, SECCOMP_GET_NOTIF_SIZES, 3, sizes), call(seccomp, HIGH | 77, -1, WILD), call(seccomp, SECCOMP_SET_MODE_STRICT, 1, 5), call(seccomp, SECCOMP_SET_MODE_STRICT, 0, 7);
  struct sock_filter code[] = {
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 4), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 0, 1), BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0), BPF_JUMP(BPF_JMP | BPF_JGE | BPF_X, 5, 1, 2), BPF_STMT(BPF_LD | BPF_IND | BPF_H, 9),
    BPF_STMT(BPF_LD | BPF_IMM, 7), BPF_STMT(BPF_LDX | BPF_MEM, 3), BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 3), BPF_STMT(BPF_ST, 2), BPF_STMT(BPF_STX, 2), BPF_STMT(BPF_ALU | BPF_ADD | BPF_K, 2), BPF_STMT(BPF_ALU | BPF_NEG, 2), BPF_STMT(BPF_ALU | BPF_XOR | BPF_X, 0), BPF_STMT(BPF_MISC | BPF_TAX, 0), BPF_STMT(BPF_MISC | BPF_TXA, 1), BPF_STMT(BPF_JMP | BPF_JA, 4), BPF_STMT(BPF_RET | BPF_A, 0),
    BPF_STMT(BPF_RET | BPF_X, 9), BPF_STMT(0xffff, 9), BPF_STMT(BPF_LD | BPF_LEN | BPF_W, 9), BPF_STMT(BPF_LD | BPF_MEM, 9), BPF_STMT(BPF_LD | 0xe0, 9), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 7), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE | 1), BPF_STMT(BPF_RET | BPF_K, 0x12345678), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  static struct sock_filter blank[300];
  struct sock_fprog program = {27, code}, none = {0, 0}, many = {300, blank}, wild = {2, WILD};
  call(seccomp, SECCOMP_SET_MODE_FILTER, 0xffff00, &program), call(seccomp, SECCOMP_SET_MODE_FILTER, HIGH | 0x30, &none), call(seccomp, SECCOMP_SET_MODE_FILTER, 1, &many), call(seccomp, SECCOMP_SET_MODE_FILTER, 6, &wild), call(seccomp, SECCOMP_SET_MODE_FILTER, 8, WILD), call(seccomp, SECCOMP_SET_MODE_FILTER, 0, 0);
  call(prctl, PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), call(prctl, PR_SET_SECCOMP, SECCOMP_MODE_FILTER, WILD), call(prctl, PR_SET_SECCOMP, SECCOMP_MODE_FILTER, 0), call(prctl, PR_SET_SECCOMP, 77, 1, 2, 3), call(prctl, PR_SET_SECCOMP, 0, 1, 2, 3), call(prctl, PR_GET_SECCOMP);
  call(prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), program.filter = code + 26, program.len = 1;
  call(seccomp, SECCOMP_SET_MODE_FILTER, 0, &program), call(prctl, PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), call(prctl, PR_GET_SECCOMP);
  int listener = call(seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
  (void)listener;
}

static void landlock(void) {
  unsigned long attr[3] = {0x7, 0x3, 0x1}, rule[2] = {5, 3};
  int fd = call_number(444, attr, 8, 0);
  call_number(444, 0, 0, 1), call_number(444, 0, 0, 64), call_number(444, attr, 16, 0), call_number(444, attr, 24, 0), call_number(444, attr, 4, 0), call_number(444, attr, 64, 0), call_number(444, WILD, 8, HIGH | 4), call_number(444, 0, 8, 0), call_number(444, attr, 24, 1);
  call_number(445, fd, 1, rule, 0), call_number(445, fd, 9, rule, 0), call_number(445, -1, 77, WILD, HIGH | 3), call_number(445, fd, 1, 0, 0), rule[0] = 0xfffffff000000000, call_number(445, fd, 1, rule, 1), call_number(445, fd, 1, WILD, 0);
  call_number(446, -1, HIGH | 0), call_number(446, 99, 1), call_number(446, fd, 0x100);
}

static void segments(void) {
#ifdef __x86_64__
  struct { unsigned entry, base, limit, bits; } u = {-1, 0x12345, 0xfffff, 0x7f}, w = {3, 0, 0, 0};
  call(modify_ldt, 1, &w, 16), call(modify_ldt, 17, &u, 16), call(modify_ldt, 0, WILD, 16), call(modify_ldt, 0, &u, 0), call(modify_ldt, 1, 0, 5), call(modify_ldt, HIGH | 2, &u, HIGH | 3), call(modify_ldt, 1, &u, 15), call(modify_ldt, 99, &u, -1);
  call(set_thread_area, &u), call(get_thread_area, &u), call(set_thread_area, 0), call(get_thread_area, WILD), call(iopl, 0), call(iopl, HIGH | 9), call(ioperm, 0x378, 1, 0), call(ioperm, HIGH, -1, HIGH | 1);
#endif
}

int main(void) {
  refused(), followed(), landlock(), segments(), filters();
  return 0;
}
