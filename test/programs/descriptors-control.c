/* fcntl with all its commands, and locks. */
#include "calls.h"
#include <fcntl.h>

#include <sys/file.h>

#define NAME "/tmp/sysglass.descriptors-control"


int main(void) {
  /* Numbers of descriptors are to be the same whoever starts this. */
  close_range(3, -1, 0);
  int fd = open(NAME, O_RDWR | O_CREAT, 0600), memory = call(memfd_create, "name", 2), pipes[2];
  pipe(pipes);
  call(memfd_create, "both", 3), call(memfd_create, 0, 0), call(memfd_create, WILD, 8 << 2), call(memfd_create, "a rather long name that goes over the limit of strings", HIGH | 0x80000020), call(memfd_create, "huge", 4 | 21 << 26), call(memfd_create, "huge", 21 << 26), call(memfd_create, "huge", 4 | 30u << 26), call(memfd_create, "huge", 5 | 63u << 26), call(memfd_create, "x\n\1", 0), call(close, 9), call(close, 8), call(close, 7);
  call(fcntl, fd, F_DUPFD, 30), call(fcntl, fd, F_DUPFD_CLOEXEC, 31), call(fcntl, fd, F_DUPFD, -1), call(fcntl, 99, F_DUPFD, 0), call(fcntl, 30, F_GETFD), call(fcntl, 31, F_GETFD), call(fcntl, 30, F_SETFD, FD_CLOEXEC), call(fcntl, 30, F_SETFD, 0), call(fcntl, 30, F_SETFD, HIGH | 6), call(fcntl, 30, F_SETFD, 3), call(fcntl, -1, F_GETFD, 5), call(close, 30), call(close, 31);
  call(fcntl, fd, F_GETFL), call(fcntl, pipes[0], F_GETFL), call(fcntl, pipes[1], F_GETFL), call(fcntl, fd, F_SETFL, O_RDWR | O_APPEND | O_NONBLOCK), call(fcntl, fd, F_GETFL), call(fcntl, fd, F_SETFL, 0), call(fcntl, 99, F_SETFL, ~0x4000000), call(fcntl, -1, F_GETFL), call(fcntl, HIGH | 99, F_SETFL, HIGH | 0x40000003);
  struct flock l = {F_WRLCK, SEEK_SET, 10, 20, 0}, g = {F_RDLCK, SEEK_SET, 0, 0, 7};
  call(fcntl, fd, F_SETLK, &l), call(fcntl, fd, F_GETLK, &g), g.l_type = 9, g.l_whence = 17, g.l_start = -1, g.l_len = 0x7fffffffffffffff, call(fcntl, fd, F_GETLK, &g), call(fcntl, 99, F_GETLK, &g), l.l_type = F_UNLCK, l.l_whence = SEEK_END, l.l_start = -5, l.l_len = 0, call(fcntl, fd, F_SETLKW, &l), call(fcntl, fd, F_SETLK, &g), call(fcntl, fd, F_SETLK, 0), call(fcntl, fd, F_SETLKW, WILD), call(fcntl, fd, F_GETLK, 0), call(fcntl, fd, F_GETLK, WILD);
  l = (struct flock){F_UNLCK, SEEK_SET, 0, 0, 0}, call(fcntl, fd, F_SETLK, &l), l.l_type = F_WRLCK, g = l, call(fcntl, fd, F_OFD_SETLK, &l), call(fcntl, fd, F_OFD_GETLK, &g), l.l_pid = 5, call(fcntl, fd, F_OFD_SETLKW, &l), call(fcntl, 99, F_OFD_GETLK, WILD), call(fcntl, fd, F_OFD_SETLK, 0);
  l = (struct flock){F_EXLCK, SEEK_CUR, 1, 2, -1}, call(fcntl, 99, F_SETLK, &l);
  int other = open(NAME, O_RDWR);
  l = (struct flock){F_RDLCK, SEEK_SET, 5, 5, 0}, call(fcntl, other, F_OFD_GETLK, &l), call(fcntl, other, F_GETLK, &l), call(close, other);
  struct f_owner_ex owner = {2, 0};
  call(fcntl, fd, F_SETOWN, 0), call(fcntl, fd, F_GETOWN), call(fcntl, fd, F_SETOWN, 99999999), call(fcntl, fd, F_SETOWN, HIGH | 5), call(fcntl, fd, F_SETSIG, HIGH | 2), call(fcntl, fd, F_DUPFD, HIGH | 0x7fffffff), call(fcntl, fd, F_SETOWN, -99999999), call(fcntl, fd, F_GETOWN_EX, &owner), owner.type = 1, owner.pid = 99999999, call(fcntl, fd, F_SETOWN_EX, &owner), owner.type = 5, owner.pid = -3, call(fcntl, fd, F_SETOWN_EX, &owner), call(fcntl, fd, F_SETOWN_EX, 0), call(fcntl, 99, F_GETOWN_EX, WILD), call(fcntl, fd, F_SETOWN_EX, WILD), call(fcntl, fd, F_GETOWN_EX, 0), owner.type = 0, call(fcntl, 99, F_SETOWN_EX, &owner);
  unsigned uids[2];
  call(fcntl, fd, F_SETSIG, 10), call(fcntl, fd, F_GETSIG), call(fcntl, fd, F_SETSIG, 0), call(fcntl, fd, F_GETSIG), call(fcntl, fd, F_SETSIG, 99), call(fcntl, fd, F_SETSIG, 40), call(fcntl, fd, F_GETSIG), call(fcntl, fd, 17, uids), call(fcntl, fd, 17, 0), call(fcntl, 99, 17, WILD), call(fcntl, fd, F_SETSIG, -1);
  call(fcntl, fd, F_SETLEASE, F_UNLCK), call(fcntl, fd, F_GETLEASE), call(fcntl, fd, F_SETLEASE, F_RDLCK), call(fcntl, fd, F_SETLEASE, 9), call(fcntl, fd, F_SETLEASE, -1), call(fcntl, fd, F_NOTIFY, DN_CREATE | DN_MULTISHOT), call(fcntl, fd, F_NOTIFY, 0), call(fcntl, fd, F_NOTIFY, 0x100 | DN_RENAME), call(fcntl, 99, F_NOTIFY, HIGH | 0x7fffff00);
  call(fcntl, pipes[0], F_GETPIPE_SZ), call(fcntl, pipes[0], F_SETPIPE_SZ, 8192), call(fcntl, pipes[0], F_SETPIPE_SZ, -1), call(fcntl, fd, F_GETPIPE_SZ), call(fcntl, fd, F_SETPIPE_SZ, HIGH | 0x80000000);
  call(fcntl, memory, F_GET_SEALS), call(fcntl, memory, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW), call(fcntl, memory, F_GET_SEALS), call(fcntl, memory, F_ADD_SEALS, 0), call(fcntl, memory, F_ADD_SEALS, 0x80000040), call(fcntl, fd, F_GET_SEALS), call(fcntl, fd, F_ADD_SEALS, 0x1f);
  int more = call(memfd_create, "m", 2);
  call(fcntl, more, F_ADD_SEALS, 0x20), call(fcntl, more, F_GET_SEALS), call(close, more);
  call(fcntl, fd, 1029, 5), call(fcntl, fd, 77, 5), call(fcntl, 99, HIGH | 0x80000000, -1), call(fcntl, fd, 12, &l), call(fcntl, fd, 13, WILD), call(fcntl, fd, 14, 0);
  call(flock, fd, LOCK_SH), call(flock, fd, LOCK_EX | LOCK_NB), call(flock, fd, LOCK_UN), call(flock, -1, 0), call(flock, 99, HIGH | 0x80000010), call(flock, fd, 0xff), call(flock, fd, 0x60);
  call(close, fd), call(close, memory);
  unlink(NAME);
  return 0;
}
