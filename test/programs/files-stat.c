/* What files and file systems are. */
#include "calls.h"
#include <fcntl.h>
#include <linux/stat.h>
#include <stdlib.h>
#include <string.h>

static long st[100];
static struct statx sx;

static const char *const files[] = {"/dev/null", "/", "/etc/passwd", "/proc/self/exe", "/nope/none", "", "/usr/bin/su", "/tmp", "/dev/vda", "/proc/self/fd/0", "/sys/kernel"};

static void stats(void) {
  for (unsigned i = 0; i < sizeof files / sizeof *files; i++) {
#ifdef SYS_stat
    call(stat, files[i], st), call(lstat, files[i], st);
#endif
    call(newfstatat, AT_FDCWD, files[i], st, 0), call(newfstatat, AT_FDCWD, files[i], st, AT_SYMLINK_NOFOLLOW);
  }
#ifdef SYS_stat
  call(stat, 0, st), call(stat, WILD, WILD), call(stat, "/", 0), call(stat, "/", WILD), call(lstat, "/", 0), call(lstat, 0, WILD);
#endif
  call(fstat, 0, 0), call(fstat, 99, st), call(fstat, HIGH | 1, WILD), call(fstat, -1, st);
  int fd = open("/etc/passwd", O_RDONLY);
  call(fstat, fd, st), call(newfstatat, fd, "", st, AT_EMPTY_PATH), call(newfstatat, fd, "x", st, -1), call(newfstatat, 99, 0, 0, HIGH | 3), call(newfstatat, -100, WILD, WILD, AT_NO_AUTOMOUNT | AT_REMOVEDIR | AT_RECURSIVE | 0x6000), call(newfstatat, -1, "", st, 0x6000);
  int p[2];
  pipe(p), call(fstat, p[0], st), call(close, p[0]), call(close, p[1]);
  call(statx, AT_FDCWD, "/etc/passwd", AT_STATX_SYNC_AS_STAT, STATX_ALL, &sx), call(statx, AT_FDCWD, "/dev/null", AT_SYMLINK_NOFOLLOW | AT_STATX_DONT_SYNC, STATX_BASIC_STATS | STATX_MNT_ID, &sx), call(statx, fd, "", AT_EMPTY_PATH | AT_STATX_FORCE_SYNC, STATX_TYPE | STATX_MODE, &sx), call(statx, fd, "", AT_EMPTY_PATH, 0, &sx);
  call(statx, -1, 0, 0x6000, 0x80003fff, 0), call(statx, AT_FDCWD, "/", 0, STATX_SIZE, 0), call(statx, AT_FDCWD, "/nope/none", HIGH | 0x8000, HIGH | 0x800000, WILD), call(statx, AT_FDCWD, "/", 0x80000001, 0x80000000, &sx), call(statx, AT_FDCWD, WILD, AT_NO_AUTOMOUNT, 0x1000, WILD), call(statx, AT_FDCWD, "/", 0, STATX_INO | STATX_BTIME | STATX_NLINK, WILD), call(statx, AT_FDCWD, "/", 0, 0xfff, WILD);
  call(statx, AT_FDCWD, "/usr/bin/su", AT_STATX_DONT_SYNC, 0x1fff, &sx), call(statx, AT_FDCWD, "/proc", 0, 0x7ff, &sx), call(statx, AT_FDCWD, "/", 0x100, 0xfff, &sx);
}

static void filesystems(void) {
  static const char *const roots[] = {"/", "/proc", "/dev", "/sys", "/dev/shm", "/dev/pts", "/nope/none", "/sys/fs/cgroup", "/proc/self/ns/net"};
  for (unsigned i = 0; i < sizeof roots / sizeof *roots; i++) call(statfs, roots[i], st);
  call(statfs, 0, 0), call(statfs, "/", WILD), call(statfs, WILD, st), call(statfs, "/proc", 0);
  int fd = open("/proc", O_RDONLY);
  call(fstatfs, fd, st), call(fstatfs, -1, st), call(fstatfs, fd, 0), call(fstatfs, HIGH | 99, WILD);
#ifdef SYS_ustat
  call(ustat, 0, st), call(ustat, 0x801, WILD), call(ustat, -1, 0), call(ustat, HIGH | 0x12345678, st);
  call(sysfs, 1, "ext4"), call(sysfs, 2, 1, st), call(sysfs, 3), call(sysfs, 9, WILD, 1), call(sysfs, 1, WILD), call(sysfs, 2, 99, WILD);
#endif
  call(close, fd);
}

static void directories(void) {
  char buf[400];
  int fd = open("/proc/self/task", O_RDONLY | O_DIRECTORY), empty = open("/proc/self/fdinfo", O_RDONLY | O_DIRECTORY);
  call(getdents64, fd, buf, 24), call(getdents64, fd, buf, sizeof buf), call(getdents64, fd, buf, sizeof buf), call(getdents64, fd, buf, 10), call(getdents64, fd, 0, sizeof buf), call(getdents64, 99, buf, 400), call(getdents64, fd, WILD, HIGH | 32);
  call(lseek, fd, 0, 0), call(getdents64, fd, WILD, 4096), call(getdents64, empty, buf, 50), call(getdents64, empty, buf, 100), call(getdents64, 0, buf, 100);
#ifdef SYS_getdents
  call(lseek, fd, 0, 0), call(getdents, fd, buf, sizeof buf), call(getdents, fd, buf, sizeof buf), call(getdents, fd, 0, 1), call(getdents, -1, buf, HIGH | 99), call(lseek, fd, 0, 0), call(getdents, fd, WILD, -1), call(getdents, fd, buf, 23);
#endif
  call(lseek, empty, 0, 0), call(close, fd), call(close, empty);
}

static void working(void) {
  char buf[4096];
  call(getcwd, buf, sizeof buf), call(getcwd, buf, 3), call(getcwd, 0, 100), call(getcwd, WILD, 4096), call(chdir, "/etc"), call(getcwd, buf, 5), call(getcwd, buf, 4), call(getcwd, buf, -1);
  call(chdir, "/nope/none"), call(chdir, 0), call(chdir, WILD), call(fchdir, 0), call(fchdir, -1), call(fchdir, HIGH | 99), call(chroot, "/nope/none"), call(chroot, 0), call(chroot, WILD), call(chroot, "/");
  call(readlinkat, AT_FDCWD, "/proc/self/cwd", buf, 100), call(readlinkat, AT_FDCWD, "/proc/self/cwd", buf, 3), call(readlinkat, AT_FDCWD, "/proc/self/cwd", WILD, 30), call(readlinkat, 99, "x", buf, -1), call(readlinkat, -1, 0, 0, HIGH), call(readlinkat, AT_FDCWD, "/etc/passwd", buf, 9);
#ifdef SYS_readlink
  call(readlink, "/proc/self/cwd", buf, 4096), call(readlink, "/proc/self/cwd", buf, 2), call(readlink, 0, 0, 0), call(readlink, WILD, WILD, -1), call(readlink, "/bin", buf, 99), call(readlink, "/nope", buf, HIGH | 5);
#endif
}

int main(void) {
  chdir("/");
  setenv("TZ", "UTC", 1);
  stats();
  filesystems();
  directories();
  working();
  return 0;
}
