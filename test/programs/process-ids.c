/* Who a process is: users, groups, sessions, and the calls that take nothing. */
#include "calls.h"

int main(void) {
  unsigned int id[4] = {0};
  call(getpid), call(getppid), call(gettid), call(getuid), call(geteuid), call(getgid), call(getegid);
#ifdef SYS_getpgrp
  call(getpgrp);
#endif
  call(getpgid, 0), call(getpgid, HIGH | 0x7fffffff), call(getsid, 0), call(getsid, -1);
  call(setpgid, 0, 0), call(setpgid, -1, HIGH | 5), call(setsid);
  call(setuid, HIGH | 0xffffffff), call(setgid, -1);
  call(setreuid, -1, -1), call(setregid, -1, HIGH | 0xffffffff);
  call(setresuid, -1, -1, -1), call(setresgid, -1, -1, -1);
  call(getresuid, id, id + 1, id + 2), call(getresgid, id, id + 1, id + 2);
  call(getresuid, id, 0, WILD), call(getresgid, 0, WILD, 0);
  call(setfsuid, -1), call(setfsgid, HIGH | 0xffffffff);
  unsigned int groups[64] = {4, 20, 24, 0xffffffff, 3};
  call(setgroups, 0, 0), call(setgroups, 3, groups), call(setgroups, 3, 0), call(setgroups, 2, WILD);
  call(getgroups, 0, 0), call(getgroups, 0, groups), call(getgroups, 64, groups), call(getgroups, 1, groups), call(getgroups, -1, groups);
  call(getgroups, 64, WILD);
  for (int i = 0; i < 40; i++) groups[i] = i;
  call(setgroups, 40, groups), call(getgroups, 64, groups), call(setgroups, 0x10001, groups), call(setgroups, HIGH | 1, groups);
  call(setgroups, -1, groups), call(setgroups, 0, WILD);
  call(umask, 0), call(umask, 022), call(umask, 07777), call(umask, HIGH | 022), call(umask, -1), call(umask, 022);
  call(set_tid_address, 0), call(set_tid_address, id), call(set_tid_address, WILD);
  call(sched_yield), call(sync);
  return 0;
}
