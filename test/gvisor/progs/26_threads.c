/* Threads that execute a program: the leader's number is theirs afterwards. */
#include "gv.h"
#include <pthread.h>
#include <sys/prctl.h>
static void *execute(void *unused)
{
	static char *argv[] = {"again", "x", 0}, *envp[] = {"A=1", 0};
	prctl(PR_SET_NAME, "second");
	BEGIN(1);
	K(execve, "/nonexistent", argv, envp);
	K(getuid);
	K(execve, "/proc/self/exe", argv, envp);
	return 0;
}
int main(int argc, char **argv)
{
	if (argc > 1) {
		BEGIN(2);
		K(getuid);
		K(prctl, PR_SET_NAME, "third");
		K(getuid);
		END(2);
		return 0;
	}
	pthread_t thread;
	pthread_create(&thread, 0, execute, 0);
	pthread_join(thread, 0);
	return 0;
}
