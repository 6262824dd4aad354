#include "gv.h"
int main(void)
{
	setup();
	char *e = edge();
	memset(e - 8, 'q', 8);
	static char a[16] = "abc", big[3000], r1[100], r2[100];
	memset(big, 'B', sizeof big);
	int fd = open("v", O_RDWR | O_CREAT, 0644);
	struct iovec v[3] = {{a, 3}, {a + 3, 0}, {"defg", 4}};
	struct iovec w[3] = {{big, 1000}, {big, 100}, {a, 2}};
	struct iovec x[2] = {{e - 4, 8}, {a, 1}};
	struct iovec h[2] = {{HIGHP, 8}, {a, 1}};
	struct iovec z[2] = {{HIGHP, 0}, {a, 1}};
	struct iovec n[2] = {{a, (size_t)-1}, {a, 1}};
	struct iovec m[2] = {{a, 0x7fffffffffffffffUL}, {a, 1}};
	struct iovec k[2] = {{big, 1024}, {a, 1}};
	struct iovec b0[2] = {{BADP, 3}, {a, 1}};
	struct iovec rr[2] = {{r1, 4}, {r2, 10}};
	static struct iovec many[1025];
	for (int i = 0; i < 1025; i++) { many[i].iov_base = a; many[i].iov_len = 1; }
	BEGIN(0);
	K(writev, fd, v, 3);
	K(writev, fd, w, 3);
	K(writev, fd, x, 2);
	K(writev, fd, h, 2);
	K(writev, fd, z, 2);
	K(writev, fd, n, 2);
	K(writev, fd, m, 2);
	K(writev, fd, k, 2);
	K(writev, fd, b0, 2);
	K(writev, fd, v, 0);
	K(writev, fd, 0, 0);
	K(writev, fd, 0, 2);
	K(writev, fd, BADP, 2);
	K(writev, fd, v, -1);
	K(writev, fd, many, 1025);
	K(writev, fd, many, 1024);
	K(writev, 99, v, 3);
	K(pwritev, fd, v, 3, 5, 0);
	K(pwritev2, fd, v, 3, 5, 0, 0);
	K(pwritev2, fd, v, 3, -1, 0, 0x1000);
	K(lseek, fd, 0, 0);
	K(readv, fd, rr, 2);
	K(readv, fd, rr, 1);
	K(readv, fd, v, 0);
	K(readv, fd, BADP, 2);
	K(readv, fd, h, 2);
	K(readv, fd, many, 1025);
	K(preadv, fd, rr, 2, 1, 0);
	K(preadv2, fd, rr, 2, 1, 0, 0);
	K(preadv, fd, rr, 2, 100000, 0);
	K(process_vm_readv, 99999999, v, 3, rr, 2, 1);
	END(0);
	return 0;
}
