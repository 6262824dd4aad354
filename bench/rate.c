/* Writes and reads of 64 bytes through a pipe, in N threads, so many a second: rate THREADS CALLS SECONDS. Prints how many there were. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static long a_millisecond, seconds;

static void *work(void *count) {
  char buffer[64] = {0};
  int ends[2];
  struct timespec next;
  if (pipe(ends) != 0) exit(1);
  clock_gettime(CLOCK_MONOTONIC, &next);
  for (long t = 0; t < seconds * 1000; t++) {
    for (long i = 0; i < a_millisecond; i += 2) {
      if (write(ends[1], buffer, sizeof buffer) != sizeof buffer) exit(1);
      if (read(ends[0], buffer, sizeof buffer) != sizeof buffer) exit(1);
      *(long *)count += 2;
    }
    if ((next.tv_nsec += 1000000) >= 1000000000) {
      next.tv_nsec -= 1000000000;
      next.tv_sec++;
    }
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL);
  }
  return NULL;
}

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  int threads = atoi(argv[1]);
  a_millisecond = atol(argv[2]) / threads / 1000;
  seconds = atol(argv[3]);
  pthread_t ids[64];
  long counts[64] = {0}, all = 0;
  if (threads > 64) return 2;
  for (int i = 0; i < threads; i++) pthread_create(&ids[i], NULL, work, &counts[i]);
  for (int i = 0; i < threads; i++) {
    pthread_join(ids[i], NULL);
    all += counts[i];
  }
  fprintf(stderr, "%ld\n", all);
  return 0;
}
