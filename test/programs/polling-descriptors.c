/* poll and select: what is waited for, what comes of it, and what cannot be read. Timeouts are none or over at once. */
#include "calls.h"
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <time.h>

static unsigned long mask = 1 << (SIGUSR1 - 1);
static struct timespec none, past = {-1, 5};
static int sv[2];

static void polls(void) {
  struct pollfd p[3] = {{sv[0], POLLIN, 0x55}, {-1, POLLOUT, 0x77}, {sv[1], POLLIN | POLLOUT | 0x4000, 0}}, many[40];
#ifdef SYS_poll
  call(poll, p, 3, 0), call(poll, p, 1, 0), call(poll, p, 1, 1), call(poll, p, 3, -1), call(poll, 0, 0, 1), call(poll, p, 0, 0), call(poll, 0, 3, 0), call(poll, WILD, 3, 0), call(poll, WILD, 0, 0), call(poll, p, HIGH | 2, HIGH | 3);
  write(sv[0], "x", 1), call(poll, p, 3, -1), close(sv[0]), call(poll, p, 3, -1), p[0].fd = 77, p[1].fd = -5, call(poll, p, 3, 0);
  memset(many, 0, sizeof many);
  for (int i = 0; i < 40; i++) many[i] = (struct pollfd){77 + i, i & 1 ? POLLOUT : 0, 0};
  call(poll, many, 40, 0);
  for (int i = 0; i < 40; i++) many[i] = (struct pollfd){2000000 + i, POLLIN, 0};
  call(poll, many, 40, 0);
#endif
  call(ppoll, p, 3, &none, 0, 0), call(ppoll, p, 2, 0, &mask, 8), call(ppoll, p, 1, &past, &mask, 8), call(ppoll, p, 1, WILD, &mask, 8), call(ppoll, p, 1, &none, WILD, 8), call(ppoll, p, 1, &none, &mask, 4), call(ppoll, p, 1, &none, &mask, 128);
  static struct pollfd thousands[1500];
  call(ppoll, thousands, 1500, &none, 0, 0);
  p[0].fd = sv[1], p[0].events = POLLPRI, call(ppoll, p, 0, &none, &mask, 8), p[0].events = POLLOUT, call(ppoll, p, 1, &none, &mask, 8), call(ppoll, 0, 1, 0, 0, 0), call(ppoll, p, HIGH | 1, 0, 0, 0);
}

static void selects(void) {
  fd_set r, w, e;
  FD_ZERO(&r); FD_ZERO(&w); FD_ZERO(&e); FD_SET(sv[0], &r); FD_SET(sv[1], &w);
#ifdef SYS_select
  struct timeval zero = {0, 0}, odd = {-1, 2000000};
  call(select, sv[1] + 1, &r, &w, &e, &zero); FD_SET(sv[0], &r); call(select, sv[1] + 1, &r, 0, 0, &zero);
  FD_SET(sv[0], &r); FD_SET(sv[1], &r); FD_SET(sv[0], &e); write(sv[1], "x", 1), call(select, sv[1] + 1, &r, &w, &e, 0), call(select, sv[1] + 1, &r, &w, &e, &zero);
  FD_ZERO(&r); call(select, 0, 0, 0, 0, &zero), call(select, 0, &r, &w, &e, &zero), call(select, -1, &r, &w, &e, &zero), call(select, 5, WILD, 0, 0, &zero), call(select, 5, &r, WILD, &e, WILD), call(select, 5, &r, 0, 0, &odd), call(select, 1024, &r, 0, 0, &zero), call(select, HIGH | 5, &r, 0, 0, &zero);
  FD_SET(50, &r); call(select, 60, &r, 0, 0, 0); FD_ZERO(&r); FD_SET(sv[0], &r);
  for (int i = 0; i < 64; i++) FD_SET(i, &w);
  call(select, 64, &r, &w, 0, 0);
#endif
  struct { void *p; unsigned long l; } sm = {&mask, 8}, wild = {WILD, 8}, empty = {0, 8}, small = {&mask, 4};
  FD_ZERO(&r); FD_ZERO(&w); FD_SET(sv[0], &r); FD_SET(sv[1], &w);
  call(pselect6, 10, &r, &w, 0, &none, &sm), call(pselect6, 10, &r, 0, 0, 0, &empty), call(pselect6, 10, 0, 0, 0, &none, &empty), call(pselect6, 10, &r, 0, 0, &none, &wild), call(pselect6, 10, &r, 0, 0, &none, &small), call(pselect6, 10, &r, 0, 0, &none, WILD), call(pselect6, 10, &r, 0, 0, &none, 0), call(pselect6, 10, &r, 0, 0, WILD, 0);
  FD_ZERO(&r); call(pselect6, 0, &r, 0, 0, &none, &sm), call(pselect6, -3, &r, 0, 0, &past, 0);
}

int main(void) {
  socketpair(AF_UNIX, SOCK_STREAM, 0, sv), polls(), close(sv[1]);
  pipe(sv), selects();
  return 0;
}
