#include "gv.h"
/* Calls whose thread is killed in them. Each process begins a stream that nothing ends. */
static int ends[2];

/* Until the process sleeps: in its call, because nothing before that does. */
static void asleep(pid_t pid)
{
	char name[64], text[256];
	sprintf(name, "/proc/%d/stat", pid);
	for (;;) {
		int fd = open(name, O_RDONLY);
		ssize_t n = read(fd, text, sizeof text - 1);
		close(fd);
		text[n > 0 ? n : 0] = 0;
		char *state = strrchr(text, ')');
		usleep(50000);
		if (state && state[2] == 'S') return;
	}
}
static void killed(int stream, int sig, void (*call)(void))
{
	pid_t pid = fork();
	if (pid == 0) {
		BEGIN(stream);
		call();
		_exit(1);
	}
	usleep(200000);
	asleep(pid);
	kill(pid, sig);
	waitpid(pid, 0, 0);
}
static char buf[64];
static void reads(void) { K(read, ends[0], buf, 5); }
static void pauses(void) { K(pause); }
static void polls(void)
{
	struct pollfd p = {ends[0], POLLIN, 0};
	K(poll, &p, 1, 50000);
}
static void sleeps(void)
{
	struct timespec ts = {100, 5};
	K(nanosleep, &ts, 0);
}
static void waits(void)
{
	static int word = 7;
	K(futex, &word, 128, 7, 0);
}
static void suicide(void)
{
	pid_t self = K(getpid);
	K(kill, self, SIGKILL);
}
static char stk[4][16384] __attribute__((aligned(16)));
static int thr(void *call)
{
	((void (*)(void))call)();
	return 0;
}
#define THREAD (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM)
static void first(void) { BEGIN(11); reads(); }
static void second(void) { BEGIN(12); sleeps(); }
static void third(void) { BEGIN(13); waits(); }
static void threads(void)
{
	clone(thr, stk[1], THREAD, first);
	clone(thr, stk[2], THREAD, second);
	clone(thr, stk[3], THREAD, third);
	sleep(2);
	BEGIN(10);
	K(exit_group, 3);
}
int main(void)
{
	setup();
	pipe(ends);
	killed(1, SIGKILL, reads);
	killed(2, SIGTERM, pauses);
	killed(3, SIGKILL, polls);
	killed(4, SIGKILL, sleeps);
	killed(5, SIGTERM, waits);
	if (fork() == 0) {
		BEGIN(6);
		suicide();
	}
	wait(0);
	if (fork() == 0) threads();
	wait(0);
	return 0;
}
