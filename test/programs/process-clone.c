/* New processes: fork, vfork, clone, clone3, and waiting for them. */
#include "calls.h"
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>

static int status;
static struct rusage usage;
static siginfo_t info;
static int parent_tid, child_tid, pidfd;

/* Waits for a child that exits at once, before the parent goes on: lines do not mix. */
static void reap(long child) {
  if (child == 0) _exit(3);
  if (child > 0) call(waitid, P_PID, child, &info, WEXITED | WNOWAIT, 0), call(wait4, child, &status, __WALL, 0);
}

static void bad(void) {
  call(wait4, -1, &status, 0, 0), call(wait4, HIGH | 0xffffffff, 0, WNOHANG | __WCLONE, &usage);
  call(wait4, -1, WILD, 0xffff, WILD), call(waitid, 0, 0, 0, 0, 0), call(waitid, 42, -1, &info, WEXITED, &usage);
  call(waitid, P_PGID, -1, WILD, WEXITED | 0x40, WILD), call(waitid, P_ALL, 3, &info, WEXITED | WNOHANG, 0);
  call(waitid, P_PIDFD, 99, &info, WEXITED, 0);
  struct clone_args args = {.flags = CLONE_PARENT | CLONE_PIDFD | CLONE_NEWNS, .exit_signal = 300};
  call(clone3, 0, sizeof args), call(clone3, WILD, sizeof args), call(clone3, &args, sizeof args), call(clone3, &args, 7);
  call(clone3, &args, 64), call(clone3, &args, 80);
  args.flags = CLONE_THREAD, args.stack = 0x1000, args.stack_size = 0x2000, args.tls = 5, args.set_tid = 1, args.set_tid_size = 2;
  args.cgroup = 3, args.child_tid = 0x1234, args.parent_tid = 0x5678, args.pidfd = 0x9abc, args.exit_signal = 0;
  call(clone3, &args, sizeof args);
  args.flags = CLONE_INTO_CGROUP | CLONE_SETTLS | CLONE_PIDFD | CLONE_PARENT_SETTID | CLONE_CHILD_SETTID | CLONE_CLEAR_SIGHAND | 0xff, args.exit_signal = 17;
  call(clone3, &args, sizeof args);
  int ids[40] = {-1};
  struct clone_args nested = {.exit_signal = 17, .set_tid = (long)ids, .set_tid_size = 32};
  call(clone3, &nested, sizeof nested), nested.set_tid_size = 33, call(clone3, &nested, sizeof nested);
  struct { struct clone_args a; long more[3]; } big = {.a = {.flags = 0, .exit_signal = 400}};
  call(clone3, &big, sizeof big);
  big.more[0] = 1, big.more[2] = 0x1122334455667788;
  call(clone3, &big, sizeof big), call(clone3, &big, 4097);
  call(clone, CLONE_THREAD | 7, 0, 0, 0, 0), call(clone, CLONE_SIGHAND, 0x10, 0x20, 0x30, 0x40);
  call(clone, HIGH | CLONE_SIGHAND | CLONE_PARENT_SETTID | CLONE_CHILD_SETTID | CLONE_SETTLS, 0x10, &parent_tid, &child_tid, 0x50);
  call(clone, CLONE_NEWUSER | CLONE_FS | CLONE_PIDFD | 0x80, 0, &pidfd, 0, 0), call(clone, CLONE_SIGHAND | 0xff, 0, 0, 0, 0);
  call(unshare, 0), call(unshare, 0x10), call(unshare, CLONE_SIGHAND | CLONE_NEWTIME | 1), call(unshare, -1);
  call(setns, -1, 0), call(setns, 99, CLONE_NEWNET), call(setns, 99, 3), call(setns, 99, CLONE_NEWNET | CLONE_NEWUTS);
}

int main(void) {
  unsigned long child_signal = 1UL << (SIGCHLD - 1);
  call(rt_sigprocmask, SIG_BLOCK, &child_signal, 0, 8);
  bad();
#ifdef SYS_fork
  reap(call(fork));
#endif
  if (vfork() == 0) _exit(0);
  call(wait4, -1, &status, 0, &usage);
#ifdef __x86_64__
  reap(call(clone, SIGCHLD, 0, 0, 0, 0));
  reap(call(clone, CLONE_PARENT_SETTID | CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID | SIGCHLD, 0, &parent_tid, &child_tid, 0));
  reap(call(clone, CLONE_PARENT_SETTID | SIGCHLD, 0, &parent_tid, 0, 0));
  reap(call(clone, CLONE_PIDFD | SIGCHLD, 0, &pidfd, 0, 0));
#endif
  struct clone_args args = {.exit_signal = SIGCHLD};
  reap(call(clone3, &args, sizeof args));
  args.flags = CLONE_PARENT_SETTID | CLONE_PIDFD, args.parent_tid = (long)&parent_tid, args.pidfd = (long)&pidfd;
  reap(call(clone3, &args, 64));
  args.flags = CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID, args.child_tid = (long)&child_tid;
  reap(call(clone3, &args, sizeof args));
  struct { struct clone_args a; long more[2]; } big = {.a = {.exit_signal = SIGCHLD}};
  reap(call(clone3, &big, sizeof big));
  long child = fork();
  if (child == 0) {
    raise(SIGKILL);
    _exit(1);
  }
  call(waitid, P_PID, child, &info, WEXITED | WNOWAIT, &usage), call(wait4, child, &status, 0, 0);
  child = fork();
  if (child == 0) {
    raise(SIGSTOP);
    _exit(257);
  }
  call(wait4, child, &status, WUNTRACED, &usage), call(wait4, child, &status, WNOHANG, &usage);
  call(waitid, P_PID, child, &info, WEXITED | WNOHANG, &usage);
  kill(child, SIGCONT), call(wait4, child, &status, WCONTINUED, 0), call(wait4, child, &status, 0, &usage);
  child = fork();
  if (child == 0) {
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    abort();
  }
  call(waitid, P_PID, child, 0, WEXITED | WNOWAIT, 0), call(wait4, child, &status, 0, 0);
  return 0;
}
