/* Every option of prctl, with arguments that are refused or do no harm. */
#include "calls.h"
#include <linux/filter.h>
#include <linux/prctl.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/wait.h>

#define PLACE ((void *)0x10000000)

int main(void) {
  static int word;
  static char name[16];
  for (int option = 0; option < 65; option++) {
    if (option == PR_SET_SECCOMP || option == PR_SET_NAME || option == PR_GET_NAME || option == PR_SET_MM || option == PR_SET_TSC || option == PR_SET_PDEATHSIG || option == PR_SET_DUMPABLE) continue;
    call(prctl, option, option == PR_SET_SECUREBITS ? 0xfffff0f7 : 0xfffffff7, 2, 3, 4), call(prctl, option, option == PR_SET_SECUREBITS ? 0xdeadbeefc0fe : (long)WILD, HIGH | 1, HIGH | 2, HIGH | 3);
  }
  call(prctl, 0x59616d61, -1), call(prctl, 0x59616d61, 1), call(prctl, 0x59616d61, 0), call(prctl, 0x53564d41, 0, PLACE, 4096, "name\n"), call(prctl, 0x53564d41, HIGH, WILD, -1, 0), call(prctl, 0x53564d41, 5, 1, 2, 3);
  call(prctl, 99, 1, 2, 3, 4), call(prctl, -1, 0, 0, 0, 0), call(prctl, HIGH | 15, "a long name for a thread"), call(prctl, PR_SET_NAME, "short\n\1"), call(prctl, PR_SET_NAME, "fifteen--bytes-"), call(prctl, PR_SET_NAME, "sixteen---bytes-"), call(prctl, PR_SET_NAME, 0), call(prctl, PR_SET_NAME, WILD), call(prctl, PR_SET_NAME, "");
  call(prctl, PR_GET_NAME, name), call(prctl, PR_GET_NAME, 0), call(prctl, PR_GET_NAME, WILD), call(prctl, PR_SET_NAME, "process-prctl"), call(prctl, PR_GET_NAME, name);
  call(prctl, PR_SET_PDEATHSIG, SIGTERM), call(prctl, PR_GET_PDEATHSIG, &word), call(prctl, PR_SET_PDEATHSIG, 0), call(prctl, PR_SET_PDEATHSIG, 99), call(prctl, PR_GET_PDEATHSIG, &word), call(prctl, PR_GET_PDEATHSIG, 0);
  call(prctl, PR_SET_DUMPABLE, 1), call(prctl, PR_GET_DUMPABLE), call(prctl, PR_SET_DUMPABLE, 77), call(prctl, PR_SET_DUMPABLE, HIGH | 0);
  call(prctl, PR_SET_DUMPABLE, 0), call(prctl, PR_GET_DUMPABLE), call(prctl, PR_SET_DUMPABLE, 1);
  call(prctl, PR_GET_TSC, &word), call(prctl, PR_SET_TSC, 9), call(prctl, PR_GET_TSC, WILD), call(prctl, PR_SET_TSC, 1);
  call(prctl, PR_SET_CHILD_SUBREAPER, 1), call(prctl, PR_GET_CHILD_SUBREAPER, &word), call(prctl, PR_SET_CHILD_SUBREAPER, 0), call(prctl, PR_GET_CHILD_SUBREAPER, WILD), call(prctl, PR_GET_CHILD_SUBREAPER, 0);
  for (int i = 0; i < 42; i += 5) call(prctl, PR_CAPBSET_READ, i);
  call(prctl, PR_CAPBSET_DROP, 63), call(prctl, PR_CAPBSET_READ, -1);
  call(prctl, PR_GET_SECUREBITS), call(prctl, PR_SET_SECUREBITS, 0x10000), call(prctl, PR_SET_SECUREBITS, 0x55 | 1 << 20), call(prctl, PR_SET_SECUREBITS, 3), call(prctl, PR_GET_SECUREBITS), call(prctl, PR_SET_SECUREBITS, 0);
  call(prctl, PR_MCE_KILL, PR_MCE_KILL_SET, PR_MCE_KILL_EARLY, 0, 0), call(prctl, PR_MCE_KILL, PR_MCE_KILL_CLEAR, 0, 0, 0), call(prctl, PR_MCE_KILL, 7, 9, 1, 1), call(prctl, PR_MCE_KILL_GET, 0, 0, 0, 0), call(prctl, PR_MCE_KILL, 1, 9);
  for (int i = 0; i < 18; i++) call(prctl, PR_SET_MM, i, 1, 2, 3);
  call(prctl, PR_SET_MM, 15, PLACE, 4, 0), call(prctl, PR_GET_TID_ADDRESS, &word), call(prctl, PR_GET_TID_ADDRESS, WILD), call(prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), call(prctl, PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0);
  call(prctl, PR_CAP_AMBIENT, 1, 5, 0, 0), call(prctl, PR_CAP_AMBIENT, 2, 99, 0, 0), call(prctl, PR_CAP_AMBIENT, 3, 7, 1, 1), call(prctl, PR_CAP_AMBIENT, 4, 0, 0, 0), call(prctl, PR_CAP_AMBIENT, 4, 1, 0, 0), call(prctl, PR_CAP_AMBIENT, 5, 0, 1, 2);
  for (int i = 0; i < 4; i++) call(prctl, PR_GET_SPECULATION_CTRL, i, 0, 0, 0), call(prctl, PR_SET_SPECULATION_CTRL, i, 1 << i, 9, 9);
  call(prctl, PR_SET_SPECULATION_CTRL, 0, 0x1f, 0, 0), call(prctl, PR_SET_SPECULATION_CTRL, 0, 0x10, 0, 0), call(prctl, PR_SET_SPECULATION_CTRL, 9, 0x60, 0, 0);
  for (int i = 0; i < 5; i++) call(prctl, 62, i, getpid(), 0, &word), call(prctl, 62, i, 0x7fffffff, i, 0);
  call(prctl, 59, 0, 0, 0, 0), call(prctl, 59, 9, 3, 4, 5), call(prctl, PR_SET_TIMERSLACK, 50000), call(prctl, PR_GET_TIMERSLACK), call(prctl, PR_SET_TIMERSLACK, -1), call(prctl, PR_GET_TIMERSLACK), call(prctl, PR_SET_TIMERSLACK, 0);
  call(prctl, PR_SET_THP_DISABLE, 1, 0, 0, 0), call(prctl, PR_GET_THP_DISABLE, 0, 0, 0, 0), call(prctl, PR_SET_THP_DISABLE, 0, 0, 0, 0), call(prctl, PR_SET_TIMING, 0), call(prctl, PR_SET_TIMING, 1), call(prctl, PR_GET_TIMING);
  call(prctl, PR_SET_KEEPCAPS, 1), call(prctl, PR_GET_KEEPCAPS), call(prctl, PR_SET_KEEPCAPS, 0), call(prctl, PR_SET_IO_FLUSHER, 0, 0, 0, 0), call(prctl, PR_GET_IO_FLUSHER, 0, 0, 0, 0);
#ifdef __x86_64__
  unsigned long base;
  for (int code = 0x1001; code < 0x1033; code++)
    if (code != 0x1002 && code != 0x1001 && code != 0x1012) call(arch_prctl, code, code == 0x1003 || code == 0x1004 ? (long)&base : 0xbadc0de);
  call(arch_prctl, 0x1003, &base), call(arch_prctl, 0x1003, 0), call(arch_prctl, 0x1003, WILD), call(arch_prctl, 0x1004, 0), call(arch_prctl, 0x1012, 1), call(arch_prctl, 0x2001, 9), call(arch_prctl, 0x7001, 1), call(arch_prctl, HIGH | 7, HIGH), call(arch_prctl, 0x1002, -1L), call(arch_prctl, 0x1021, &base), call(arch_prctl, 0x1022, &base), call(arch_prctl, 0x1022, WILD);
#endif
  return 0;
}
