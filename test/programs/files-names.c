/* Making, renaming, linking and removing names. */
#include "calls.h"
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#define DIR "/tmp/sysglass.files-names"

static void directories(void) {
#ifdef SYS_mkdir
  call(mkdir, "d", 0755), call(mkdir, "d", 01777), call(mkdir, 0, 0), call(mkdir, WILD, HIGH | 0177777), call(mkdir, "/nope/none", 7), call(rmdir, "d"), call(rmdir, "d"), call(rmdir, 0), call(rmdir, WILD);
#endif
  call(mkdirat, AT_FDCWD, "d", 0700), call(mkdirat, 99, "x", 0), call(mkdirat, -1, 0, 077), call(mkdirat, 1, WILD, -1), call(mkdirat, AT_FDCWD, "e", 02775);
}

static void nodes(void) {
#ifdef SYS_mknod
  call(mknod, "r", S_IFREG | 0644, 0), call(mknod, "p", S_IFIFO | 0600, 0x123), call(mknod, "c", S_IFCHR | 0666, 0x103), call(mknod, "b", S_IFBLK | 01755, HIGH | 0x12345678), call(mknod, "s", S_IFSOCK | 06755, 0), call(mknod, "x", 04755, 5), call(mknod, "x", 0174755, 5), call(mknod, "x", 0134755, 5), call(mknod, "y", 0170000, 5), call(mknod, "z", S_IFDIR | 0755, 5), call(mknod, 0, 0, 0), call(mknod, WILD, -1, -1), call(mknod, "l", S_IFLNK | 0777, 0), call(mknod, "w", S_IFCHR, 0), call(mknod, "/nope/none", 0x10000 | S_IFCHR, HIGH | 1);
#endif
  call(mknodat, AT_FDCWD, "p2", S_IFIFO | 0600, 0), call(mknodat, 99, "c2", S_IFCHR | 0666, 0x103), call(mknodat, -1, 0, 0, 0), call(mknodat, AT_FDCWD, WILD, S_IFBLK | 1, 0xfff00fff), call(mknodat, AT_FDCWD, "r2", 0644, 0);
}

static void links(void) {
#ifdef SYS_link
  call(link, "p2", "l1"), call(link, 0, 0), call(link, WILD, "l"), call(link, "nope", WILD), call(symlink, "nowhere/\n", "s1"), call(symlink, 0, 0), call(symlink, WILD, WILD), call(symlink, "", "x"), call(unlink, "l1"), call(unlink, "l1"), call(unlink, 0), call(unlink, WILD);
  call(rename, "p2", "p3"), call(rename, 0, WILD), call(rename, "nope", "none"), call(renameat, AT_FDCWD, "p3", AT_FDCWD, "p2");
#endif
  call(linkat, AT_FDCWD, "p2", AT_FDCWD, "l2", 0), call(linkat, 99, "a", -1, "b", AT_SYMLINK_FOLLOW | AT_EMPTY_PATH), call(linkat, -1, 0, 98, 0, HIGH | 0x80000001), call(linkat, AT_FDCWD, WILD, AT_FDCWD, WILD, 0x1000);
  call(symlinkat, "target", AT_FDCWD, "s2"), call(symlinkat, 0, 99, 0), call(symlinkat, WILD, -1, WILD), call(symlinkat, "target", AT_FDCWD, "s2");
#ifdef SYS_renameat
  call(renameat, -1, 0, 99, 0), call(renameat, AT_FDCWD, WILD, AT_FDCWD, WILD);
#endif
  call(renameat2, AT_FDCWD, "s2", AT_FDCWD, "s3", 0), call(renameat2, AT_FDCWD, "s3", AT_FDCWD, "d", 2), call(renameat2, AT_FDCWD, "d", AT_FDCWD, "s3", 2), call(renameat2, -1, 0, 99, 0, 7), call(renameat2, AT_FDCWD, "nope", 5, WILD, HIGH | 8), call(renameat2, AT_FDCWD, "nope", 5, "", 0x19);
  call(unlinkat, AT_FDCWD, "l2", 0), call(unlinkat, AT_FDCWD, "e", AT_REMOVEDIR), call(unlinkat, 99, "x", AT_REMOVEDIR | 0x80000000), call(unlinkat, -1, 0, HIGH | 1), call(unlinkat, AT_FDCWD, WILD, 0xffff);
}

static void lengths(void) {
  int fd = open("f", O_RDWR | O_CREAT, 0600);
  call(truncate, "f", 5), call(truncate, "f", -1), call(truncate, 0, 0), call(truncate, WILD, 0x123456789abcdef), call(ftruncate, fd, 100), call(ftruncate, -1, -5), call(ftruncate, HIGH | 99, 0x7fffffffffffffff), call(ftruncate, 0, 0);
  call(fallocate, fd, 0, 0, 4096), call(fallocate, fd, 1, 0, 100), call(fallocate, fd, 3, 10, 20), call(fallocate, 99, HIGH | 0x7f, -1, 0x123456789), call(fallocate, -1, 0x80000100, 0, -1), call(fallocate, fd, 0x80000000, 5, 6);
  call(fadvise64, fd, 0, 0, 0), call(fadvise64, fd, 5, 4096, 4), call(fadvise64, -1, -1, -1, HIGH | 9), call(fadvise64, 99, 0x123456789, 0x123456789, 5), call(readahead, fd, 0, 4096), call(readahead, 99, -1, -1), call(readahead, HIGH, 0x7fffffffffff, 0x7fffffffffff);
  call(fsync, fd), call(fsync, -1), call(fdatasync, fd), call(fdatasync, HIGH | 99), call(syncfs, fd), call(syncfs, -1), call(sync_file_range, fd, 0, 0, 7), call(sync_file_range, 99, -1, 0x123456789, 0), call(sync_file_range, -1, 5, -5, HIGH | 0x88), call(sync_file_range, fd, 0, 100, 0x80000000);
  call(umask, 022), call(umask, 0), call(umask, HIGH | 0177777), call(umask, 07777), call(umask, 022), call(umask, 1);
  call(close, fd);
}

int main(void) {
  mkdir(DIR, 0755), chdir(DIR), umask(022);
  directories();
  nodes();
  links();
  lengths();
  static const char *const left[] = {"r", "p", "c", "b", "s", "x", "w", "p2", "r2", "s1", "s3", "f"};
  for (unsigned i = 0; i < sizeof left / sizeof *left; i++) call(unlinkat, AT_FDCWD, left[i], 0);
  rmdir("d"), chdir("/"), rmdir(DIR);
  return 0;
}
