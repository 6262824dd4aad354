// Makes calls in a stream, and says after each stretch how many CPUs it may run on: by sched_getaffinity, in a child, in a
// thread, and as /proc has it; then with a mask of its own. `hot`: goes on until its standard input ends.
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void stream(void) {
  struct timespec now, end;
  clock_gettime(CLOCK_MONOTONIC, &end);
  end.tv_sec += 1;
  long calls = 0;
  do {
    for (int i = 0; i < 100; i++) syscall(SYS_getpid);
    clock_gettime(CLOCK_MONOTONIC, &now);
    // Long enough for the tracer to act, also on a slow machine.
  } while (++calls < 20 || (now.tv_sec < end.tv_sec && calls < 60));
}

static void say(const char *what) {
  cpu_set_t set;
  sched_getaffinity(0, sizeof set, &set);
  printf("%s %d\n", what, CPU_COUNT(&set));
  fflush(stdout);
}

static void *thread(void *what) {
  say(what);
  stream();
  say(what);
  return 0;
}

static void status(void) {
  char text[8192];
  int fd = open("/proc/self/status", O_RDONLY);
  text[read(fd, text, sizeof text - 1)] = 0;
  close(fd);
  printf("%.*s\n", (int)strcspn(strstr(text, "Cpus_allowed:"), "\n"), strstr(text, "Cpus_allowed:"));
  fflush(stdout);
}

int main(int argc, char **argv) {
  if (argc > 1) {
    struct pollfd in = {.fd = 0, .events = POLLIN};
    puts("ready");
    fflush(stdout);
    while (poll(&in, 1, 0) == 0) {
    }
    return 0;
  }
  say("first");
  stream();
  say("second");
  stream();
  status();
  stream();
  if (fork() == 0) {
    say("child");
    stream();
    say("child");
    return 0;
  }
  wait(0);
  pthread_t id;
  stream();
  pthread_create(&id, 0, thread, "thread");
  stream();
  pthread_join(id, 0);
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(sched_getcpu(), &set);
  stream();
  sched_setaffinity(0, sizeof set, &set);
  stream();
  say("set");
  return 0;
}
