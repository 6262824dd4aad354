/* Threads and processes that start and end without pause, until killed. */
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

static void *nothing(void *unused) {
  getppid();
  return 0;
}

static void *starter(void *unused) {
  for (;;) {
    pthread_t thread;
    if (pthread_create(&thread, 0, nothing, 0) == 0) pthread_join(thread, 0);
    pid_t child = fork();
    if (child == 0) {
      pthread_create(&thread, 0, nothing, 0);
      _exit(0);
    }
    if (child > 0) waitpid(child, 0, 0);
  }
}

int main(void) {
  pthread_t a, b;
  pthread_create(&a, 0, starter, 0);
  pthread_create(&b, 0, starter, 0);
  pthread_join(a, 0);
}
