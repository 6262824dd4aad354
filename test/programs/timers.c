/* Timers: intervals, POSIX timers, descriptors. They ring so late that nobody hears them, except where a sleep is to be cut short. */
#include "calls.h"
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

static struct { long isec, ipart, sec, part; } late = {3600, 5, 7200, 9}, off, wrong = {1, -1, 2, 1000000000}, old, odd = {-1, 0, -2, 1000000};

static void intervals(void) {
  call(setitimer, 0, &off, 0), call(setitimer, 0, 0, 0), call(setitimer, 1, &late, &old), call(setitimer, 1, &off, 0), call(setitimer, 2, &wrong, &old), call(setitimer, 3, &off, &old), call(setitimer, 0, &off, &old), call(setitimer, 0, WILD, &old), call(setitimer, 0, &off, WILD), call(setitimer, HIGH | 77, &odd, 0), call(setitimer, -1, WILD, WILD);
  call(getitimer, 0, &old), call(getitimer, 1, &old), call(getitimer, 2, &old), call(getitimer, 3, &old), call(getitimer, 0, 0), call(getitimer, 0, WILD), call(getitimer, HIGH | 1, &old);
#ifdef SYS_alarm
  call(alarm, 0), call(alarm, 1000000), call(alarm, HIGH | 0), call(alarm, 0xffffffff), call(alarm, 0);
#endif
}

static void posix_timers(void) {
  struct sigevent e;
  int id = -1, first;
  memset(&e, 0, sizeof e);
  call(timer_create, 0, 0, &id), first = id, call(timer_settime, id, 0, &late, &old), call(timer_gettime, first, 0), call(timer_settime, id, 1, &off, 0), call(timer_gettime, id, &old), call(timer_getoverrun, id), call(timer_settime, id, 1, &off, &old), call(timer_settime, id, 3, &wrong, &old), call(timer_settime, id, HIGH | 0xfffffffe, 0, 0), call(timer_settime, id, 0, WILD, &old), call(timer_settime, id, 0, &off, WILD), call(timer_delete, id);
  e.sigev_notify = SIGEV_SIGNAL, e.sigev_signo = SIGUSR1, e.sigev_value.sival_ptr = (void *)0x1122334455667788, call(timer_create, 1, &e, &id), call(timer_delete, id);
  e.sigev_notify = SIGEV_NONE, e.sigev_signo = 0xfacefeed, call(timer_create, 1, &e, WILD), e.sigev_signo = 0, e.sigev_value.sival_int = -5, call(timer_create, 7, &e, &id), call(timer_delete, id), e.sigev_notify = 4, e.sigev_signo = SIGRTMIN, e._sigev_un._tid = 0, call(timer_create, 1, &e, &id);
  e._sigev_un._tid = getpid(), call(timer_create, 4, &e, &id), e.sigev_notify = 99, call(timer_create, 0, &e, &id), e.sigev_notify = SIGEV_THREAD, e._sigev_un._sigev_thread._function = (void *)0x1234, e._sigev_un._sigev_thread._attribute = 0, e.sigev_signo = 77, call(timer_create, 2, &e, &id), call(timer_delete, id);
  call(timer_create, 0, 0, 0), call(timer_create, 0, 0, WILD), call(timer_create, 0, WILD, &id), call(timer_create, 99, 0, &id), call(timer_create, -1, &e, &id), call(timer_create, HIGH | 3, 0, &id), call(timer_delete, id), call(timer_delete, -1), call(timer_delete, HIGH | 0x7ffffffe), call(timer_getoverrun, -1), call(timer_getoverrun, 0x7fffffff), call(timer_gettime, 77, &old), call(timer_gettime, -1, 0), call(timer_gettime, HIGH | 5, WILD), call(timer_settime, -1, 0, &odd, WILD);
}

static void descriptors(void) {
  int fd = call(timerfd_create, 1, 0);
  call(timerfd_settime, fd, 0, &late, &old), call(timerfd_settime, fd, 1, &off, 0), call(timerfd_gettime, fd, &old), call(timerfd_gettime, fd, 0), call(timerfd_gettime, fd, WILD), call(timerfd_settime, fd, 0, 0, 0), call(timerfd_settime, fd, 2, &off, &old), call(timerfd_settime, fd, 3, &off, &old), call(timerfd_settime, fd, HIGH | 0xfffffffc, &wrong, WILD), call(timerfd_settime, fd, 0, &wrong, &old), call(timerfd_settime, fd, 0, &off, WILD), call(timerfd_settime, fd, 0, WILD, 0);
  call(timerfd_settime, 99, 1, &odd, 0), call(timerfd_gettime, 99, &old), call(timerfd_gettime, -1, WILD), call(timerfd_settime, HIGH | 1, 0, &off, &old), close(fd);
  call(timerfd_create, 0, 0x80000), call(timerfd_create, 7, 0x80800), call(timerfd_create, 8, 0x800), call(timerfd_create, 99, 1), call(timerfd_create, -1, -1), call(timerfd_create, HIGH | 3, HIGH | 3);
}

static void ring(int n) { (void)n; }

/* A sleep that a signal ends: what was left is told. */
static void interrupted(void) {
  struct sigaction a = {0};
  struct itimerval soon = {{0, 0}, {0, 100000}};
  struct timespec hour = {3600, 0}, left = {0, 0};
  a.sa_handler = ring, sigaction(SIGALRM, &a, 0);
  setitimer(ITIMER_REAL, &soon, 0), call(nanosleep, &hour, 0), setitimer(ITIMER_REAL, &soon, 0), call(clock_nanosleep, 1, 0, &hour, &left), setitimer(ITIMER_REAL, &soon, 0), hour.tv_sec = 0x7fffffffff, call(clock_nanosleep, 0, 1, &hour, &left), setitimer(ITIMER_REAL, &soon, 0), hour.tv_sec = 7200, call(nanosleep, &hour, &left);
}

int main(void) {
  close_range(3, -1, 0);
  intervals(), posix_timers(), descriptors(), interrupted();
  return 0;
}
