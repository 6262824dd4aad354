/* Pairs of a small write and a small read through a pipe, in N threads or processes; prints ns per call.
   loop KIND WORKERS CALLS COMPUTE: KIND is t (threads) or p (processes); COMPUTE is µs of work before each pair. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long calls, compute;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e9 + t.tv_nsec;
}

static void *work(void *unused) {
  char buffer[64] = {0};
  int ends[2];
  if (pipe(ends) != 0) exit(1);
  for (long i = 0; i < calls; i += 2) {
    if (compute > 0)
      for (double until = now() + compute * 1e3; now() < until;) {
      }
    if (write(ends[1], buffer, sizeof buffer) != sizeof buffer) exit(1);
    if (read(ends[0], buffer, sizeof buffer) != sizeof buffer) exit(1);
  }
  return unused;
}

int main(int argc, char **argv) {
  if (argc != 5) return 2;
  int workers = atoi(argv[2]);
  calls = atol(argv[3]) / workers;
  compute = atol(argv[4]);
  double begun = now();
  if (argv[1][0] == 'p') {
    for (int i = 1; i < workers; i++)
      if (fork() == 0) {
        work(NULL);
        _exit(0);
      }
    work(NULL);
    while (wait(NULL) > 0) {
    }
  } else {
    pthread_t threads[64];
    for (int i = 1; i < workers; i++) pthread_create(&threads[i], NULL, work, NULL);
    work(NULL);
    for (int i = 1; i < workers; i++) pthread_join(threads[i], NULL);
  }
  printf("%.1f\n", (now() - begun) / (calls * workers));
  return 0;
}
