/* Limits, usage, priorities, and what the machine is. */
#include "calls.h"
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <sys/times.h>
#include <sys/utsname.h>

int main(void) {
  struct { unsigned long long cur, max; } limit, odd[] = {{0, 0}, {1, 2}, {1024, 3072}, {~0ULL - 1, ~0ULL}, {0xffffffff, 1ULL << 40}, {~0ULL << 10, 1025}, {-2ULL, 0x100400}};
  for (int i = 0; i < 18; i++) call(getrlimit, i, &limit);
  call(getrlimit, 7, 0), call(getrlimit, 7, WILD), call(getrlimit, HIGH | 7, &limit);
  for (int i = 0; i < 7; i++) call(setrlimit, 16, odd + i), call(prlimit64, 0, 99, odd + i, 0);
  call(setrlimit, 7, 0), call(setrlimit, 7, WILD);
  call(prlimit64, 0, 7, 0, &limit), call(prlimit64, 0, 3, odd + 2, &limit), call(prlimit64, -1, 3, WILD, WILD);
  call(prlimit64, HIGH, 7, 0, 0), call(prlimit64, 0, 7, odd, WILD);
  struct rusage usage;
  call(getrusage, RUSAGE_SELF, 0), call(getrusage, 3, &usage), call(getrusage, RUSAGE_CHILDREN, WILD), call(getrusage, RUSAGE_CHILDREN, &usage);
  call(getrusage, RUSAGE_THREAD, 1), call(getrusage, -3, &usage);
  call(getpriority, PRIO_PROCESS, 0), call(getpriority, 7, HIGH | 1), call(getpriority, PRIO_PGRP, -1);
  call(setpriority, PRIO_PROCESS, 0, 3), call(setpriority, PRIO_USER, -1, -20), call(setpriority, 9, 1, HIGH | 2), call(getpriority, PRIO_PROCESS, 0);
  call(ioprio_get, 1, 0), call(ioprio_get, 9, -1), call(ioprio_set, 1, 0, 0x4003), call(ioprio_get, 1, 0), call(ioprio_set, 2, 1, 0x6007);
  call(ioprio_set, 3, -1, 0xffffffff), call(ioprio_set, 1, 0, 0x2000), call(ioprio_set, HIGH | 1, 99999, 0x8005), call(ioprio_set, 1, 0, 0), call(ioprio_get, 1, 0);
  struct utsname name;
  call(uname, &name), call(uname, 0), call(uname, WILD);
  struct sysinfo machine;
  call(sysinfo, 0), call(sysinfo, WILD);
  struct tms spent;
  call(times, WILD), call(times, 1);
  unsigned int cpu, node;
  call(getcpu, 0, 0, 0), call(getcpu, WILD, &node, 0), call(getcpu, 0, &node, &name);
  call(personality, 0xffffffff), call(personality, 0), call(personality, 0x0040008), call(personality, 0xffffffff), call(personality, 0x1000003);
  call(personality, HIGH | 0xff00000f), call(personality, 0);
  call(sethostname, 0, 5), call(sethostname, WILD, 3), call(sethostname, "abc", -1), call(sethostname, "a-name-that-is-longer-than-what-is-usually-shown-of-a-string", 65);
  call(setdomainname, 0, 5), call(setdomainname, "ab\n", 70), call(setdomainname, "", -1);
  char random[40];
  call(getrandom, 0, 4, 0), call(getrandom, WILD, 4, 1), call(getrandom, random, 0, 3), call(getrandom, random, 4, 8), call(getrandom, random, 1, HIGH | 0x8007);
  call(acct, "/no/such"), call(acct, WILD), call(syslog, 10, 0, 0), call(syslog, 99, random, 5), call(syslog, 2, 0, 4), call(syslog, 8, 0, 99), call(syslog, 3, random, -1);
  call(syslog, 8, random, 0);
  call(reboot, 0, 0, 0, 0), call(reboot, 0xfee1dead, 1, 0xa1b2c3d4, "x"), call(reboot, 0xfee1dead, 672274793, 0x12345678, "x");
  call(swapon, "/no/such", 0), call(swapon, 0, 0x8005), call(swapon, "/no/such", 0x10000), call(swapon, WILD, HIGH | 0x90000), call(swapoff, "/no/such"), call(swapoff, 0);
  call(kcmp, 1, 1, 0, 3, 5), call(kcmp, -1, 0, 7, 4, WILD), call(kcmp, getpid(), getpid(), 1, 9, 9), call(kcmp, -1, 1, 8, 2, 3), call(kcmp, -1, 1, 7, 2, 0);
  unsigned int slot[3] = {1, 2, 3};
  call(kcmp, -1, 1, 7, 2, slot);
  return 0;
}
