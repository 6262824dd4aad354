/* Lengths, counts and vectors that no program means, with memory behind them that does not end soon. */
#include "../calls.h"
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>

static const unsigned long lengths[] = {1UL << 63, ~0UL, 1UL << 62, 0x7fffffffUL, 0x80000000UL, 0xffffffffUL, 1UL << 32, 100000000UL};

int main(void) {
  /* 64 MB without a NUL, in which every word is a pointer into it. */
  unsigned long size = 64UL << 20;
  char *map = mmap(0, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  memset(map, 'x', size);
  long now[2] = {0, 0};
  char *none = mmap(0, 1 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  call(openat, AT_FDCWD, map, O_RDONLY, 0), call(chdir, map), call(readlink, map, map, 10);
  call(setxattr, map, map, map, 1UL << 63, 0), call(memfd_create, map, 0), call(mount, map, map, map, 0, map);
  for (unsigned i = 0; i < sizeof lengths / sizeof *lengths; i++) {
    unsigned long n = lengths[i];
    call(write, -1, map, n), call(read, -1, map, n), call(pwrite64, -1, map, n, n);
    call(writev, -1, map, n), call(readv, -1, map, n), call(preadv, -1, map, n, n, n), call(vmsplice, -1, map, n, 0);
    call(poll, map, n, 0), call(select, n, none, none, none, now), call(epoll_wait, -1, map, n, 0), call(pselect6, n, none, none, none, now, map);
    call(sendto, -1, map, n, 0, map, n), call(recvfrom, -1, map, n, 0, map, map), call(connect, -1, map, n), call(bind, -1, map, n);
    call(sendmmsg, -1, map, n, 0), call(recvmmsg, -1, map, n, 0, map), call(setsockopt, -1, SOL_SOCKET, SO_PEERCRED, map, n);
    call(getdents64, -1, map, n), call(getgroups, n, 0), call(setgroups, 0x7fffffff & n | 0x100000, map), call(rt_sigprocmask, 0, map, 0, n);
    call(sched_setaffinity, -1, n, map), call(process_vm_readv, -1, map, n, map, n, 0), call(move_pages, -1, n, map, map, map, 0x10);
    call(getcwd, map, n & 1), call(add_key, map, map, map, n, -1), call(semop, -1, map, n), call(msgsnd, -1, map, n, 0);
    struct msghdr header = {.msg_name = map, .msg_namelen = n, .msg_iov = (void *)map, .msg_iovlen = n, .msg_control = map, .msg_controllen = n};
    call(sendmsg, -1, &header, 0), call(recvmsg, -1, &header, 0);
    struct iovec vector = {map, n};
    call(writev, -1, &vector, 1), call(writev, -1, &vector, 1024);
    struct { unsigned long length; int level, type; } control = {n, SOL_SOCKET, SCM_RIGHTS};
    header.msg_control = &control, header.msg_controllen = sizeof control, header.msg_iov = &vector, header.msg_iovlen = 1, header.msg_namelen = 0;
    call(sendmsg, -1, &header, 0);
  }
  /* Vectors of strings that do not end. */
  unsigned long *words = (unsigned long *)map;
  for (unsigned long i = 0; i < size / 8; i++) words[i] = (unsigned long)map;
  call(execve, "/nowhere", map, map), call(execveat, -1, "nowhere", map, map, 0);
  for (unsigned long i = 0; i < size / 8; i++) words[i] = (unsigned long)(words + i);
  call(execve, "/nowhere", map, map), call(writev, -1, map, 1024), call(sendmmsg, -1, map, 1024, 0);
  return 0;
}
