/* 32-bit calls that are not those of 64-bit programs: numbers in two registers, older structures, segments. Without a C library, which not all have. */
#include <asm/unistd_32.h>

typedef long long wide;
#define call(name, ...) six(__NR_##name, ##__VA_ARGS__, 0, 0, 0, 0, 0, 0)
#define six(n, a, b, c, d, e, f, ...) make(n, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))
static struct { long number, args[6], result; } now;
static long make(long n, long a, long b, long c, long d, long e, long f) {
  now.number = n, now.args[0] = a, now.args[1] = b, now.args[2] = c, now.args[3] = d, now.args[4] = e, now.args[5] = f;
  asm volatile("pusha; mov %0, %%eax; mov %0+4, %%ebx; mov %0+8, %%ecx; mov %0+12, %%edx; mov %0+16, %%esi; mov %0+20, %%edi; mov %0+24, %%ebp; int $0x80; mov %%eax, %0+28; popa" : "+m"(now) : : "memory");
  return now.result;
}
#define WILD ((void *)0xfeedbee0)

static void files(void) {
  static char buffer[512] = "some bytes";
  static struct { void *base; long length; } iov = {buffer, 4};
  static wide place;
  long fd = call(open, "i386-file", 0102 | 0100000, 0644);
  call(write, fd, buffer, 10), call(_llseek, fd, 1, 2, &place, 0), call(_llseek, fd, -1, -2, &place, 1), call(_llseek, -1, 0, 2, WILD, 0);
  call(pwrite64, fd, buffer, 5, 3, 1), call(pread64, fd, buffer, 5, 3, 0), call(pread64, fd, buffer, 5, 0, 0x80000000), call(preadv, fd, &iov, 1, 5, 1), call(pwritev, fd, &iov, 1, 5, 1), call(preadv2, fd, &iov, 1, 5, 1, 1), call(pwritev2, fd, &iov, 1, -1, -1, 0);
  call(truncate64, "i386-file", 5, 1), call(ftruncate64, fd, 5, 0), call(truncate, "i386-file", 5), call(readahead, fd, 0, 1, 4096), call(sync_file_range, fd, 0, 1, 2, 0, 7), call(fallocate, fd, 0, 1, 0, 4096, 0);
  call(fadvise64, fd, 1, 0, 2, 4), call(fadvise64_64, fd, 0, 1, 0, 2, 2), call(lookup_dcookie, 1, 2, buffer, 3), call(fanotify_mark, 1, 1, 0x20, 0, -100, "x");
  call(stat64, "i386-file", buffer), call(lstat64, "/dev/null", buffer), call(fstat64, fd, buffer), call(fstatat64, -100, "i386-file", buffer, 0), call(stat64, WILD, WILD), call(stat, "/dev/null", buffer);
  call(statfs64, "/proc", 84, buffer), call(fstatfs64, fd, 83, buffer), call(statfs, "/proc", buffer);
  struct { short type, whence; long start, length, pid; } lock = {0, 0, 1, 2};
  struct __attribute__((packed)) { short type, whence; wide start, length; long pid; } lock64 = {0, 0, 1, 0x100000002};
  call(fcntl, fd, 6, &lock), call(fcntl64, fd, 13, &lock64), call(fcntl64, fd, 12, &lock64), call(fcntl64, fd, 14, WILD), lock64.pid = 0, call(fcntl64, fd, 37, &lock64), call(fcntl64, fd, 3);
  static long times[] = {1, 2, 3, 4}, now[] = {1, 0x3fffffff, -2, 0x3ffffffe};
  static wide times64[] = {1, 2, 3, 4};
  call(utimes, "i386-file", times), call(futimesat, -100, "i386-file", times), call(utimensat, -100, "i386-file", times, 0), call(utimensat, -100, "i386-file", now, 0), call(utimensat_time64, -100, "i386-file", times64, 0), call(utime, "i386-file", times);
  call(mmap2, 0, 4096, 1, 2, fd, 3), call(mmap2, 0, 4096, 1, 2, fd, 0), call(close, fd), call(unlink, "i386-file");
}

static void handle(int signal) {}
static void signals(void) {
  struct { void *handler; unsigned mask, flags; void *restorer; } old = {handle, 2, 0x10000000, 0}, before;
  struct { void *handler; unsigned flags; void *restorer; unsigned mask[2]; } action = {handle, 0x10000004, 0, {0x402, 0x80000000}};
  unsigned set = 1 << 14, before_set;
  static struct { int value, signo, notify, more[13]; } event = {5, 10, 0};
  static long timer, times[4], soon[] = {0, 0, 0, 20000};
  call(rt_sigaction, 10, &action, 0, 8), call(rt_sigaction, 12, &old, &action, 7), call(sigaction, 12, &old, &before), call(sigaction, 12, 0, &before), call(sigaction, 1, WILD, WILD);
  call(signal, 1, handle), call(signal, 1, 1), call(signal, 1, 0), call(sgetmask), call(ssetmask, 1 << 14), call(ssetmask, 0), call(ssetmask, ~0), call(ssetmask, 0), call(sigprocmask, 0, &set, &before_set), call(sigprocmask, 1, &set, 0), call(sigpending, &set);
  long self = call(getpid);
  call(kill, self, 10), call(kill, self, 12);
  call(timer_create, 0, &event, &timer), call(timer_settime, timer, 0, times, times), call(timer_delete, timer);
  // Handled, or it would end the program; blocked until it is waited for, since it may come sooner.
  call(sigaction, 14, &old, 0), call(ssetmask, 1 << 13), call(setitimer, 0, soon, 0), call(sigsuspend, 0, 0, ~(1 << 13)), call(ssetmask, 0);
}

static wide place64[] = {1 << 30};
static void others(void) {
  struct { unsigned entry, base, limit, bits; } segment = {-1, 0x1234, 0xfffff, 0x41};
  static long word[2], wait[] = {0, 5}, size;
  static char buffer[4096];
  struct { int fd; short events, revents; } poll = {-1, 1};
  call(set_thread_area, &segment), call(get_thread_area, &segment), call(set_thread_area, 0), call(set_thread_area, WILD);
  call(ppoll, &poll, 1, wait, 0, 8), call(_newselect, 0, 0, 0, 0, wait), call(get_robust_list, 0, word, &size), call(clock_gettime, 99, word), call(clock_adjtime64, 99, buffer);
  static long pair[2];
  static struct { void *base; long length; } iov = {buffer, 8};
  static struct { struct { void *name; long size; void *iov; long count; void *control; long room, flags; } header; long length; } message = {{0, 0, &iov, 1}};
  static wide wait64[] = {3, 5};
  call(socketpair, 1, 2, 0, pair), call(write, pair[0], "one", 3), call(write, pair[0], "two", 3);
  wait[0] = 2, wait[1] = 7, call(recvmmsg, pair[1], &message, 1, 0, wait), call(recvmmsg_time64, pair[1], &message, 1, 0, wait64), call(recvmmsg, pair[1], &message, 1, 0x40, WILD);
  poll.fd = pair[0], poll.events = 4, wait[0] = 2, wait[1] = 0, wait64[0] = 3, wait64[1] = 0, call(ppoll, &poll, 1, wait, 0, 8), call(ppoll_time64, &poll, 1, wait64, 0, 8);
  call(getdents, -1, buffer, 100);
  static struct { int signo, error, code, pid, uid, value, more[26]; } info = {10, 0, -1, 123, 456, 7}, alarm = {14, 0, -2, 5, 6, 7};
  static struct { long length, level, type; int fd; } rights = {16, 1, 1, 0};
  static struct { void *name; long length; void *vector; long count; void *control; long size, flags; } sent = {0, 0, 0, 0, &rights, sizeof rights};
  static struct { long type; char text[8]; } text = {5, "message"};
  static long attributes[8] = {1, 2, 3, 4}, nodes[] = {5, 0}, place = 3;
  call(rt_sigqueueinfo, 0x7fffffff, 10, &info), call(rt_sigqueueinfo, 0x7fffffff, 14, &alarm), call(pidfd_send_signal, -1, 10, &info, 0);
  call(sendmsg, -1, &sent, 0), call(msgsnd, -1, &text, 7, 0), call(mq_open, "queue", 0100, 0600, attributes);
  call(chown, "/nowhere", -1, 70000), call(chown32, "/nowhere", -1, 70000), call(setreuid, -1, 0x1ffff), call(setgroups, -1, WILD), call(chmod, "/nowhere", 0200644);
  call(set_mempolicy, 99, nodes, 65), call(sendfile, -1, -1, &place, 5), call(sendfile64, -1, -1, place64, 5);
  long fd = call(open, "/sys/kernel/mm", 0200000);
  call(readdir, fd, buffer, 1), call(readdir, fd, buffer, 2), call(readdir, -1, buffer, 1), call(getdents, fd, buffer, sizeof buffer), call(close, fd);
  /* Times that came with messages: as long as a long is, and longer. */
  static struct { long length, level, type, words[6]; } stamp = {20, 1, 29, {1, 2, 3, 4, 5, 6}};
  sent.control = &stamp, sent.size = stamp.length, call(sendmsg, -1, &sent, 0), stamp.type = 35, call(sendmsg, -1, &sent, 0), stamp.type = 63, call(sendmsg, -1, &sent, 0);
  sent.size = stamp.length = 36, stamp.type = 37, call(sendmsg, -1, &sent, 0), stamp.type = 64, call(sendmsg, -1, &sent, 0);
}

/* Calls whose arguments lie in memory. */
#define part(n, ...) ({ long words[] = {__VA_ARGS__}; call(socketcall, n, words); })
#define at(what) ((long)(what))
static void blocks(void) {
  static struct { short family; char name[14]; } to = {1, "/nowhere/else"};
  static char buffer[64];
  static long pair[2], length = 16, timeout[2];
  static struct { void *base; long length; } iov = {buffer, 8};
  static struct { struct { void *name; long size; void *iov; long count; void *control; long room, flags; } header; long length; } message = {{0, 0, &iov, 1}};
  long fd = part(1, 1, 1, 0);
  part(2, fd, at(&to), 16), part(3, fd, at(&to), 16), part(4, -1, 5), part(5, -1, at(&to), at(&length)), part(6, fd, at(&to), at(&length)), part(7, -1, at(&to), at(&length)), part(18, -1, 0, 0, 0x800);
  part(8, 1, 2, 0, at(pair)), part(9, pair[0], at("hello"), 5, 0), part(10, pair[1], at(buffer), 64, 0x40), part(10, pair[1], at(buffer), 64, 0x40), part(11, pair[0], at("again"), 5, 0, 0, 0), part(12, pair[1], at(buffer), 64, 0x40, at(&to), at(&length));
  part(16, pair[0], at(&message), 0), part(17, pair[1], at(&message), 0x40), part(20, pair[0], at(&message), 1, 0), part(19, pair[1], at(&message), 1, 0x40, at(timeout)), length = 4, part(14, fd, 1, 2, at(&length), 4), part(15, fd, 1, 2, at(buffer), at(&length)), part(13, pair[0], 1);
  part(0, 1, 2), part(21, 1, 2), part(0x10001, 1, 1, 0), call(socketcall, 1, WILD), call(socketcall, 9, 0);
  long mapping[] = {0, 4096, 3, 0x22, -1, 0}, file[] = {0, 4096, 1, 1, 99, 4096};
  call(mmap, mapping), call(mmap, file), call(mmap, WILD), call(mmap, 0);
  /* One that ends where memory does. */
  char *page = (char *)call(mmap2, 0, 8192, 3, 0x22, -1, 0);
  call(munmap, page + 4096, 4096);
  long *last = (long *)(page + 4096);
  last[-3] = 1, last[-2] = 2, last[-1] = 0, call(socketcall, 1, last - 3), call(socketcall, 8, last - 3), call(mmap, last - 3);
  static long set[32];
  set[pair[0] / 32] = 1 << pair[0] % 32;
  long chosen[] = {pair[0] + 1, 0, at(set), 0, at(timeout)};
  call(select, chosen), call(select, WILD);
}

static void parts(void) {
  static short operation[] = {0, 1, 0};
  static char buffer[512];
  static long timeout[2], value[] = {5}, place;
  static struct { long type; char text[12]; } text = {5, "a message"};
  struct { void *text; long type; } wanted = {&text, 5};
  long *data[] = {(long *)buffer}, id = call(ipc, 2, 0, 1, 0600);
  call(ipc, 1, id, 1, 0, operation), call(ipc, 4, id, 1, 0, operation, timeout), call(ipc, 0x20001, id, 1, 0, operation), call(ipc, 1, id, 1, 0, WILD), call(ipc, 3, id, 0, 16, value), call(ipc, 3, id, 0, 12, value), call(ipc, 3, id, 0, 0x102, data), call(ipc, 3, id, 0, 0x102, WILD), call(ipc, 3, id, 0, 0, value);
  id = call(ipc, 13, 0, 0600);
  call(ipc, 11, id, 5, 0, &text), call(ipc, 11, id, 5, 0, WILD), call(ipc, 12, id, 5, 0, &wanted), call(ipc, 11, id, 9, 0, &text), call(ipc, 0x1000c, id, 9, 0x800, &text, 5), call(ipc, 0x1000c, id, 5, 0x800, &text, 5), call(ipc, 14, id, 0x102, 0, buffer), call(ipc, 14, id, 3, 0, buffer), call(ipc, 14, id, 0, 0, 0);
  id = call(ipc, 23, 0, 4096, 0600);
  call(ipc, 21, id, 0, &place, 0), call(ipc, 22, 0, 0, 0, place), call(ipc, 22, 0, 0, 0, WILD), call(ipc, 21, -1, 010000, WILD, 4096), call(ipc, 24, id, 0x102, 0, buffer), call(ipc, 24, id, 0, 0, 0);
  call(ipc, 5, 1, 2, 3, 4, 5), call(ipc, 99), call(ipc, 0, 1);
}

void _start(void) {
  files(), signals(), others(), blocks(), parts(), call(exit, 0);
}
