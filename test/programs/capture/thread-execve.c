/* execve from a thread that does not lead the process, while two others sleep. */
#include <poll.h>
#include <pthread.h>
#include <unistd.h>

static void *sleeper(void *unused) {
  for (;;) pause();
}

static void *executor(void *program) {
  poll(0, 0, 50);
  char *argv[] = {program, 0};
  execv(program, argv);
  return 0;
}

int main(int argc, char **argv) {
  pthread_t a, b;
  pthread_create(&a, 0, sleeper, 0);
  pthread_create(&b, 0, executor, argc > 1 ? argv[1] : "/bin/true");
  pthread_join(a, 0);
  return 1;
}
