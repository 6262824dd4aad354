/* Signal dispositions, masks, stacks, waiting and sending. */
#include "calls.h"
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>

typedef unsigned long set;
struct action { void *handler; unsigned long flags; void *restorer; set mask; };

static void handler(int n) { (void)n; }
static struct action old;
static set got;

static void actions(void) {
  struct action a = {SIG_IGN, 0, 0, 0};
  call(rt_sigaction, SIGUSR1, 0, &old, 8), call(rt_sigaction, SIGUSR1, &a, &old, 8), call(rt_sigaction, SIGUSR1, &a, 0, 8);
  a.handler = SIG_DFL, a.flags = SA_NODEFER | SA_RESETHAND | SA_SIGINFO | SA_ONSTACK | SA_NOCLDWAIT, a.mask = 1UL << 4 | 1UL << 40;
  call(rt_sigaction, SIGUSR1, &a, &old, 8), call(rt_sigaction, SIGUSR1, &a, &old, 8);
  a.flags = 0x04000000 | SA_RESTART, a.restorer = (void *)0x1234, a.mask = ~0UL, a.handler = (void *)0x123456;
  call(rt_sigaction, SIGUSR1, &a, &old, 8), call(rt_sigaction, SIGUSR1, 0, &old, 8);
  a.flags = 0x1f0000f7f0, a.mask = 0x7ffffffe, a.handler = SIG_ERR;
  call(rt_sigaction, 33, &a, &old, 8), call(rt_sigaction, SIGKILL, &a, &old, 8), call(rt_sigaction, 0, 0, 0, 8);
  a.flags = 0;
  call(rt_sigaction, 65, &a, &old, 8), call(rt_sigaction, -1, WILD, WILD, 8), call(rt_sigaction, HIGH | 10, &a, WILD, 8);
  call(rt_sigaction, 10, &a, &old, 4), call(rt_sigaction, 10, &a, &old, HIGH), call(rt_sigaction, 10, WILD, 0, 16), call(rt_sigaction, 64, 0, &old, 8);
}

static void masks(void) {
  set sets[] = {0, 1, 1UL << 63, ~0UL, 0x8000000080000000, ~1UL, 0xffffffff, 0xfffffffffff, 0x3fffffffffe, 0x7fffffffffe, ~(1UL << 31 | 1UL << 32), 2UL << 18};
  for (unsigned i = 0; i < sizeof sets / sizeof *sets; i++) call(rt_sigprocmask, SIG_BLOCK, sets + i, 0, 8), call(rt_sigprocmask, SIG_SETMASK, sets, &got, 8);
  call(rt_sigprocmask, SIG_UNBLOCK, 0, &got, 8), call(rt_sigprocmask, SIG_SETMASK, sets + 1, &got, 8), call(rt_sigprocmask, 7, sets, &got, 8);
  call(rt_sigprocmask, HIGH | 9, 0, 0, 8), call(rt_sigprocmask, 0, WILD, WILD, 8), call(rt_sigprocmask, 0, 0, WILD, 8), call(rt_sigprocmask, 1, sets, &got, 4);
  call(rt_sigprocmask, 1, sets, &got, HIGH | 8), call(rt_sigprocmask, 1, sets, &got, 16), call(rt_sigprocmask, 1, sets, &got, 0), call(rt_sigprocmask, SIG_SETMASK, sets, 0, 8);
  call(rt_sigpending, &got, 8), call(rt_sigpending, WILD, 8), call(rt_sigpending, &got, 4), call(rt_sigpending, &got, 16), call(rt_sigpending, 0, 8), call(rt_sigpending, &got, 3);
  call(rt_sigsuspend, WILD, 8), call(rt_sigsuspend, sets, 4), call(rt_sigsuspend, sets + 3, HIGH), call(rt_sigsuspend, sets, 16), call(rt_sigsuspend, 0, 8);
}

static void stacks(void) {
  static char area[65536];
  stack_t s = {area, 0, sizeof area}, previous;
  call(sigaltstack, 0, 0), call(sigaltstack, 0, &previous), call(sigaltstack, &s, &previous), call(sigaltstack, 0, &previous), s.ss_size = 10;
  call(sigaltstack, &s, 0), s.ss_flags = SS_DISABLE | 0x80000000, call(sigaltstack, &s, 0), s.ss_flags = SS_ONSTACK, call(sigaltstack, &s, 0), s.ss_flags = 0x40, call(sigaltstack, &s, &previous);
  s.ss_flags = SS_DISABLE, s.ss_sp = 0, call(sigaltstack, &s, &previous), call(sigaltstack, WILD, 0), call(sigaltstack, 0, WILD), call(sigaltstack, WILD, WILD);
}

static void sending(void) {
  siginfo_t info;
  set usr1 = 1UL << (SIGUSR1 - 1) | 1UL << 40, none = 0;
  struct timespec zero = {0, 0}, odd = {-1, 1000000000}, shortly = {0, 1000000};
  int me = getpid();
  call(rt_sigprocmask, SIG_BLOCK, &usr1, 0, 8);
  call(rt_sigtimedwait, &usr1, &info, &zero, 8), call(rt_sigtimedwait, &usr1, 0, &shortly, 8), call(rt_sigtimedwait, &usr1, &info, &odd, 8), call(rt_sigtimedwait, WILD, WILD, WILD, 8);
  call(rt_sigtimedwait, &usr1, &info, &zero, 4), call(rt_sigtimedwait, &usr1, &info, WILD, 8), call(rt_sigtimedwait, 0, 0, 0, 8), call(rt_sigtimedwait, &usr1, &info, &zero, HIGH | 16);
  call(kill, me, SIGUSR1), call(rt_sigpending, &got, 8), call(rt_sigtimedwait, &usr1, &info, &zero, 8);
  call(tkill, me, SIGUSR1), call(rt_sigtimedwait, &usr1, &info, 0, 8), call(tgkill, me, me, 41), call(rt_sigtimedwait, &usr1, &info, 0, 8), call(tgkill, me, me, SIGUSR1), call(rt_sigtimedwait, &usr1, 0, 0, 8);
  memset(&info, 0, sizeof info);
  info.si_signo = SIGUSR1, info.si_code = SI_QUEUE, info.si_pid = 1, info.si_uid = -1, info.si_value.sival_ptr = (void *)0x1122334455667788;
  call(rt_sigqueueinfo, me, SIGUSR1, &info), call(rt_sigtimedwait, &usr1, &info, &zero, 8);
  info.si_errno = 2, info.si_value.sival_ptr = 0, call(rt_sigqueueinfo, me, SIGUSR1, &info), call(rt_sigtimedwait, &usr1, &info, &zero, 8);
  info.si_code = SI_TIMER, info.si_errno = 9999, info.si_value.sival_int = 7, call(rt_tgsigqueueinfo, me, me, 41, &info), call(rt_sigtimedwait, &usr1, &info, &zero, 8);
  info.si_code = SI_TKILL, info.si_errno = 0, call(rt_tgsigqueueinfo, me, me, 41, &info), call(rt_sigtimedwait, &usr1, &info, &zero, 8);
  info.si_code = -77, call(rt_tgsigqueueinfo, me, me, 41, &info), call(rt_sigtimedwait, &usr1, &info, &zero, 8), info.si_code = SI_MESGQ, call(rt_tgsigqueueinfo, me, me, 41, &info), call(rt_sigtimedwait, &usr1, &info, &zero, 8);
  int codes[] = {SI_USER, SI_KERNEL, SI_ASYNCNL, 1, 5, 77}, signals[] = {SIGUSR1, SIGCHLD, SIGSEGV, SIGILL, SIGFPE, SIGBUS, SIGTRAP, SIGPOLL, SIGSYS, 40, 0, 65, -1};
  for (unsigned s = 0; s < 13; s++)
    for (unsigned c = 0; c < 6; c++) {
      memset(&info, 0, sizeof info);
      info.si_signo = signals[s], info.si_code = codes[c], info.si_pid = 7, info.si_uid = 8, info.si_value.sival_ptr = (void *)0x99;
      call(rt_sigqueueinfo, 0x7ffffffe, signals[s], &info);
    }
  long *words = (long *)&info;
  memset(&info, 0, sizeof info), info.si_signo = SIGCHLD, info.si_code = CLD_EXITED, info.si_status = 9, words[4] = 150, words[5] = 3, call(rt_sigqueueinfo, 0x7ffffffe, 17, &info), info.si_code = CLD_DUMPED, call(rt_sigqueueinfo, 0x7ffffffe, 17, &info);
  info.si_status = 99, words[4] = -1, words[5] = 100000, call(rt_sigqueueinfo, 0x7ffffffe, 17, &info);
  memset(&info, 0, sizeof info), info.si_signo = SIGPOLL, info.si_code = POLL_IN, info.si_band = 0x41, info.si_fd = 3, call(rt_sigqueueinfo, 0x7ffffffe, 29, &info), info.si_band = 0x100000001, call(rt_sigqueueinfo, 0x7ffffffe, 29, &info);
  memset(&info, 0, sizeof info), info.si_signo = SIGSYS, info.si_code = 1, words[2] = 0x1234, words[3] = 0xc000003e00000003, call(rt_sigqueueinfo, 0x7ffffffe, 31, &info), words[3] = 0x1234567800ffffff, call(rt_sigqueueinfo, 0x7ffffffe, 31, &info);
  memset(&info, 0, sizeof info), info.si_signo = SIGSEGV, info.si_code = 3, words[3] = 8, words[4] = 0x1000, words[5] = 0x2000, call(rt_sigqueueinfo, 0x7ffffffe, 11, &info), info.si_code = 4, call(rt_sigqueueinfo, 0x7ffffffe, 11, &info);
  info.si_code = 9, call(rt_sigqueueinfo, 0x7ffffffe, 11, &info), info.si_signo = SIGBUS, info.si_code = 4, call(rt_sigqueueinfo, 0x7ffffffe, 7, &info);
  info.si_signo = SIGTRAP, info.si_code = 6, call(rt_sigqueueinfo, 0x7ffffffe, 5, &info);
  call(rt_sigqueueinfo, -1, 10, 0), call(rt_sigqueueinfo, 1, 99, WILD), call(rt_tgsigqueueinfo, -1, HIGH, -1, 0), call(rt_tgsigqueueinfo, 1, 2, 0, WILD);
  call(kill, 0x7fffffff, 0), call(kill, 0x7fffffff, 34), call(kill, HIGH | 0x7fffffff, 65), call(kill, 0x7fffffff, -1), call(tkill, 0, 3), call(tkill, -1, 64), call(tgkill, 0, 0, 0), call(tgkill, -1, HIGH | 3, 9);
  call(rt_sigprocmask, SIG_SETMASK, &none, 0, 8);
}

static void descriptors(void) {
  set mask = 1UL << 9 | 1UL << 33;
  int fd = call(signalfd4, -1, &mask, 8, SFD_CLOEXEC | SFD_NONBLOCK);
  call(signalfd4, fd, &mask, 8, 0), call(signalfd4, -1, 0, 8, 1), call(signalfd4, 99, WILD, 8, HIGH | 2), call(signalfd4, -1, &mask, 4, 0x800), call(signalfd4, -2, &mask, 16, 0);
#ifdef SYS_signalfd
  call(signalfd, -1, &mask, 8), call(signalfd, fd, &mask, 8), call(signalfd, -1, 0, 8), call(signalfd, -1, WILD, HIGH | 8), call(signalfd, 88, &mask, 3);
#endif
  call(restart_syscall);
}

int main(void) {
  actions(), masks(), stacks(), sending(), descriptors();
  struct sigaction a = {.sa_handler = handler};
  sigaction(SIGUSR1, &a, &a), sigaction(SIGUSR2, &a, 0);
  sigset_t blocked;
  sigemptyset(&blocked), sigaddset(&blocked, SIGUSR2), sigaddset(&blocked, SIGHUP), sigprocmask(SIG_BLOCK, &blocked, 0);
  raise(SIGUSR1);
  return 0;
}
