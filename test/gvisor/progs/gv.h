/* Common helpers for the oracle programs: raw syscalls with six well-defined
 * arguments, and begin/end markers that delimit the compared region.
 * Marker: getpriority(0x4d, 0x53000000|id) starts, getpriority(0x4d, 0x45000000|id) ends
 * the stream "id" of the calling thread; both always fail with EINVAL. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>

static long sc6(long n, long a, long b, long c, long d, long e, long f)
{
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;
	long ret;
	__asm__ volatile("syscall" : "=a"(ret) : "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return ret;
}
#define SC_(n, a, b, c, d, e, f, ...) \
	sc6((n), (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))
#define K(name, ...) SC_(SYS_##name, ##__VA_ARGS__, 0, 0, 0, 0, 0, 0)
#define N(nr, ...) SC_((nr), ##__VA_ARGS__, 0, 0, 0, 0, 0, 0)
#define BEGIN(id) K(getpriority, 0x4d, 0x53000000 | (id))
#define END(id) K(getpriority, 0x4d, 0x45000000 | (id))
#define BADP ((void *)0x123)
#define HIGHP ((void *)0xffffffffffff0000UL)

#ifndef DIRN
#define DIRN "/tmp/gvp"
#endif
static void setup(void)
{
	for (int fd = 3; fd < 256; fd++) close(fd); /* inherited descriptors */
	if (system("rm -rf " DIRN " && mkdir -p " DIRN) != 0) _exit(99);
	if (chdir(DIRN) != 0) _exit(98);
	umask(022);
}
/* Two pages, the second one unmapped: returns the address of the boundary. */
static char *edge(void)
{
	char *p = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	munmap(p + 4096, 4096);
	return p + 4096;
}
