/* Mounting, the mount API of descriptors, quotas, file handles. Nothing is mounted where others see it. */
#include "calls.h"
#include <fcntl.h>
#include <linux/dqblk_xfs.h>
#include <linux/mount.h>
#include <linux/quota.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/mount.h>

#define AT "/tmp/sysglass.files-mounts"
#undef MS_REMOUNT

static void classic(void) {
  call(mount, "none", AT, "tmpfs", 0, "size=64k,mode=0700"), call(mount, "none", AT, "tmpfs", 0xc0ed0000 | 32 | 1, "ro"), call(mount, "/etc", AT, 0, 4096, 0), call(mount, 0, AT, 0, 4096 | 32 | 1 | 2, 0), call(umount2, AT, 0), call(mount, AT, AT, 0, 8192, 0), call(mount, "", AT, "", 0x40000 | 16384, "");
  call(mount, 0, 0, 0, 0, 0), call(mount, WILD, WILD, WILD, WILD, WILD), call(mount, "a\n", "b\"", "c", 0x27fffffff, WILD), call(mount, "a", "b", "c", 0x1fff0ffffffff, "d"), call(mount, "a", "b", "c", 0xc0ed0000, "opts=\1\2\3"), call(mount, "none", "/nope/none", "nosuchfs", 0x100000, "x"), call(mount, "a", "b", "c", 0x1000, "data"), call(mount, "a", "b", "c", 0x1020, WILD), call(mount, "a", "b", "c", 0x20, 0), call(mount, "a", "b", "c", 0x4000, "data"), call(mount, 0, "b", WILD, 0x20000, 0), call(mount, WILD, "b", "c", 0x2000, WILD), call(mount, "a", "b", "c", 0xc0ee0000, 0), call(mount, "a", "b", "c", 0x1c0ed0001, 0);
  call(umount2, AT, MNT_DETACH), call(umount2, AT, HIGH | 0x10), call(umount2, 0, 15), call(umount2, WILD, -1), call(umount2, "/nope/none", UMOUNT_NOFOLLOW | MNT_EXPIRE | MNT_FORCE | 0x100), call(umount2, AT, 0);
  call(pivot_root, "/nope", "/none"), call(pivot_root, 0, WILD), call(swapon, "/nope/none", 0), call(swapon, 0, 0x8005), call(swapon, WILD, HIGH | 0x7f0000), call(swapon, "/nope", 0x8000 | 0x10000 | 0x20000), call(swapoff, "/nope/none"), call(swapoff, 0), call(swapoff, WILD);
}

static void descriptors(void) {
  int fs = call(fsopen, "tmpfs", 1);
  call(fsopen, "nosuchfs", 0), call(fsopen, 0, 2), call(fsopen, WILD, HIGH | 3);
  call(fsconfig, fs, FSCONFIG_SET_STRING, "size", "64k", 0), call(fsconfig, fs, FSCONFIG_SET_FLAG, "ro", 0, 0), call(fsconfig, fs, FSCONFIG_SET_FLAG, "ro", "x", 5), call(fsconfig, fs, FSCONFIG_SET_BINARY, "b", "bin\0ary", 7), call(fsconfig, fs, FSCONFIG_SET_BINARY, "b", WILD, 7), call(fsconfig, fs, FSCONFIG_SET_BINARY, "b", "x", -1), call(fsconfig, fs, FSCONFIG_SET_PATH, "p", "/etc", AT_FDCWD), call(fsconfig, fs, FSCONFIG_SET_PATH_EMPTY, "p", "", 3), call(fsconfig, fs, FSCONFIG_SET_FD, "f", 0, 1), call(fsconfig, fs, FSCONFIG_SET_FD, WILD, WILD, -1);
  call(fsconfig, -1, 9, 0, 0, 0), call(fsconfig, 99, HIGH | 6, WILD, WILD, 5), call(fsconfig, fs, 0x80000000, WILD, WILD, -1), call(fsconfig, fs, FSCONFIG_SET_STRING, 0, 0, -1), call(fsconfig, fs, FSCONFIG_SET_STRING, WILD, WILD, 3), call(fsconfig, fs, FSCONFIG_CMD_RECONFIGURE, "key", "value", 5), call(fsconfig, fs, FSCONFIG_SET_PATH, WILD, WILD, -1), call(fsconfig, fs, 0x7fffffff, 0, 0, 0);
  static char name[300];
  for (int length = 254; length < 259; length++) memset(name, 'n', 299), name[length] = 0, call(fsconfig, fs, FSCONFIG_SET_STRING, name, name, 0), call(fsconfig, fs, FSCONFIG_SET_PATH, name, name, -1);
  call(fsconfig, fs, FSCONFIG_CMD_CREATE, 0, 0, 0);
  int mnt = call(fsmount, fs, FSMOUNT_CLOEXEC, MOUNT_ATTR_NOEXEC | MOUNT_ATTR_NOSUID);
  call(fsmount, -1, 0, 0), call(fsmount, 99, HIGH | 4, 0x3f | MOUNT_ATTR_NODIRATIME), call(fsmount, 99, 0, 0x10), call(fsmount, 99, 0, 0x20), call(fsmount, 99, 1, 0x70), call(fsmount, 99, 1, 0xff000000), call(fsmount, 99, 0, 0x200000), call(fsmount, 99, 0, 0x200001);
  call(move_mount, mnt, "", AT_FDCWD, AT, MOVE_MOUNT_F_EMPTY_PATH), call(move_mount, -1, 0, 99, WILD, 0xfffffdff), call(move_mount, -100, "a", -100, "b", HIGH | 0x80), call(move_mount, 0, "a", 1, "b", 0x177);
  int picked = call(fspick, AT_FDCWD, AT, FSPICK_CLOEXEC | FSPICK_NO_AUTOMOUNT);
  call(fspick, 99, 0, 0x1f), call(fspick, -1, WILD, HIGH | 0x10), call(fspick, fs, "", 8);
  int tree = call(open_tree, AT_FDCWD, AT, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);
  call(open_tree, 99, 0, 0), call(open_tree, -1, WILD, -3), call(open_tree, fs, "x", HIGH | 0x80), call(open_tree, fs, "", AT_EMPTY_PATH | AT_NO_AUTOMOUNT | AT_SYMLINK_NOFOLLOW);
  struct { struct mount_attr a; char more[16]; } m = {.a = {.attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NODEV, .attr_clr = MOUNT_ATTR__ATIME, .propagation = MS_PRIVATE}};
  call(mount_setattr, AT_FDCWD, AT, 0, &m, sizeof m.a), call(mount_setattr, tree, "", AT_EMPTY_PATH | AT_RECURSIVE, &m, sizeof m), call(mount_setattr, 99, AT, HIGH | 0x80, &m, 16), call(mount_setattr, -1, 0, -1, 0, sizeof m.a), call(mount_setattr, -1, WILD, 0, WILD, 32);
  m.more[3] = 5, m.a.attr_set = 0x100000 | 0x1000000000, m.a.attr_clr = 0x8000, m.a.propagation = 0x5, m.a.userns_fd = 3;
  call(mount_setattr, 99, AT, 0, &m, sizeof m), call(mount_setattr, 99, AT, 0, &m, sizeof m.a), m.a.userns_fd = 0xfffffffff, m.a.propagation = MS_SLAVE | MS_SHARED, m.a.attr_set = 0x20, m.a.attr_clr = 0x10, call(mount_setattr, 99, AT, 0, &m, 36), call(mount_setattr, 99, AT, 0, &m, -1);
  call(close, picked), call(close, tree), call(close, mnt), call(close, fs), call(umount2, AT, 0);
}

static void quotas(void) {
  static char buf[300];
  static const unsigned commands[] = {Q_SYNC, Q_QUOTAON, Q_QUOTAOFF, Q_GETFMT, Q_GETINFO, Q_SETINFO, Q_GETQUOTA, Q_SETQUOTA, Q_GETNEXTQUOTA, Q_XQUOTAON, Q_XQUOTAOFF, Q_XGETQUOTA, Q_XSETQLIM, Q_XGETQSTAT, Q_XQUOTARM, Q_XQUOTASYNC, Q_XGETQSTATV, Q_XGETNEXTQUOTA, 0x123456};
  for (unsigned i = 0; i < sizeof buf; i++) buf[i] = i;
  for (unsigned i = 0; i < sizeof commands / sizeof *commands; i++)
    for (unsigned type = 0; type < 2; type++)
      call(quotactl, QCMD(commands[i], type * 3 - (type > 0)), "/dev/nope", i & 1 ? -1 : 1000, buf), call(quotactl, QCMD(commands[i], type), i & 1 ? 0 : WILD, HIGH | i, type ? WILD : 0);
  call(quotactl, QCMD(Q_GETQUOTA, 7), 0, 5, buf), call(quotactl, QCMD(0x7fffff, 255), WILD, -1, WILD);
  call(quotactl_fd, 99, QCMD(Q_GETQUOTA, USRQUOTA), 1000, buf), call(quotactl_fd, -1, QCMD(Q_SETINFO, GRPQUOTA), -1, buf), call(quotactl_fd, HIGH | 5, QCMD(Q_XQUOTARM, 2), 3, buf), call(quotactl_fd, 5, -1, 3, 0);
}

static void handles(void) {
  struct { struct file_handle h; char more[128]; } h = {.h = {.handle_bytes = 128}};
  int id = 77;
  call(name_to_handle_at, AT_FDCWD, "/etc/passwd", &h, &id, 0), call(open_by_handle_at, AT_FDCWD, &h, O_RDONLY | O_CLOEXEC), h.h.handle_bytes = 0, call(name_to_handle_at, AT_FDCWD, "/etc", &h, &id, AT_SYMLINK_FOLLOW), h.h.handle_bytes = 4, call(name_to_handle_at, AT_FDCWD, "/etc", &h, &id, 0), h.h.handle_bytes = 129, call(name_to_handle_at, AT_FDCWD, "/etc", &h, &id, 0), h.h.handle_bytes = -1, call(name_to_handle_at, AT_FDCWD, "/etc", &h, 0, 0);
  h.h.handle_bytes = 128, call(name_to_handle_at, AT_FDCWD, "/nope", &h, &id, HIGH | 8), call(name_to_handle_at, -1, 0, 0, 0, 0xfffff5fc), call(name_to_handle_at, 99, WILD, WILD, WILD, 0x1000), call(name_to_handle_at, AT_FDCWD, "/etc", &h, WILD, 0), h.h.handle_bytes = 128, call(name_to_handle_at, AT_FDCWD, "/etc", &h, 0, 0x800);
  h.h.handle_bytes = 8, h.h.handle_type = 1, call(open_by_handle_at, 99, &h, O_RDWR), h.h.handle_bytes = 300, call(open_by_handle_at, -1, &h, ~0x4000000), h.h.handle_type = -2, h.h.handle_bytes = 0, call(open_by_handle_at, 0, &h, 0), call(open_by_handle_at, -100, 0, 3), call(open_by_handle_at, -100, WILD, HIGH | O_CREAT), h.h.handle_bytes = 129, call(open_by_handle_at, 0, &h, 0), h.h.handle_bytes = 128, call(open_by_handle_at, 0, &h, 0);
}

int main(void) {
  if (unshare(CLONE_NEWNS) == 0) mount(0, "/", 0, MS_REC | MS_PRIVATE, 0);
  mkdir(AT, 0700);
  classic();
  descriptors();
  quotas();
  handles();
  rmdir(AT);
  return 0;
}
