/* argv[1] threads call getppid until the file argv[2] is gone, then all end and the program exits with 42. Says "ready". */
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

static const char *flag;

static void *loop(void *unused) {
  while (access(flag, F_OK) == 0) usleep(1000);
  return 0;
}

int main(int argc, char **argv) {
  int n = atoi(argv[1]);
  flag = argv[2];
  pthread_t *threads = calloc(n, sizeof *threads);
  for (int i = 0; i < n; i++) pthread_create(&threads[i], 0, loop, 0);
  if (write(1, "ready\n", 6) != 6) return 1;
  for (int i = 0; i < n; i++) pthread_join(threads[i], 0);
  return 42;
}
