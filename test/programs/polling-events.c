/* epoll, and descriptors that count. */
#include "calls.h"
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>

static unsigned long mask = 1 << (SIGUSR1 - 1);
static struct timespec none, past = {-1, 5};

int main(void) {
  int p[2];
  pipe(p);
#ifdef SYS_epoll_create
  call(epoll_create, 5), call(epoll_create, 0), call(epoll_create, -1);
#endif
  int a = call(epoll_create1, EPOLL_CLOEXEC), b = call(epoll_create1, 0);
  call(epoll_create1, -1), call(epoll_create1, HIGH | 1);
  struct epoll_event e = {EPOLLIN | EPOLLET | EPOLLONESHOT, {.u64 = 0x1122334455667788}}, ev[40];
  memset(ev, 0x11, sizeof ev);
  call(epoll_ctl, a, EPOLL_CTL_ADD, p[0], &e), e.events = EPOLLOUT, e.data.u64 = 7, call(epoll_ctl, a, EPOLL_CTL_ADD, p[1], &e), call(epoll_ctl, a, EPOLL_CTL_MOD, p[1], &e), call(epoll_ctl, a, EPOLL_CTL_DEL, p[0], &e), call(epoll_ctl, a, EPOLL_CTL_DEL, p[0], 0), call(epoll_ctl, a, EPOLL_CTL_ADD, p[0], 0), call(epoll_ctl, a, EPOLL_CTL_ADD, p[0], WILD), call(epoll_ctl, -1, 9, -1, &e);
  e.events = -1, call(epoll_ctl, HIGH | a, HIGH | 1, HIGH | 77, &e), e.events = 0, call(epoll_ctl, a, EPOLL_CTL_DEL, p[0], WILD), call(epoll_ctl, a, EPOLL_CTL_ADD, p[0], &e);
#ifdef SYS_epoll_wait
  call(epoll_wait, a, ev, 10, 0), call(epoll_wait, b, ev, 10, 1), call(epoll_wait, a, 0, 10, 0), call(epoll_wait, a, WILD, 10, 0), call(epoll_wait, a, ev, 0, 0), call(epoll_wait, a, ev, -1, 0), call(epoll_wait, -1, ev, 10, -1), call(epoll_wait, a, ev, HIGH | 1, HIGH | 0);
  call(eventfd, 5), call(eventfd, HIGH | -1);
#endif
  call(epoll_pwait, a, ev, 10, 0, &mask, 8), call(epoll_pwait, a, ev, 10, 0, 0, 0), call(epoll_pwait, a, ev, 10, 0, WILD, 8), call(epoll_pwait, b, ev, 10, 0, &mask, 4), call(epoll_pwait, b, ev, 10, 0, 0, 8);
  call(epoll_pwait2, a, ev, 10, &none, &mask, 8), call(epoll_pwait2, b, ev, 10, &none, 0, 0), call(epoll_pwait2, b, ev, 10, &past, 0, 0), call(epoll_pwait2, a, ev, 10, 0, 0, 0), call(epoll_pwait2, b, ev, 10, WILD, 0, 0);
  call(eventfd2, 0, EFD_CLOEXEC | EFD_NONBLOCK | EFD_SEMAPHORE), call(eventfd2, 7, -1), call(eventfd2, HIGH | 7, 0);
  for (int i = 0; i < 35; i++) e.events = EPOLLOUT | EPOLLWRNORM, e.data.u64 = i, epoll_ctl(b, EPOLL_CTL_ADD, eventfd(0, 0), &e);
  call(epoll_pwait, b, ev, 40, 0, 0, 0);
  return 0;
}
