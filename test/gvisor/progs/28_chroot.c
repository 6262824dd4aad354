/* Files' names as a process finds them that has another root directory; what stands outside keeps its whole name. */
#include "gv.h"

static void look(int id, int inside, int outside)
{
	BEGIN(id);
	int fd = open("in/f", O_RDONLY);
	K(fchdir, inside);
	K(access, "f", 0);
	K(chdir, "/");
	K(unlink, "in/gone");
	K(close, fd);
	K(fsync, outside);
	K(chdir, "/in");
	K(chroot, ".");
	K(fsync, inside);
	K(chdir, "/");
	K(access, "f", 0);
	K(poll, (&(struct pollfd){ inside, POLLERR | POLLHUP, 0 }), 1, 0);
	K(chroot, "/missing");
	K(chdir, "/");
	END(id);
	_exit(0);
}

/* By way of links: where they lead is seen in the new root. */
static void follow(int outside)
{
	BEGIN(3);
	K(chroot, "link");
	K(chdir, "/");
	K(access, "f", 0);
	int fd = open("f", O_RDONLY);
	K(close, fd);
	K(fsync, outside);
	K(chdir, "..");
	K(chroot, "/");
	K(chdir, "//.");
	fd = open("/f", O_RDONLY);
	K(close, fd);
	END(3);
	_exit(0);
}

int main(void)
{
	setup();
	mkdir("jail", 0755);
	mkdir("jailed", 0755);
	mkdir("jail/in", 0755);
	symlink("jail/in", "link");
	int f = open("jail/in/f", O_RDWR | O_CREAT, 0644);
	int gone = open("jail/in/gone", O_RDWR | O_CREAT, 0644);
	int inside = open("jail/in", O_RDONLY), outside = open(".", O_RDONLY);
	int beside = open("jailed", O_RDONLY);
	if (fork() == 0) follow(outside);
	wait(0);
	BEGIN(0);
	K(chdir, "jail");
	K(chroot, "../jail/in/..");
	K(fsync, f);
	K(fsync, inside);
	K(fsync, outside);
	K(fsync, beside);
	K(access, "in", 0);
	END(0);
	for (int i = 1; i < 3; i++) {
		if (fork() == 0) look(i, inside, gone);
		wait(0);
	}
	return 0;
}
