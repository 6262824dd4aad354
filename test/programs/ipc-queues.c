/* POSIX message queues. */
#include "calls.h"
#include <fcntl.h>
#include <mqueue.h>
#include <sched.h>
#include <signal.h>
#include <time.h>

int main(void) {
  struct mq_attr a = {O_NONBLOCK, 3, 16}, old;
  struct timespec soon = {1, 5}, past = {-1, 5}, long_ago = {0, 6};
  char b[40];
  unsigned priority;
  if (unshare(CLONE_NEWIPC) != 0) unshare(CLONE_NEWUSER | CLONE_NEWIPC);
  int q = call(mq_open, "sysglass-test", O_RDWR | O_CREAT | O_NONBLOCK, 0600, &a);
  call(mq_open, "nope", O_RDONLY), call(mq_open, "sysglass-test2", O_CREAT | O_WRONLY, 0644, 0), call(mq_open, WILD, O_CREAT | O_EXCL, -1, WILD), a.mq_flags = -1, a.mq_maxmsg = -1, call(mq_open, "sysglass-test3", O_CREAT | O_RDWR | O_CLOEXEC, 0600, &a), call(mq_open, 0, 3, 0, 0), a.mq_flags = O_NONBLOCK, a.mq_maxmsg = 3;
  call(mq_timedsend, q, "hello", 5, 3, 0), call(mq_timedsend, q, "hi", 2, 0, &soon), call(mq_timedsend, q, WILD, 2, 0, 0), call(mq_timedsend, -1, "hi", 2, -1, WILD), call(mq_timedsend, q, "hi", 2, 0, &past);
  call(mq_timedreceive, q, b, 40, &priority, 0), call(mq_timedreceive, q, b, 40, &priority, &soon), call(mq_timedreceive, q, b, 40, &priority, &long_ago), call(mq_timedreceive, q, b, 4, 0, 0), call(mq_timedreceive, -1, b, 40, WILD, WILD);
  struct sigevent e = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1, .sigev_value.sival_int = 7};
  call(mq_notify, q, &e), call(mq_notify, q, 0), e.sigev_notify = SIGEV_NONE, call(mq_notify, q, &e), e.sigev_notify = 99, call(mq_notify, q, &e), call(mq_notify, -1, WILD), e.sigev_notify = SIGEV_THREAD, call(mq_notify, q, &e), e.sigev_notify = SIGEV_THREAD_ID, call(mq_notify, q, &e);
  call(mq_getsetattr, q, 0, &old), call(mq_getsetattr, q, &a, &old), call(mq_getsetattr, q, &a, 0), call(mq_getsetattr, -1, WILD, WILD), call(mq_getsetattr, q, 0, 0), call(mq_getsetattr, -1, &a, &old);
  call(mq_unlink, "sysglass-test"), call(mq_unlink, "sysglass-test2"), call(mq_unlink, "nope"), call(mq_unlink, WILD), call(mq_unlink, 0);
  return 0;
}
