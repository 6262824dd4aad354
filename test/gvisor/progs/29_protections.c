/* Memory that a program may write or execute but not read: calls read it, and so does gVisor. What it may do nothing with, nobody reads. */
#include "gv.h"

int main(void)
{
	setup();
	int fd = open("f", O_RDWR | O_CREAT, 0644);
	char *p = mmap(0, 5 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	memset(p, 'r', 5 * 4096);
	strcpy(p + 4096 - 2, "fgh");
	memcpy(p + 4096 + 8, (struct iovec[]){ { p + 8, 4 }, { p + 4096 + 100, 4 } }, 32);
	strcpy(p + 3 * 4096 - 3, "end");
	strcpy(p + 3 * 4096 + 8, "f");
	mprotect(p + 4096, 4096, PROT_WRITE);
	mprotect(p + 3 * 4096, 4096, PROT_EXEC);
	mprotect(p + 4 * 4096, 4096, PROT_NONE);
	BEGIN(0);
	K(write, fd, p + 4096 + 40, 8);
	K(write, fd, p + 4096 - 2, 8);
	K(write, fd, p + 2 * 4096 - 4, 8);
	K(writev, fd, p + 4096 + 8, 2);
	K(access, p + 4096 - 2, 0);
	K(write, 99, p + 3 * 4096 + 8, 2);
	K(lseek, fd, 0, 0);
	K(read, fd, p + 4096 + 40, 16);
	K(pread64, fd, p + 4096 - 3, 6, 0);
	K(readv, fd, p + 4096 + 8, 2);
	K(getcwd, p + 4096 + 40, 100);
	K(write, 99, p + 3 * 4096 - 2, 8);
	K(write, 99, p + 4 * 4096 - 4, 4);
	K(write, 99, p + 4 * 4096 - 4, 5);
	K(write, 99, p + 4 * 4096, 5);
	K(access, p + 4 * 4096 - 4, 0);
	END(0);
	return 0;
}
