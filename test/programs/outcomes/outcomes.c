/* What happens to a program, told by the program itself: signals and their details, stops, ends, filters, kinds of children. */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static sigjmp_buf after;
static siginfo_t last;
static volatile int count;

static void noted(int signal, siginfo_t *info, void *context) {
  last = *info;
  count++;
}

static void leaves(int signal, siginfo_t *info, void *context) {
  last = *info;
  siglongjmp(after, 1);
}

static void handle(int signal, void (*handler)(int, siginfo_t *, void *), int flags) {
  struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO | flags};
  sigaction(signal, &action, NULL);
}

/* The status is where the wait, which is an argument before it, has put it. */
static void tell(const char *what, int result, const int *where) {
  int status = *where;
  printf("%s: ", what);
  if (result <= 0) printf("%d, errno %d\n", result, errno);
  else if (WIFEXITED(status)) printf("exited %d\n", WEXITSTATUS(status));
  else if (WIFSIGNALED(status)) printf("killed %d\n", WTERMSIG(status));
  else printf("%s %d\n", WIFCONTINUED(status) ? "continued" : "stopped", WIFSTOPPED(status) ? WSTOPSIG(status) : 0);
  fflush(stdout);
}

/* Runs statements in a child, and tells how that ended. */
#define CHILD(what, ...)                          \
  do {                                            \
    fflush(stdout);                               \
    pid_t child = fork();                         \
    if (child == 0) {                             \
      __VA_ARGS__;                                \
      fflush(stdout);                             \
      _exit(0);                                   \
    }                                             \
    int status = 0;                               \
    tell(what, waitpid(child, &status, 0), &status); \
  } while (0)

static void unmapped(void) { *(volatile int *)8 = 1; }
static void behind_end(void) {
  int fd = memfd_create("short", 0);
  volatile char *memory = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  memory[4096] = 1;
}
#ifdef __x86_64__
static void undefined(void) { __asm__ volatile("ud2"); }
static void breakpoint(void) { __asm__ volatile("int3"); }
static void divide(void) { __asm__ volatile("xor %%ecx, %%ecx; xor %%edx, %%edx; div %%ecx" ::: "eax", "ecx", "edx", "cc"); }
static void step(void) { __asm__ volatile("sub $128, %%rsp; pushf; orq $0x100, (%%rsp); popf; nop; add $128, %%rsp" ::: "memory", "cc"); }
static void icebp(void) { __asm__ volatile(".byte 0xf1"); }
#endif

static void fault(const char *what, int signal, void (*cause)(void)) {
  handle(signal, leaves, 0);
  if (sigsetjmp(after, 1) == 0) cause();
  printf("%s: signal %d, code %d, at 0 %d\n", what, last.si_signo, last.si_code, last.si_addr == NULL);
  handle(signal, (void *)SIG_DFL, 0);
}

static void filter(int call, unsigned action) {
  struct sock_filter code[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, action),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = {4, code};
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
}
static void filtered(void) { syscall(SYS_getpgid, 77); }

static void block_all(void) {
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, NULL);
}

static void *waits(void *unused) {
  for (;;) pause();
}
static void *executes(void *unused) {
  execl("/bin/sh", "sh", "-c", "exit 5", NULL);
  return NULL;
}
static void *ends(void *unused) { _exit(9); }
static int exits(void *status) { _exit((long)status); }

int main(void) {
  static char stack[65536] __attribute__((aligned(16)));
  struct rlimit no_core = {0, 0};
  setrlimit(RLIMIT_CORE, &no_core);

  fault("unmapped", SIGSEGV, unmapped);
  fault("behind the end", SIGBUS, behind_end);
#ifdef __x86_64__
  fault("undefined", SIGILL, undefined);
  fault("divide", SIGFPE, divide);
  fault("breakpoint", SIGTRAP, breakpoint);
  fault("step", SIGTRAP, step);
  fault("icebp", SIGTRAP, icebp);
  CHILD("breakpoint", breakpoint());
  CHILD("blocked breakpoint", block_all(); breakpoint());
#endif
  CHILD("unmapped", unmapped());
  CHILD("blocked unmapped", block_all(); unmapped());
  CHILD("ignored unmapped", signal(SIGSEGV, SIG_IGN); unmapped());
  CHILD("abort", abort());
  CHILD("real-time", raise(40));
  CHILD("ignored SIGTRAP", signal(SIGTRAP, SIG_IGN); raise(SIGTRAP));

  union sigval value = {77};
  for (int i = 0; i < 2; i++) {
    int number = i == 0 ? SIGTRAP : SIGRTMIN + 3;
    handle(number, noted, 0);
    sigqueue(getpid(), number, value);
    printf("queued %d: code %d, value %d, %d in all\n", number, last.si_code, last.si_value.sival_int, count);
  }

  CHILD("seccomp errno", filter(SYS_getpgid, SECCOMP_RET_ERRNO | 33); printf("%ld ", syscall(SYS_getpgid, 0)); printf("%d\n", errno));
  CHILD("seccomp trap", filter(SYS_getpgid, SECCOMP_RET_TRAP | 5); fault("trap", SIGSYS, filtered); printf("call %d, errno %d\n", last.si_syscall, last.si_errno));
  CHILD("seccomp trace", filter(SYS_getpgid, SECCOMP_RET_TRACE); printf("%ld ", syscall(SYS_getpgid, 0)); printf("%d\n", errno));
  CHILD("seccomp kill", filter(SYS_getpgid, SECCOMP_RET_KILL_PROCESS); filtered());
  CHILD("seccomp strict", prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT); syscall(SYS_getppid));

  pthread_t thread;
  CHILD("thread executes", pthread_create(&thread, NULL, waits, NULL); pthread_create(&thread, NULL, executes, NULL); waits(NULL));
  CHILD("thread ends all", pthread_create(&thread, NULL, ends, NULL); waits(NULL));

  int status = 0;
  pid_t child = fork();
  if (child == 0) {
    pthread_create(&thread, NULL, waits, NULL);
    raise(SIGSTOP);
    _exit(21);
  }
  tell("stop", waitpid(child, &status, WUNTRACED), &status);
  siginfo_t info = {0};
  kill(child, SIGCONT);
  waitid(P_PID, child, &info, WEXITED | WNOWAIT);
  printf("waitid: code %d, status %d\n", info.si_code, info.si_status);
  tell("end", waitpid(child, &status, 0), &status);

  signal(SIGUSR1, SIG_IGN);
  child = clone(exits, stack + sizeof stack, CLONE_VM | SIGUSR1, (void *)4);
  tell("plain wait", waitpid(child, &status, 0), &status);
  tell("__WALL", waitpid(child, &status, __WALL), &status);
  child = clone(exits, stack + sizeof stack, CLONE_UNTRACED | SIGCHLD, (void *)6);
  tell("untraced", waitpid(child, &status, 0), &status);
  CHILD("starts a brother", clone(exits, stack + sizeof stack, CLONE_PARENT | SIGCHLD, (void *)8));
  tell("brother", waitpid(-1, &status, 0), &status);
  tell("nobody left", waitpid(-1, &status, 0), &status);
  return 77;
}
