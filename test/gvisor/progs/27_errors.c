/* Errors that gVisor has more than one text for, and vectors of which a part cannot be read. */
#include "gv.h"
#include <netinet/in.h>
#include <sys/file.h>

static volatile int *interrupted; /* how often; shared with the child */

static void onSignal(int signal)
{
	++*interrupted;
}

static int sleeps(int pid)
{
	char path[64], text[512] = "";
	sprintf(path, "/proc/%d/stat", pid);
	int fd = open(path, O_RDONLY);
	if (read(fd, text, sizeof text - 1) < 0) return 0;
	close(fd);
	char *state = strrchr(text, ')');
	return state != NULL && state[2] == 'S';
}

/* A child that interrupts us `times` times, each time when we have been asleep for a while: no clock says when that is. */
static void interruptLater(int times)
{
	int parent = getpid();
	interrupted = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	signal(SIGALRM, onSignal);
	if (fork() != 0) return;
	for (int i = 0; i < times; i++) {
		for (int seen = 0; seen < 3; usleep(10000)) seen = sleeps(parent) ? seen + 1 : 0;
		kill(parent, SIGALRM);
		while (*interrupted <= i) usleep(1000);
	}
	_exit(0);
}

int main(void)
{
	setup();
	int fd = open("f", O_RDWR | O_CREAT, 0644);
	int p[2], u[2], dead = open("gone", O_RDWR | O_CREAT, 0600);
	pipe2(p, O_NONBLOCK);
	socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, u);
	int udp = socket(AF_INET, SOCK_DGRAM, 0);
	int nl = socket(AF_NETLINK, SOCK_RAW, 0);
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_addr = { htonl(0x7f000001) } };
	static char data[200000], small[8] = "abcdefg";
	static struct { int a, b; } words;
	struct timespec soon = { 0, 1000 };
	unlink("gone");
	BEGIN(0);
	K(read, p[0], data, 5);
	K(readv, p[0], (&(struct iovec){ data, 5 }), 1);
	K(write, p[1], data, sizeof data);
	K(write, p[1], data, sizeof data);
	K(sendfile, p[1], fd, 0, 4);
	K(recvfrom, u[0], data, 5, 0, 0, 0);
	K(recvmsg, u[0], (&(struct msghdr){ .msg_iov = &(struct iovec){ data, 5 }, .msg_iovlen = 1 }), 0);
	K(futex, &words, 0 /* FUTEX_WAIT */, 5, 0, 0, 0);
	K(rt_sigtimedwait, (&(uint64_t){ 1 << 9 }), 0, &soon, 8);
	K(listen, udp, 5);
	K(accept4, udp, 0, 0, 0);
	K(shutdown, nl, 2);
	K(ioctl, p[0], 0x5401, data);
	K(ioctl, fd, 0x5401, data);
	K(ioctl, u[0], 0x5401, data);
	K(dup2, fd, -1);
	K(dup2, 99, 5);
	K(connect, fd, &in, sizeof in);
	END(0);
	struct epoll_event event;
	struct timespec long_time = { 100, 0 };
	int ep = epoll_create1(0);
	interruptLater(2);
	BEGIN(2);
	K(epoll_wait, ep, &event, 1, 100000);
	K(rt_sigtimedwait, (&(uint64_t){ 1 << 9 }), 0, &long_time, 8);
	END(2);
	wait(0);
	char *end = edge();
	BEGIN(1);
	/* The first entry takes the whole budget, although half of it cannot be read. */
	struct iovec whole[] = { { end - 500, 1024 }, { small, 7 }, { data, 100 } };
	K(writev, dead, whole, 3);
	struct iovec half[] = { { end - 5, 10 }, { small, 7 }, { data, 1010 }, { small, 7 } };
	K(writev, dead, half, 4);
	struct msghdr m = { .msg_iov = whole, .msg_iovlen = 3 };
	K(sendmsg, 99, &m, 0);
	END(1);
	return 0;
}
