/* A list of more descriptors than a process may have open is not looked at. */
#include "gv.h"

static struct pollfd list[8];

static void look(void)
{
	K(poll, list, 4, 0);
	K(poll, list, 5, 0);
	K(ppoll, list, 6, (&(struct timespec){ 0, 0 }), 0, 8);
	K(poll, list, 7, 0);
}

int main(void)
{
	struct rlimit few = { 6, 6 }, fewer = { 4, 6 }, old;
	setup();
	for (int i = 0; i < 8; i++) list[i] = (struct pollfd){ -1, POLLERR | POLLHUP, 0 };
	BEGIN(0);
	K(setrlimit, RLIMIT_NOFILE, &few);
	look();
	K(prlimit64, 0, RLIMIT_NOFILE, &fewer, &fewer);
	look();
	K(getrlimit, RLIMIT_NOFILE, &old);
	K(prlimit64, 0, RLIMIT_NOFILE, &few, 0);
	END(0);
	if (fork() == 0) {
		BEGIN(1);
		look();
		END(1);
		_exit(0);
	}
	wait(0);
	return 0;
}
