/* Moving bytes between descriptors in the kernel. */
#include "calls.h"
#include <fcntl.h>
#include <string.h>
#include <sys/uio.h>

#define NAME "/tmp/sysglass.descriptors-transfers"

int main(void) {
  int from = open("/etc/passwd", O_RDONLY), to = open(NAME, O_RDWR | O_CREAT | O_TRUNC, 0600), p[2], q[2];
  long in = 0, out = 5;
  pipe(p), pipe(q);
  call(sendfile, to, from, 0, 10), call(sendfile, to, from, &in, 100), call(sendfile, to, from, &in, 0), in = -1, call(sendfile, to, from, &in, 10), call(sendfile, to, from, WILD, 10), call(sendfile, -1, 99, 0, -1), in = 1L << 40, call(sendfile, to, from, &in, 10), call(sendfile, HIGH | 99, HIGH | 98, &in, 5), in = 7;
  call(copy_file_range, from, &in, to, &out, 20, 0), call(copy_file_range, from, 0, to, 0, 20, 0), call(copy_file_range, from, WILD, to, &out, -1, 0), in = -1, call(copy_file_range, from, &in, to, 0, 5, 0), call(copy_file_range, -1, &in, 99, WILD, 5, 1), call(copy_file_range, from, &in, to, &out, 5, HIGH | 0x80000001), in = 1L << 40, out = 9, call(copy_file_range, from, &in, to, &out, 5, 0), in = 3;
  call(splice, from, &in, p[1], 0, 50, SPLICE_F_MOVE), call(tee, p[0], q[1], 10, SPLICE_F_NONBLOCK), call(splice, p[0], 0, to, &out, 20, SPLICE_F_MORE | SPLICE_F_GIFT), call(splice, p[0], 0, q[1], 0, 30, 0), call(splice, from, WILD, p[1], 0, -1, 0), call(splice, from, &in, p[1], WILD, 10, 0), call(splice, -1, &in, 99, &out, 5, HIGH | 0x80000010), call(splice, from, 0, to, 0, 5, 16), in = -1, call(splice, from, &in, p[1], 0, 5, 0);
  call(tee, -1, 99, -1, 0x1f), call(tee, p[0], q[1], 5, SPLICE_F_NONBLOCK), call(tee, HIGH | 98, HIGH | 97, 0, HIGH | 0x20);
  struct iovec iov[2] = {{"vm", 2}, {"splice", 6}};
  call(vmsplice, p[1], iov, 2, SPLICE_F_GIFT), call(vmsplice, p[1], iov, 0, 0), call(vmsplice, -1, iov, 2, 0x10), call(vmsplice, p[1], WILD, 2, 15), call(vmsplice, p[1], 0, 1, 0), call(vmsplice, 99, iov, -1, HIGH | 1), call(vmsplice, p[0], iov + 1, 1, 0);
  call(close, from), call(close, to), unlink(NAME);
  return 0;
}
