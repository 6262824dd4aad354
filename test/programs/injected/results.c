/* Calls whose results are put in by the tracer: what the kernel would have written is what stands in memory. Static, and all of it at fixed addresses. */
#include "../calls.h"
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <linux/audit.h>
#include <linux/kd.h>
#include <linux/kvm.h>
#include <linux/seccomp.h>
#include <linux/videodev2.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/sem.h>
#include <sys/shm.h>

static char bytes[4096];
static void fill(unsigned seed) {
  for (int i = 0; i < sizeof bytes; i++) bytes[i] = (seed = seed * 1103515245 + 12345) >> 16;
}

static void machines(void) {
  static const unsigned long requests[] = {KVM_CREATE_VCPU, KVM_SET_USER_MEMORY_REGION, KVM_GET_REGS, KVM_SET_REGS, KVM_GET_SREGS, KVM_SET_SREGS, KVM_SET_CPUID2, KVM_GET_SUPPORTED_CPUID, KVM_GET_EMULATED_CPUID, KVM_CHECK_EXTENSION, KVM_RUN};
  for (int n = 0; n < 3; n++) {
    *(unsigned *)bytes = n;
    for (int i = 0; i < 11; i++) call(ioctl, -1, requests[i], bytes), call(ioctl, -1, requests[i], n == 0 ? 0 : WILD);
  }
  call(ioctl, -1, KVM_CHECK_EXTENSION, KVM_CAP_USER_MEMORY), call(ioctl, -1, KVM_CHECK_EXTENSION, HIGH | 3), call(ioctl, -1, KVM_CREATE_VCPU, HIGH | 3);
}

static void ipc(void) {
  static struct sembuf ops[] = {{0, 1, 0x100}, {1, -1, IPC_NOWAIT | 0x20}};
  static const int commands[] = {IPC_STAT, IPC_SET, IPC_STAT};
  for (int i = 0; i < 3; i++) {
    memset(bytes + 20, 0, i == 2 ? 4 : 0);
    call(shmctl, 1, commands[i], bytes), call(msgctl, 1, commands[i], bytes), call(semctl, 1, 0, commands[i], bytes);
  }
  call(semop, 1, ops, 2), call(msgsnd, 1, bytes, 4, 0x40000000), call(msgrcv, 1, bytes, 4, 0, 6);
}

static void requests(void) {
  static struct iocb c = {.aio_data = 1, .aio_fildes = 3, .aio_nbytes = 5, .aio_flags = IOCB_FLAG_RESFD | IOCB_FLAG_IOPRIO, .aio_reqprio = 3 << 13, .aio_resfd = 7}, *list[] = {&c};
  for (c.aio_lio_opcode = 0; c.aio_lio_opcode < 11; c.aio_lio_opcode++) c.aio_buf = 0, call(io_submit, 1, 1, list), c.aio_buf = (long)WILD, call(io_submit, 1, 1, list), c.aio_nbytes = -94, call(io_submit, 1, 1, list), c.aio_nbytes = 5;
}

static void tracing(void) {
  static const unsigned machines[] = {AUDIT_ARCH_X86_64, AUDIT_ARCH_I386, AUDIT_ARCH_ARM};
  static struct seccomp_notif n = {1, 2, 3, {5}};
  static struct { unsigned char op, pad[3]; unsigned arch; unsigned long ip, sp, nr, args[6]; } stop = {PTRACE_SYSCALL_INFO_ENTRY, .nr = 7};
  for (int i = 0; i < 3; i++) n.data.arch = stop.arch = machines[i], call(ioctl, -1, SECCOMP_IOCTL_NOTIF_RECV, &n), call(ptrace, PTRACE_GET_SYSCALL_INFO, 1, sizeof stop, &stop);
  memset(bytes, 0, 8), call(ptrace, PTRACE_PEEKUSER, 1, 8, bytes), call(ptrace, PTRACE_GETREGSET, 1, -128L, bytes), fill(3);
  call(prctl, PR_SET_SYSCALL_USER_DISPATCH, 2, 2, 3, 0);
}

static void others(void) {
  static struct { void *handler; unsigned long flags; void *restorer; unsigned long mask; } action = {(void *)-197L, SA_RESTART | 0x20000000};
  static struct { unsigned long set, clear, propagation; long userns; } attributes = {0x100000, 0, 0, -9};
  static struct v4l2_ext_control controls[] = {{.id = 0x980a19}, {.id = V4L2_CID_BRIGHTNESS, .value = 3}};
  static struct v4l2_ext_controls list = {{V4L2_CTRL_CLASS_USER}, 2, 7, .controls = controls};
  static struct v4l2_capability can = {"driver", "card", "bus", 0x60100, V4L2_CAP_STREAMING};
  call(rt_sigaction, SIGUSR1, &action, &action, 8), call(mount_setattr, -1, "x", 0, &attributes, 32);
  for (int size = 0; size < 14; size += 2) call(rt_sigpending, bytes, size);
  call(ioctl, -1, VIDIOC_G_EXT_CTRLS, &list), call(ioctl, -1, VIDIOC_S_EXT_CTRLS, &list), call(ioctl, -1, VIDIOC_QUERYCAP, &can), can.capabilities |= V4L2_CAP_DEVICE_CAPS, call(ioctl, -1, VIDIOC_QUERYCAP, &can);
  static struct { unsigned key, in, out, spare[7]; } pkey = {1, 3, 5};
  for (int operation = 24; operation < 29; operation++) call(keyctl, operation, &pkey, "enc=raw", bytes, bytes + 8);
  fill(5), call(io_uring_setup, 4, bytes), memset(bytes, 0, sizeof bytes), call(io_uring_setup, 4, bytes);
  call(fcntl, 1, F_GETFD), call(fcntl, 1, 1033, 1L << 40), call(get_mempolicy, bytes, bytes, 0, 0, 0), call(clone, 0x80000 | SIGCHLD, 0, 0, 0, 0);
  call(ioctl, -1, 0xb703), call(getsockopt, 3, 40, 9, bytes, bytes + 8), call(setsockopt, 3, 40, 9, bytes, 4);
}

/* Whose memory is shown, and what of it came later than strace 6.1. */
static void shown(void) {
  static char zeros[64];
  call(setxattr, "x", "user.a", zeros, 50, 0), call(setxattr, "x", "user.a", zeros, 5, 0), memset(bytes, 255, 4), call(statx, -1, "x", 0, -1, bytes);
  call(adjtimex, bytes), call(set_thread_area, bytes), call(bpf, 0, bytes, 6), call(setsockopt, 3, 17, 104, bytes, 4), call(writev, -1, bytes, 0);
  call(ptrace, PTRACE_GETREGS, 1, 0, bytes), call(ioctl, -1, KDGKBDIACRUC, zeros), call(ioctl, -1, 0x4020940d, bytes);
}

int main(void) {
  fill(1), machines(), fill(2), ipc(), requests(), tracing(), others(), shown();
  return 0;
}
