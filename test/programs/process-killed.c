/* Processes that are killed in the middle of a call: what is told of one that will never return. */
#include "calls.h"
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>

/* Looks on without calls that are traced until process `id` is in the call; a number of its own tells that it is done. */
static void wait_until_in(long number, int id) {
  char path[40], text[20];
  snprintf(path, sizeof path, "/proc/%d/syscall", id);
  do {
    int fd = open(path, O_RDONLY), got = read(fd, text, sizeof text - 1);
    close(fd), text[got > 0 ? got : 0] = 0;
  } while (atol(text) != number || text[0] == 'r');
}
static void killed(long number, void *a, void *b, void *c, void *d, void *e, void *f) {
  int id = fork();
  if (id == 0) prctl(PR_SET_PDEATHSIG, SIGKILL), call_number(number, a, b, c, d, e, f), _exit(0);
  wait_until_in(number, id), kill(id, SIGKILL), waitpid(id, 0, 0);
}
#define killed(name, a, b, c, d, e, f) killed(SYS_##name, (void *)(a), (void *)(b), (void *)(c), (void *)(d), (void *)(e), (void *)(f))

int main(void) {
  int ends[2];
  long hup[] = {1}, sets[] = {1}, mask[] = {(long)hup, 8};
  struct timespec time = {100, 5};
  struct pollfd silent;
  siginfo_t info;
  char buffer[9];
  signal(SIGHUP, SIG_IGN), socketpair(AF_UNIX, SOCK_STREAM, 0, ends), silent = (struct pollfd){ends[0], POLLIN}, sets[0] = 1 << ends[0];
  killed(rt_sigtimedwait, hup, 0, 0, 8, 0, 0), killed(rt_sigtimedwait, hup, &info, &time, 8, 0, 0), killed(rt_sigtimedwait, hup, 0, &time, 8, 0, 0);
  killed(poll, &silent, 1, -1, 0, 0, 0), killed(ppoll, &silent, 1, &time, hup, 8, 0), killed(select, 9, sets, 0, 0, 0, 0), killed(pselect6, 9, sets, 0, 0, &time, mask);
  killed(read, ends[0], buffer, 9, 0, 0, 0), killed(recvfrom, ends[0], buffer, 9, 0, 0, 0), killed(pause, 0, 0, 0, 0, 0, 0);
}
