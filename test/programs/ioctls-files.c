/* ioctls of files, pipes, namespaces, counters and devices that are not there. */
#include "calls.h"
#include <fcntl.h>
#include <linux/fiemap.h>
#include <linux/fs.h>
#include <linux/loop.h>
#include <linux/perf_event.h>
#include <linux/random.h>
#include <linux/rtc.h>
#include <linux/userfaultfd.h>
#include <string.h>
#include <sys/ioctl.h>

#define NAME "/tmp/sysglass.ioctls-files"

static char text[4096];

static void files(int fd) {
  long flags = 0;
  int n = 7;
  struct { struct fiemap map; struct fiemap_extent extents[4]; } map = {{.fm_length = -1, .fm_flags = FIEMAP_FLAG_SYNC, .fm_extent_count = 4}};
  struct file_clone_range clone = {fd, 0, 4096, 0};
  struct { struct file_dedupe_range range; struct file_dedupe_range_info info[2]; } dedupe = {{0, 4096, 2, 0, 0}, {{fd, 0, 0, 0, 0}, {99, 4096, 0, 0, 0}}};
  struct fsxattr x;
  struct fstrim_range trim = {0, 1, -1};
  memset(&x, 0, sizeof x);
  call(ioctl, fd, FIOCLEX), call(ioctl, fd, FIONCLEX, 5), call(ioctl, fd, FIONBIO, &n), call(ioctl, fd, FIOASYNC, &n), call(ioctl, fd, FIONBIO, 0), call(ioctl, fd, FIONBIO, WILD), call(ioctl, fd, FIONREAD, &n), call(ioctl, fd, FIONREAD, 0), call(ioctl, fd, FIGETBSZ, &n), call(ioctl, fd, FIOQSIZE, &flags), call(ioctl, 99, FIOCLEX), call(ioctl, -1, FIONREAD, &n);
  call(ioctl, fd, FS_IOC_GETFLAGS, &flags), flags = 0x80, call(ioctl, -1, FS_IOC_SETFLAGS, &flags), call(ioctl, fd, FS_IOC_GETFLAGS, WILD), call(ioctl, fd, FS_IOC_FSGETXATTR, &x), x.fsx_xflags = 0xff, x.fsx_projid = 77, call(ioctl, -1, FS_IOC_FSSETXATTR, &x), call(ioctl, fd, FS_IOC_GETFSLABEL, text), call(ioctl, -1, FS_IOC_SETFSLABEL, "label");
  call(ioctl, fd, FS_IOC_FIEMAP, &map), map.map.fm_extent_count = 0, call(ioctl, fd, FS_IOC_FIEMAP, &map), map.map.fm_flags = 0x80000001, call(ioctl, fd, FS_IOC_FIEMAP, &map), call(ioctl, fd, FS_IOC_FIEMAP, WILD), call(ioctl, 99, FS_IOC_FIEMAP, &map);
  call(ioctl, -1, FICLONE, fd), call(ioctl, -1, FICLONERANGE, &clone), call(ioctl, -1, FIDEDUPERANGE, &dedupe), call(ioctl, -1, FITRIM, &trim), call(ioctl, -1, FIFREEZE), call(ioctl, -1, FITHAW, 1), call(ioctl, -1, FICLONE, WILD), call(ioctl, 99, FICLONERANGE, 0);
}

static void devices(void) {
  struct loop_info64 loop;
  struct rtc_time time = {1, 2, 3, 4, 5, 106, 0, 0, -1};
  struct { int entropy, size; char buf[8]; } pool = {8, 8, "entropy"};
  unsigned long range[2] = {0, 512}, id;
  int n = 0;
  int random = open("/dev/random", O_RDONLY), space = open("/proc/self/ns/uts", O_RDONLY);
  memset(&loop, 0, sizeof loop), loop.lo_flags = 5, strcpy((char *)loop.lo_file_name, "a file"), call(ioctl, -1, LOOP_SET_STATUS64, &loop), loop.lo_encrypt_type = 18, loop.lo_encrypt_key_size = 3, memset(loop.lo_crypt_name, 'x', 64), call(ioctl, -1, LOOP_SET_STATUS64, &loop), call(ioctl, -1, LOOP_GET_STATUS64, &loop), call(ioctl, -1, LOOP_SET_FD, 5), call(ioctl, -1, LOOP_CLR_FD), call(ioctl, -1, LOOP_CTL_GET_FREE);
  call(ioctl, -1, BLKGETSIZE64, &id), call(ioctl, -1, BLKDISCARD, range), call(ioctl, -1, BLKROSET, &n), call(ioctl, -1, BLKRRPART), call(ioctl, -1, BLKRASET, 256), call(ioctl, -1, BLKZEROOUT, WILD);
  call(ioctl, -1, RTC_SET_TIME, &time), call(ioctl, -1, RTC_RD_TIME, &time), call(ioctl, -1, RTC_AIE_ON), call(ioctl, -1, RTC_IRQP_SET, 64), call(ioctl, -1, RTC_WKALM_SET, 0);
  call(ioctl, random, RNDGETENTCNT, &n), call(ioctl, -1, RNDADDENTROPY, &pool), call(ioctl, -1, RNDADDENTROPY, WILD), call(ioctl, -1, RNDCLEARPOOL);
  call(ioctl, space, 0xb703), call(ioctl, space, 0xb704, &n), call(ioctl, space, 0xb702), close(space), close(random);
  call(ioctl, -1, PERF_EVENT_IOC_ENABLE, PERF_IOC_FLAG_GROUP), call(ioctl, -1, PERF_EVENT_IOC_SET_FILTER, "a filter"), call(ioctl, -1, PERF_EVENT_IOC_ID, &id), call(ioctl, -1, PERF_EVENT_IOC_SET_BPF, 9), call(ioctl, -1, PERF_EVENT_IOC_PERIOD, range);
}

static void faults(void) {
  struct uffdio_api api = {UFFD_API, UFFD_FEATURE_MISSING_SHMEM, 0};
  struct uffdio_register reg = {{0x1000, 0x2000}, UFFDIO_REGISTER_MODE_MISSING, 0};
  struct uffdio_copy copy = {1, 2, 3, UFFDIO_COPY_MODE_DONTWAKE, 0};
  int fd = syscall(SYS_userfaultfd, 1);
  call(ioctl, fd, UFFDIO_API, &api), call(ioctl, -1, UFFDIO_REGISTER, &reg), call(ioctl, -1, UFFDIO_COPY, &copy), call(ioctl, -1, UFFDIO_WAKE, &reg), call(ioctl, fd, UFFDIO_API, 0), call(ioctl, fd, UFFDIO_ZEROPAGE, WILD);
  /* Names, sets of bits and axes of input devices. */
  call(ioctl, -1, 0x80204506, text), call(ioctl, -1, 0x80044521, text), call(ioctl, -1, 0x80184540, text), call(ioctl, -1, 0x401845c0, text), call(ioctl, -1, 0x80604518, text), call(ioctl, -1, 0x80084502, text), call(ioctl, -1, 0x8008456f, text), call(ioctl, -1, 0x80ff4520, text), call(ioctl, -1, 0x8010480b, text), call(ioctl, -1, 0x80104804, text), call(ioctl, -1, 0x80104d00, text), call(ioctl, -1, 0x8010552c, text), call(ioctl, -1, 0x80106a13, text), call(ioctl, -1, 0x40206b00, text), call(ioctl, -1, 0xc0104807, text);
}

int main(void) {
  close_range(3, -1, 0);
  int fd = open(NAME, O_RDWR | O_CREAT, 0600), pipes[2];
  write(fd, text, sizeof text), files(fd);
  pipe(pipes), files(pipes[0]), write(pipes[1], "abc", 3), call(ioctl, pipes[0], FIONREAD, text);
  devices(), faults(), unlink(NAME);
  return 0;
}
