/* Gets a signal by kill, one by raise that is handled, stops itself, is continued by its child, and dies of SIGTERM. */
#include <signal.h>
#include <sys/types.h>
#include <unistd.h>

static volatile sig_atomic_t got;
static void handle(int signal) { got = signal; }

int main(void) {
  signal(SIGUSR1, handle);
  signal(SIGCONT, handle);
  pid_t self = getpid();
  kill(self, SIGUSR1);
  pid_t child = fork();
  if (child == 0) {
    usleep(100000);
    kill(self, SIGCONT);
    _exit(0);
  }
  raise(SIGSTOP);
  raise(SIGTERM);
  return got;
}
