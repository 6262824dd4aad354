/* io_uring: rings of every kind, and everything that can be registered with one. */
#include "calls.h"
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/uio.h>
#include <time.h>

static unsigned params[40], words[512];
static unsigned long longs[64];

/* A ring that the tracer does not see made: what the kernel says of it hangs on the kernel. */
static char stack[16384] __attribute__((aligned(16)));
static int made, made_entries;
static int make(void *flags) {
  static unsigned p[30];
  p[2] = (long)flags, made = syscall(425, made_entries, p);
  _exit(0);
}
static int hidden(int entries, long flags) {
  made_entries = entries;
  clone(make, stack + sizeof stack, CLONE_UNTRACED | CLONE_FILES | CLONE_VM | CLONE_VFORK, (void *)flags);
  return made;
}

static int setup(unsigned entries, unsigned flags, unsigned thread_cpu, unsigned idle, unsigned wq) {
  memset(params, 0, sizeof params), params[2] = flags, params[3] = thread_cpu, params[4] = idle, params[6] = wq;
  return call_number(425, entries, params);
}

int main(void) {
  static unsigned long mask = 1 << 9;
  static struct timespec none = {0, 5};
  int ring = hidden(4, 0), off, eventfds[3] = {eventfd(0, 0), -1, -2};
  setup(4, 8, 0, 0, 0), setup(4, 0x1f, 1, 2, 3), setup(0, 0xfff, 7, 8, -1), setup(4, 0x20, 0, 0, 77), setup(HIGH | 4, 1 << 30, 0, 0, 0), params[7] = 5, params[8] = 6, call_number(425, 4, params), call_number(425, 4, 0), call_number(425, 4, WILD);
  off = hidden(4, 0x40);
  call_number(426, ring, 0, 0, 0, 0, 0), call_number(426, -1, 1, 2, 1, &mask, 8), call_number(426, ring, 0, 0, 1, &mask, 8), call_number(426, ring, HIGH | 1, HIGH, HIGH | 0x1f, &mask, 4), call_number(426, 99, 1, 1, 0x12, WILD, 8), call_number(426, ring, -1, -1, 0xffff0000, 0, -1);
  struct { unsigned long mask; unsigned size, pad; unsigned long ts; } extended = {(long)&mask, 8, 0, (long)&none};
  call_number(426, ring, 0, 1, 1 | 8, &extended, 24), call_number(426, ring, 0, 1, 8, &extended, 16), extended.pad = 5, extended.ts = 0xdeadbeef, call_number(426, ring, 0, 0, 9, &extended, 24), call_number(426, ring, 0, 0, 9, 0, 24), call_number(426, ring, 0, 0, 9, WILD, 24), extended.size = 4, call_number(426, ring, 0, 0, 9, &extended, 24), call_number(426, ring, 0, 0, 0x109, &extended, 32);
  for (int op = -1; op < 24; op++) memset(words, 0, sizeof words), call_number(427, -1, op, 0, 0), call_number(427, -1, op, WILD, 1), call_number(427, -1, op, words, 1), call_number(427, -1, op, words, 0), op > 21 || memset(words, 0x11, sizeof words), call_number(427, HIGH | 77, HIGH | op, words, HIGH | 3), call_number(427, 77, op, words, 40);
  struct iovec v[3] = {{words, 64}, {longs, 16}, {WILD, -1}};
#define reg(op, arg, n) call_number(427, ring, op, arg, n)
  reg(0, v, 3), reg(0, v, 2), reg(1, 0, 0), reg(1, v, 2), reg(0, WILD, 2), reg(2, eventfds, 1), reg(2, eventfds, 3), reg(3, 0, 0);
  struct { unsigned offset, resv; unsigned long fds, more[2]; } update = {0, 0, (long)eventfds};
  reg(2, eventfds, 2), reg(6, &update, 1), update.offset = 7, update.resv = 5, reg(6, &update, 3), update.fds = (long)WILD, reg(6, &update, 2), reg(6, &update, 0), reg(6, &update, -1), reg(3, 0, 0);
  reg(4, eventfds, 1), reg(5, 0, 0), reg(7, eventfds, 1), reg(7, eventfds + 1, 1), reg(4, eventfds, 2), reg(4, WILD, 1), reg(5, 0, 0);
  memset(words, 0, sizeof words), words[0] = 5, reg(8, words, 3), memset(words, 0xff, sizeof words), reg(8, words, 2), reg(8, WILD, 5), reg(8, words, 300);
  int personality = reg(9, 0, 0);
  reg(10, 0, personality), reg(10, 0, 77), reg(9, words, 5);
  unsigned restrictions[] = {0x010000, 0, 0, 0, 0x020001, 0, 0, 0, 0x040002, 0, 0, 0, 0x080003, 1, 2, 3, 0x05ff0063, 0, 0, 0};
  call_number(427, off, 11, restrictions, 5), call_number(427, off, 11, restrictions, 3), call_number(427, off, 11, restrictions, 0), call_number(427, off, 11, WILD, 1), call_number(427, off, 12, 0, 0), call_number(427, off, 12, words, 2), call_number(427, off, 77, words, 2);
  unsigned long tags[3] = {1, 2, 3};
  struct { unsigned nr, flags; unsigned long resv, data, tags; } rsrc = {3, 0, 0, (long)eventfds, (long)tags};
  reg(13, &rsrc, 32), rsrc.nr = 1, reg(13, &rsrc, 32), reg(13, &rsrc, 24), reg(13, &rsrc, 40), rsrc.flags = 1, rsrc.resv = 7, rsrc.data = (long)WILD, reg(13, &rsrc, 32), reg(13, WILD, 32), rsrc.tags = 0, reg(13, &rsrc, 32);
  struct { unsigned offset, resv; unsigned long data, tags; unsigned nr, resv2; unsigned long more; } two = {0, 0, (long)eventfds, (long)tags, 1, 0};
  reg(14, &two, 32), two.resv2 = 3, two.resv = 4, two.nr = 3, reg(14, &two, 32), reg(14, &two, 31), reg(14, &two, 40), two.tags = 0, two.data = 0, reg(14, &two, 32), reg(3, 0, 0);
  struct { unsigned nr, flags; unsigned long resv, data, tags; } buffers = {2, 0, 0, (long)v, (long)tags};
  reg(15, &buffers, 32), buffers.flags = 9, reg(15, &buffers, 32), buffers.tags = (long)WILD, reg(15, &buffers, 32), reg(15, &buffers, 16), two.data = (long)v, two.tags = (long)tags, two.nr = 1, two.resv = two.resv2 = 0, reg(16, &two, 32), two.nr = 3, reg(16, &two, 32), reg(1, 0, 0);
  memset(longs, 0, sizeof longs), longs[0] = 1, reg(17, longs, 8), reg(17, longs, 4), reg(17, longs, 0), reg(17, longs, 256), reg(18, 0, 0), reg(18, longs, 8), reg(17, WILD, 8), longs[0] = -1, reg(17, longs, 8), reg(17, longs, 9), reg(17, longs, 5000);
  unsigned workers[2] = {0, 0}, some[3] = {5, 6, 7};
  reg(19, workers, 2), reg(19, some, 2), reg(19, some, 1), reg(19, some, 3), reg(19, WILD, 2), reg(19, workers, 2);
  struct { unsigned offset, resv; unsigned long data; } fds[3] = {{-1, 0, ring}, {0, 5, 77}, {3, 0, -1}};
  reg(20, fds, 1), reg(20, fds, 3), reg(20, fds, 0), reg(21, fds, 1), reg(21, fds, 3), reg(20, WILD, 1), reg(20, fds, 2);
  struct { unsigned long addr; unsigned entries; unsigned short bgid, flags; unsigned long resv[3]; } pbuf = {0, 4, 5, 0};
  reg(22, &pbuf, 1), reg(23, &pbuf, 1), pbuf.addr = (long)&words, pbuf.entries = 3, reg(22, &pbuf, 1), reg(23, &pbuf, 1), reg(22, &pbuf, 2), reg(22, WILD, 1);
  call_number(427, ring, 0x80000000u | 0, v, 2), call_number(427, 0, 0x80000000u | 4, eventfds, 1), call_number(427, ring, 0x80000000u | 77, 0, 0), call_number(427, -1, 0x80000000u | 8, words, 2), call_number(427, ring, 0xffffffffu, words, 2);
  return 0;
}
