/* Scheduling policies and affinity, capabilities, pidfds, and reading other processes. */
#include "calls.h"
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>

struct attr { unsigned size, policy; unsigned long flags; int nice; unsigned priority; unsigned long runtime, deadline, period; unsigned min, max; unsigned long more[4]; };

static void scheduling(void) {
  int param[2] = {0, 7}, bad = -5;
  call(sched_setscheduler, 0, SCHED_BATCH, param), call(sched_getscheduler, 0), call(sched_setscheduler, 0, SCHED_OTHER | 0x40000000, param), call(sched_getscheduler, 0), call(sched_setscheduler, 0, 0, param);
  call(sched_setscheduler, HIGH | 0x7fffffff, 77, &bad), call(sched_setscheduler, -1, SCHED_FIFO, 0), call(sched_setscheduler, 0, HIGH | 6, WILD), call(sched_getscheduler, -1), call(sched_getscheduler, 0x7fffffff), call(sched_setscheduler, 0x7fffffff, 5 | 0x40000000, param), call(sched_setscheduler, 0x7fffffff, 0x40000009, param);
  call(sched_setparam, 0, param), call(sched_setparam, 0, &bad), call(sched_setparam, -1, WILD), call(sched_getparam, 0, param), call(sched_getparam, 0, 0), call(sched_getparam, 0, WILD), call(sched_getparam, 0x7fffffff, param);
  for (int i = 0; i < 9; i++) if (i != 7) call(sched_get_priority_max, i), call(sched_get_priority_min, i);
  call(sched_get_priority_max, -1), call(sched_get_priority_min, HIGH | 1);
  long spec[2];
  call(sched_rr_get_interval, 0, WILD), call(sched_rr_get_interval, -1, spec), call(sched_rr_get_interval, 0, 0);
  struct attr a = {sizeof a};
  call(sched_getattr, 0, &a, 48, 0), call(sched_getattr, 0, &a, 56, 0), call(sched_getattr, 0, &a, sizeof a, 0), call(sched_getattr, 0, &a, 47, 0), call(sched_getattr, 0, WILD, 48, 0), call(sched_getattr, -1, 0, -1, HIGH | 1), call(sched_getattr, 0, &a, 4097, 0);
  a.size = 48, a.flags = 0x87, a.policy = 3, a.nice = 5, call(sched_setattr, 0x7fffffff, &a, 0), a.size = 56, a.flags = 0x60, a.min = 10, a.max = 20, call(sched_setattr, 0x7fffffff, &a, 0), a.flags = 0x18, call(sched_setattr, 0x7fffffff, &a, 1), a.policy = -1, call(sched_setattr, 0x7fffffff, &a, 0);
  a.policy = 6, a.runtime = 1000, a.deadline = 2000, a.period = 3000, a.flags = 7, call(sched_setattr, 0x7fffffff, &a, 0), a.policy = 1, a.priority = 3, a.flags = 0, call(sched_setattr, 0x7fffffff, &a, HIGH), a.policy = 99, a.flags = 0x100000000, call(sched_setattr, 0x7fffffff, &a, 0);
  a.size = 80, call(sched_setattr, 0, &a, 0), a.size = 1, call(sched_setattr, 0, &a, 0), a.size = 0, call(sched_setattr, 0x7fffffff, &a, 0), call(sched_setattr, 0, 0, 0), call(sched_setattr, 0, WILD, 5), a.policy = 0, a.size = 52, call(sched_setattr, 0x7fffffff, &a, 0), a.size = 20, call(sched_setattr, 0x7fffffff, &a, 0), a.size = 5000, call(sched_setattr, 0x7fffffff, &a, 0);
  unsigned long cpus[24] = {0};
  call(sched_getaffinity, 0, 8, cpus), call(sched_getaffinity, 0, 128, cpus), call(sched_setaffinity, 0, 8, cpus), call(sched_getaffinity, 0, 0, cpus), call(sched_getaffinity, 0, 3, cpus), call(sched_getaffinity, -1, 8, cpus), call(sched_getaffinity, 0, 8, WILD), call(sched_getaffinity, 0, HIGH | 8, 0);
  memset(cpus, 0, sizeof cpus), call(sched_setaffinity, 0x7fffffff, 8, cpus), cpus[0] = 0x8000000000000003, cpus[2] = 6, call(sched_setaffinity, 0x7fffffff, 8, cpus), call(sched_setaffinity, 0x7fffffff, 24, cpus), call(sched_setaffinity, 0x7fffffff, 1, cpus), call(sched_setaffinity, 0x7fffffff, 0, cpus), call(sched_setaffinity, 0, 8, WILD), call(sched_setaffinity, 0, 8, 0), call(sched_setaffinity, 0x7fffffff, 20, cpus);
  memset(cpus, 255, sizeof cpus), call(sched_setaffinity, 0x7fffffff, 16, cpus), call(sched_setaffinity, HIGH | 0x7fffffff, 192, cpus), call(sched_setaffinity, 0x7fffffff, -1, cpus);
}

static void capabilities(void) {
  struct __user_cap_header_struct h = {0, 0};
  struct __user_cap_data_struct d[2];
  call(capget, &h, 0), call(capget, &h, d), h.version = 0x19980330, call(capget, &h, d), h.version = 0x20071026, call(capget, &h, d), h.version = 0x20080522, call(capget, &h, d), h.pid = -1, call(capget, &h, d), h.pid = 0, call(capget, &h, WILD), call(capget, &h, 0), call(capget, 0, 0), call(capget, WILD, WILD), call(capget, 0, d);
  d[0].effective = 0x80000001, d[0].permitted = 0, d[0].inheritable = 0xffffffff, d[1].effective = 2, d[1].permitted = 0xfffffe00, d[1].inheritable = 0;
  h.pid = 5, call(capset, &h, d), h.version = 0x19980330, call(capset, &h, d), h.version = 7, call(capset, &h, d), call(capset, &h, WILD), h.version = 0x20080522, call(capset, &h, WILD), call(capset, 0, d), call(capset, WILD, 0), call(capset, &h, 0);
}

static void descriptors(void) {
  siginfo_t info = {.si_signo = SIGUSR1, .si_code = SI_QUEUE};
  int fd = call(pidfd_open, getpid(), 0);
  call(pidfd_open, 0, 0), call(pidfd_open, -1, HIGH | 3), call(pidfd_open, 0x7fffffff, 0x800), call(pidfd_send_signal, fd, 0, 0, 0), call(pidfd_send_signal, -1, 33, &info, 1), call(pidfd_send_signal, 99, 77, WILD, HIGH | 8), call(pidfd_send_signal, fd, SIGTERM, &info, 0);
  call(pidfd_getfd, fd, 1, 0), call(pidfd_getfd, -1, HIGH | 2, 1), call(pidfd_getfd, fd, -1, 0), call(process_mrelease, fd, 0), call(process_mrelease, -1, HIGH | 7);
  char a[40] = "some text that is longer than thirty-two", b[40];
  struct iovec local[2] = {{b, 7}, {b + 10, 3}}, remote[2] = {{a, 5}, {a + 8, 100}}, odd = {WILD, 5};
  int me = getpid();
  call(process_vm_readv, me, local, 2, remote, 1, 0), call(process_vm_readv, me, local, 2, remote, 2, 0), call(process_vm_readv, me, local, 0, remote, 0, 0), call(process_vm_readv, -1, WILD, 3, WILD, 4, 5), call(process_vm_readv, me, &odd, 1, remote, 1, 0), call(process_vm_readv, HIGH | 0x7fffffff, local, 2, remote, -1, HIGH), call(process_vm_readv, me, 0, 0, 0, 0, 1);
  call(process_vm_writev, me, local, 2, remote, 1, 0), call(process_vm_writev, me, remote, 1, local, 1, 0), call(process_vm_writev, me, local, 1, &odd, 1, 0), call(process_vm_writev, 0, WILD, 1, local, 2, 3), call(process_vm_writev, -1, 0, -1, 0, 0, 0), call(process_vm_writev, me, &odd, 1, local, 1, 0);
  call(process_madvise, fd, local, 1, MADV_COLD, 0), call(process_madvise, -1, WILD, 9, 99, HIGH | 1), call(process_madvise, fd, remote, 2, MADV_PAGEOUT, 3), call(process_madvise, fd, 0, 0, 20, 0);
  unsigned long head, length;
  call(get_robust_list, 0, &head, &length), call(get_robust_list, -1, 0, WILD), call(get_robust_list, 0x7fffffff, WILD, 0), call(set_robust_list, 0, 24), call(set_robust_list, WILD, 1), call(set_robust_list, &head, -1), call(set_robust_list, 0, 24), call(get_robust_list, HIGH, &head, &length);
  call(rseq, 0, 0, 0, 0), call(rseq, WILD, 32, 1, 0x53053053), call(rseq, 0, -1, HIGH | 6, HIGH | 5);
}

int main(void) {
  scheduling(), capabilities(), descriptors();
  return 0;
}
