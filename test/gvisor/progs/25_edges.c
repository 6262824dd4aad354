/* Where lengths end, and lengths of nothing: vectors of more than a call moves, no bytes at addresses that no program has. */
#include "gv.h"
#define KERNEL ((void *)0x8000000000000000UL)
static struct iovec v[3], w[2];
static struct msghdr m;
static struct timeval now;
static uint64_t control[8];
static char text[] = "some text";
int main(void)
{
	setup();
	BEGIN(0);
	/* no bytes at all */
	void *nowhere[] = {BADP, HIGHP, KERNEL};
	for (int i = 0; i < 3; i++) {
		void *p = nowhere[i];
		K(select, 0, p, 0, p, &now);
		K(connect, 99, p, 0);
		K(connect, 99, p, 1);
		K(poll, p, 0, 0);
		K(writev, 99, p, 0);
		K(setsockopt, 99, SOL_SOCKET, SO_REUSEADDR, p, 0);
		m.msg_iov = p;
		m.msg_control = p;
		K(sendmsg, 99, &m, 0);
		v[0].iov_base = p;
		m.msg_iov = v;
		m.msg_iovlen = 1;
		K(sendmsg, 99, &m, 0);
		v[0].iov_len = 16;
		K(sendmsg, 99, &m, 0);
		v[0].iov_len = m.msg_iovlen = 0;
	}
	/* a vector of all that one call moves, and more */
	v[0].iov_base = v[2].iov_base = text;
	v[1].iov_base = BADP;
	w[0].iov_base = w[1].iov_base = text;
	static const unsigned long lengths[] = {0x7fffeffe, 0x7fffefff, 0x7ffff000, 0x7ffff001, 0xffffffff, 0x400000000000, 0x7ffffffffffff000, -1};
	for (int i = 0; i < 8; i++) {
		/* the first three bytes are shown, then the budget is spent on what cannot be read */
		v[0].iov_len = 3;
		v[1].iov_len = lengths[i];
		v[2].iov_len = 4;
		K(writev, 99, v, 3);
		K(pwritev, 99, v, 3, 0);
	}
	v[1].iov_len = 0x7fffefff;
	K(process_vm_writev, 99999999, v, 3, v, 2, 1);
	v[1].iov_base = text;
	v[1].iov_len = 5;
	m.msg_iov = v;
	m.msg_iovlen = 3;
	m.msg_control = 0;
	K(sendmsg, 99, &m, 0);
	/* control messages whose length is none */
	static const uint64_t claimed[] = {0x8000000000000000, 0x800000000000000f, 0x8000000000000010, 0x7fffffffffffffff, -1, 15};
	m.msg_control = control;
	m.msg_controllen = 40;
	for (int i = 0; i < 6; i++) {
		control[0] = claimed[i];
		control[1] = SOL_SOCKET | (uint64_t)SCM_RIGHTS << 32;
		K(sendmsg, 99, &m, 0);
	}
	/* the kernel writes back how much time is left, also where something else was wrong */
	static struct timespec soon = {0, 542};
	K(ppoll, BADP, 2, &soon, 0, 8);
	END(0);
	return 0;
}
