/* Reading and writing, seeking, duplicating, pipes. */
#include "calls.h"
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>

#define NAME "/tmp/sysglass.descriptors-io"
static char buf[300];
static int fd;
static struct iovec many[1000];

static void plain(void) {
  call(write, fd, "hello, world\n", 13), call(write, fd, "\0\1\2\3\4\5\6\a\b\t\n\v\f\r\033\"\\0129\177\200\377abc", 31), call(write, fd, buf, 0), call(write, fd, 0, 0), call(write, fd, WILD, 0), call(write, fd, 0, 5), call(write, fd, WILD, 5), call(write, -1, "x", 1), call(write, HIGH | 99, "0123456789012345678901234567890123456789", 32), call(write, 99, "0123456789012345678901234567890123456789", 33), call(write, 99, "x", -1), call(write, 99, buf, 301);
  call(lseek, fd, 0, SEEK_SET), call(read, fd, buf, 5), call(read, fd, buf, 300), call(read, fd, buf, 300), call(read, fd, buf, 0), call(read, fd, 0, 0), call(lseek, fd, 1, 0), call(read, fd, WILD, 5), call(read, fd, 0, 5), call(read, -1, buf, 5), call(read, HIGH | 99, WILD, -1);
  call(lseek, fd, -5, SEEK_END), call(lseek, fd, 3, SEEK_CUR), call(lseek, fd, 0, SEEK_DATA), call(lseek, fd, 0, SEEK_HOLE), call(lseek, fd, -1, 0), call(lseek, -1, 0x7fffffffffffffff, 9), call(lseek, HIGH | 99, 0, HIGH | 0xffffffff), call(lseek, fd, 0x100000000, 0), call(lseek, fd, 0, 0);
  call(pread64, fd, buf, 10, 2), call(pread64, fd, buf, 10, -1), call(pread64, fd, WILD, 10, 0x7fffffffffff), call(pread64, -1, 0, -1, 0x8000000000000000), call(pwrite64, fd, "pwritten", 8, 100), call(pwrite64, fd, 0, 8, -5), call(pwrite64, 99, WILD, 8, 0x123456789), call(pwrite64, fd, "", 0, 0);
  memset(buf, 'z', sizeof buf), call(pwrite64, fd, buf, 300, 0), call(pread64, fd, buf, 300, 0), call(pread64, fd, buf, 32, 0), call(pread64, fd, buf, 33, 0);
}

static void vectors(void) {
  struct iovec iov[40] = {{"one", 3}, {"two\n", 4}, {"", 0}, {0, 0}};
  char a[8], b[16];
  call(writev, fd, iov, 4), call(writev, fd, iov, 0), call(writev, fd, 0, 0), call(writev, fd, 0, 1), call(writev, fd, WILD, 2), call(writev, -1, iov, 2), call(writev, HIGH | 99, iov, -1), call(writev, fd, many, 1000), call(writev, 99, WILD, -1), call(writev, 99, WILD, 1L << 32 | 1);
  struct iovec bad[3] = {{WILD, 3}, {0, 5}, {"x", -1}};
  call(writev, fd, bad, 3), call(writev, 99, bad, 2), call(writev, 99, bad + 1, 1), call(writev, 99, bad + 2, 1);
  for (int i = 0; i < 40; i++) iov[i].iov_base = "ab", iov[i].iov_len = i % 3;
  call(writev, fd, iov, 40), call(writev, 99, iov, 33), call(writev, 99, iov, 32), call(pwritev, fd, iov, 2, 5), call(pwritev, fd, iov, 4, -1), call(pwritev, 99, 0, 4, 0x123456789), call(pwritev, 99, WILD, 4, 1, 1), call(pwritev, -1, iov, 3, 0xffffffff, -1), call(pwritev2, fd, iov, 4, 5, 0, 0), call(pwritev2, fd, iov, 4, -1, -1, RWF_APPEND), call(pwritev2, fd, iov, 3, 0, 0, 0x80000010), call(pwritev2, 99, WILD, 3, 0x7fffffff, 7, RWF_HIPRI | RWF_DSYNC | RWF_SYNC | RWF_NOWAIT), call(pwritev2, -1, 0, 0, 0, 0, HIGH | 0x200);
  struct iovec in[3] = {{a, 8}, {b, 16}, {0, 0}};
  call(lseek, fd, 0, 0), call(readv, fd, in, 2), call(readv, fd, in, 3), call(readv, fd, in, 0), call(readv, fd, 0, 1), call(readv, fd, WILD, 1), call(readv, -1, in, 2), call(readv, 99, in, -1), call(lseek, fd, -10, 2), call(readv, fd, in, 3), call(readv, fd, in, 3), call(readv, fd, 0, 0), call(readv, -1, many, 1000);
  call(preadv, fd, in, 2, 3), call(preadv, fd, in, 2, -1), call(preadv, 99, in, 2, 0x100000005), call(preadv, -1, WILD, 2, 5, 5), call(preadv2, fd, in, 2, 4, 0, 0), call(preadv2, fd, in, 2, -1, -1, RWF_NOWAIT), call(preadv2, fd, in, 2, 0, 0, 0x10), call(preadv2, 99, 0, 2, -1, 0, RWF_HIPRI | 0x80000000), call(lseek, fd, 0, 0), call(preadv2, fd, in, 2, -1, -1, RWF_HIPRI);
  in[0].iov_base = WILD, call(preadv, fd, in, 2, 3), in[0].iov_base = a, in[1].iov_base = WILD, call(preadv, fd, in, 2, 3), call(lseek, fd, 0, 0), call(preadv, fd, in, 2, 0);
}

static void copies(void) {
  int p[2];
  call(dup, fd), call(dup, -1), call(dup, HIGH | 99);
#ifdef SYS_dup2
  call(dup2, fd, 20), call(dup2, 20, 20), call(dup2, -1, 5), call(dup2, fd, HIGH | 0xffffffff), call(close, 20);
  call(pipe, p), call(pipe, 0), call(pipe, WILD), call(close, p[0]), call(close, p[1]);
#endif
  call(dup3, fd, 21, O_CLOEXEC), call(dup3, fd, 21, 0), call(dup3, 21, 21, O_CLOEXEC), call(dup3, -1, 99, 0x80000001), call(dup3, fd, 22, 3), call(dup3, fd, 22, O_CLOEXEC | O_NONBLOCK), call(close_range, 20, 25, 0), call(close_range, 100, -1, 4), call(close_range, -1, 5, HIGH | 9), call(close_range, 0x80000000, 0x90000000, 6);
  call(pipe2, p, O_CLOEXEC | O_NONBLOCK), call(read, p[0], buf, 5), call(write, p[1], "in the pipe", 11), call(read, p[0], buf, 300), call(pipe2, p, O_DIRECT), call(pipe2, 0, 0), call(pipe2, p, HIGH | 3), call(pipe2, p, 0x80000000), call(pipe2, WILD, 0), call(pipe2, (char *)0x10000ffc, 0);
  call(close, 3), call(close, 4), call(close, 5), call(close, 6);
}

int main(void) {
  fd = open(NAME, O_RDWR | O_CREAT | O_TRUNC, 0600);
  plain();
  vectors();
  copies();
  unlink(NAME);
  return 0;
}
