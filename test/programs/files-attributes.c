/* Modes, owners, times and extended attributes. */
#include "calls.h"
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/xattr.h>
#include <utime.h>

#define NAME "/tmp/sysglass.files-attributes"
static int fd;

static void modes(void) {
#ifdef SYS_chmod
  call(chmod, NAME, 0600), call(chmod, NAME, HIGH | 0107644), call(chmod, 0, 0), call(chmod, WILD, -1);
#endif
  call(fchmod, fd, 0644), call(fchmod, -1, 07777), call(fchmod, HIGH | 99, S_IFDIR), call(fchmodat, AT_FDCWD, NAME, 0640), call(fchmodat, 99, "x", 0), call(fchmodat, -1, 0, 01), call(fchmodat, AT_FDCWD, WILD, HIGH | 0177777);
#ifdef SYS_chown
  call(chown, NAME, 0, 0), call(chown, NAME, -1, -1), call(chown, 0, 1, 2), call(chown, WILD, HIGH | 5, -2), call(lchown, NAME, 0, -1), call(lchown, 0, 0, 0), call(lchown, WILD, 65534, 65535);
#endif
  call(fchown, fd, -1, 0), call(fchown, 99, 0x7fffffff, 0x80000000), call(fchownat, AT_FDCWD, NAME, 0, 0, AT_SYMLINK_NOFOLLOW), call(fchownat, fd, "", -1, -1, AT_EMPTY_PATH), call(fchownat, 99, 0, 1, 2, 0), call(fchownat, -1, WILD, 1, 2, HIGH | 0x80000001);
}

static void times(void) {
  struct timespec ts[2] = {{1700000000, 123456789}, {1700000001, 0}};
  struct timeval tv[2] = {{1700000000, 123456}, {1700000001, 5}};
  struct utimbuf ub = {1700000000, 1600000000};
#ifdef SYS_utime
  call(utime, NAME, &ub), call(utime, NAME, 0), call(utime, 0, &ub), call(utime, WILD, WILD), ub.actime = -1, ub.modtime = 0, call(utime, NAME, &ub), call(utime, "/nope", &ub);
  call(utimes, NAME, tv), call(utimes, NAME, 0), call(utimes, 0, tv), call(utimes, NAME, WILD), call(futimesat, AT_FDCWD, NAME, tv), call(futimesat, fd, 0, tv), call(futimesat, 99, "x", 0), call(futimesat, -1, WILD, WILD);
  tv[0].tv_usec = -1, tv[1].tv_sec = -1, tv[1].tv_usec = 1000000, call(utimes, NAME, tv), call(futimesat, 99, "x", tv);
#endif
  call(utimensat, AT_FDCWD, NAME, ts, 0), call(utimensat, fd, 0, ts, 0), call(utimensat, AT_FDCWD, NAME, 0, AT_SYMLINK_NOFOLLOW), call(utimensat, 99, WILD, WILD, HIGH | 0x80000000), call(utimensat, -1, "x", 0, 0x80001100);
  ts[0].tv_nsec = UTIME_NOW, ts[1].tv_nsec = UTIME_OMIT, call(utimensat, AT_FDCWD, NAME, ts, 0);
  ts[0].tv_nsec = UTIME_OMIT, ts[1].tv_nsec = UTIME_NOW, ts[0].tv_sec = -1, ts[1].tv_sec = 0x7fffffffffffffff, call(utimensat, AT_FDCWD, NAME, ts, 0);
  ts[0].tv_nsec = -1, ts[1].tv_nsec = 0, call(utimensat, AT_FDCWD, NAME, ts, 0), ts[0].tv_nsec = 0, ts[0].tv_sec = 0, ts[1].tv_sec = -5, call(utimensat, AT_FDCWD, NAME, ts, 0);
  ts[0].tv_sec = 253402300800, ts[0].tv_nsec = 1, ts[1].tv_sec = -62135596801, ts[1].tv_nsec = 999999999, call(utimensat, AT_FDCWD, NAME, ts, 0);
  ts[0].tv_sec = 67768036191676799, ts[0].tv_nsec = 5, ts[1].tv_sec = -67768040609740800, call(utimensat, 99, "x", ts, 0), ts[0].tv_sec++, ts[1].tv_sec--, call(utimensat, 99, "x", ts, 0);
  ts[0].tv_sec = 1234567890, ts[0].tv_nsec = 1000000000, ts[1].tv_sec = 0, ts[1].tv_nsec = 5, call(utimensat, 99, "x", ts, 0);
}

static void xattrs(void) {
  char buf[300];
  memset(buf, 'v', sizeof buf);
  call(setxattr, NAME, "user.a", "value\0\n", 7, 0), call(setxattr, NAME, "user.b", 0, 0, XATTR_CREATE), call(setxattr, NAME, "user.c", buf, 250, 0), call(setxattr, NAME, "user.a", WILD, 5, XATTR_REPLACE), call(setxattr, 0, 0, 0, 5, 3), call(setxattr, WILD, WILD, WILD, -1, HIGH | 8), call(setxattr, NAME, "user.a", "x", 0, 0), call(lsetxattr, NAME, "user.d", "lval", 4, XATTR_CREATE), call(lsetxattr, "/nope", "bad", "lval", 40000000, 0x80000004), call(fsetxattr, fd, "user.e", "fval", 4, 0), call(fsetxattr, -1, 0, 0, 0, -1);
  call(getxattr, NAME, "user.c", buf, sizeof buf), call(getxattr, NAME, "user.d", buf, 2), call(getxattr, NAME, "user.d", 0, 0), call(getxattr, NAME, "user.nope", buf, sizeof buf), call(getxattr, NAME, "user.d", buf, 4), call(getxattr, NAME, "user.d", WILD, 4), call(getxattr, 0, WILD, 0, 5), call(getxattr, NAME, "user.c", 0, 10), call(getxattr, NAME, "user.c", WILD, 0), call(lgetxattr, NAME, "user.d", buf, -1), call(lgetxattr, NAME, "security.capability", buf, 0), call(fgetxattr, fd, "user.e", buf, 10), call(fgetxattr, HIGH | 99, 0, WILD, 10), call(lgetxattr, WILD, 0, WILD, 10);
  call(listxattr, NAME, buf, sizeof buf), call(listxattr, NAME, buf, 5), call(listxattr, NAME, 0, 0), call(listxattr, NAME, buf, 0), call(listxattr, 0, 0, 5), call(listxattr, NAME, WILD, 100), call(llistxattr, NAME, buf, 35), call(llistxattr, WILD, WILD, -1), call(flistxattr, fd, buf, 100), call(flistxattr, -1, buf, 100), call(flistxattr, fd, 0, 100), call(listxattr, "/proc", buf, 100);
  call(removexattr, NAME, "user.a"), call(removexattr, NAME, "user.a"), call(removexattr, 0, 0), call(removexattr, WILD, WILD), call(lremovexattr, NAME, "user.b"), call(lremovexattr, WILD, 0), call(fremovexattr, fd, "user.c"), call(fremovexattr, -1, ""), call(fremovexattr, fd, "user.d"), call(fremovexattr, fd, "user.e"), call(listxattr, NAME, buf, 100);
}

int main(void) {
  fd = open(NAME, O_RDWR | O_CREAT, 0600);
  modes();
  times();
  xattrs();
  unlink(NAME);
  return 0;
}
