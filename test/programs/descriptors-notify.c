/* Being told of what happens to files: inotify, fanotify. */
#include "calls.h"
#include <fcntl.h>
#include <linux/fanotify.h>
#include <sys/inotify.h>

int main(void) {
  int in = call(inotify_init1, IN_CLOEXEC | IN_NONBLOCK);
#ifdef SYS_inotify_init
  int plain = call(inotify_init);
  call(close, plain);
#endif
  call(inotify_init1, 0), call(inotify_init1, 0x80000001), call(inotify_init1, HIGH | 3), call(inotify_init1, IN_CLOEXEC | 0x10);
  call(inotify_add_watch, in, "/tmp", IN_CREATE | IN_DELETE | IN_ONLYDIR), call(inotify_add_watch, in, "/etc/passwd", IN_ALL_EVENTS), call(inotify_add_watch, in, 0, 0), call(inotify_add_watch, -1, WILD, HIGH | 0x80000000), call(inotify_add_watch, 99, "x", 0x0f8c1000), call(inotify_add_watch, in, "/nope", 0x1000), call(inotify_add_watch, in, "/nope", IN_MASK_ADD | IN_ONESHOT | IN_DONT_FOLLOW | IN_EXCL_UNLINK | IN_ISDIR), call(inotify_add_watch, in, "/tmp", 0);
  call(inotify_rm_watch, in, 1), call(inotify_rm_watch, in, 99), call(inotify_rm_watch, -1, -1), call(inotify_rm_watch, HIGH | 99, HIGH | 0x80000000);
  int fan = call(fanotify_init, FAN_CLASS_NOTIF | FAN_CLOEXEC | FAN_NONBLOCK, O_RDONLY | O_LARGEFILE);
  call(fanotify_init, FAN_CLASS_CONTENT | FAN_UNLIMITED_QUEUE, O_RDWR), call(fanotify_init, 0, 0), call(fanotify_init, 12, O_WRONLY | O_CLOEXEC), call(fanotify_init, 0x80000000, 3), call(fanotify_init, HIGH | 0x10000008, ~0x4000000), call(fanotify_init, FAN_CLASS_PRE_CONTENT | FAN_UNLIMITED_MARKS | FAN_ENABLE_AUDIT | FAN_REPORT_TID | FAN_REPORT_FID, O_NOATIME), call(fanotify_init, FAN_REPORT_DFID_NAME | FAN_CLOEXEC, 0);
  call(fanotify_mark, fan, FAN_MARK_ADD, FAN_OPEN | FAN_CLOSE, AT_FDCWD, "/etc"), call(fanotify_mark, fan, FAN_MARK_ADD | FAN_MARK_MOUNT, FAN_ACCESS | FAN_MODIFY | FAN_ONDIR | FAN_EVENT_ON_CHILD, -1, "/tmp"), call(fanotify_mark, fan, FAN_MARK_REMOVE, FAN_OPEN, AT_FDCWD, "/etc"), call(fanotify_mark, fan, FAN_MARK_FLUSH, 0, AT_FDCWD, 0), call(fanotify_mark, -1, 0, 0, 0, 0), call(fanotify_mark, 99, HIGH | 0x80000000, 0xf0000000f800ffff, HIGH | 99, WILD), call(fanotify_mark, 99, 0x1f3, 0x8000000000000000, HIGH | (unsigned)AT_FDCWD, "x"), call(fanotify_mark, fan, 1, 0x700000000, -1, 0), call(fanotify_mark, fan, 0x10000, FAN_OPEN_PERM | FAN_ACCESS_PERM | FAN_Q_OVERFLOW, 5, "y");
  call(close, fan), call(close, in);
  return 0;
}
