/* Opening, creating and asking for access. */
#include "calls.h"
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>

static char name[] = "sysglass.files-open";
static char longest[5000];

static void opens(void) {
#ifdef SYS_open
  call(open, name, O_RDWR | O_CREAT | O_TRUNC, 0640), call(close, 3), call(open, name, O_RDONLY, 0777), call(open, name, HIGH | O_WRONLY | O_APPEND, WILD), call(close, 3), call(close, 4);
  call(open, 0, 0, 0), call(open, WILD, O_CREAT, 07777), call(open, "", O_CREAT | O_EXCL, 0), call(open, "/nope/none", 3), call(open, "/tmp", O_RDWR | O_TMPFILE, HIGH | 0600), call(close, 3), call(open, "/tmp", 020000000 | O_RDWR, 0600), call(open, name, ~0x4000000, -1);
  call(open, longest, O_RDONLY), call(open, longest + 905, O_RDONLY), call(open, longest + 904, O_RDONLY), call(open, longest + 903, O_RDONLY), call(open, "tab\there\"q\\\n\r\001\0012\303\244\377<>", 0);
  call(creat, name, 0600), call(close, 3), call(creat, name, HIGH | 0177777), call(creat, 0, 0), call(creat, WILD, 04755), call(creat, "/nope/none", 0);
  call(open, name, O_RDWR | O_NOCTTY | O_NONBLOCK | O_DSYNC | O_NOFOLLOW | O_NOATIME | O_CLOEXEC | O_SYNC | FASYNC | 0x80000000), call(close, 3), call(open, name, 0x10000000), call(open, name, O_PATH | O_DIRECTORY | O_LARGEFILE | O_DIRECT), call(open, name, O_CREAT | 0x0b000003, 0x3000 | 0777), call(open, name, O_DIRECTORY | O_CREAT | 01, 01);
  call(access, name, F_OK), call(access, name, R_OK | W_OK), call(access, name, X_OK | HIGH), call(access, 0, 8), call(access, WILD, 15), call(access, "/nope/none", -1);
#endif
  call(openat, AT_FDCWD, name, O_RDONLY | O_CLOEXEC, 0666), call(openat, HIGH | (unsigned)AT_FDCWD, "/etc", O_RDONLY | O_DIRECTORY), call(openat, 4, "passwd", O_RDONLY), call(openat, 4, name, O_RDWR | O_CREAT, 0), call(openat, -1, "x", O_CREAT | O_WRONLY | O_EXCL, 0444), call(openat, -100, 0, O_TMPFILE, 1), call(openat, 99, WILD, O_RDWR);
  call(close, 3), call(close, 4), call(close, 5), call(close, 6), call(close, -1), call(close, HIGH | 7), call(close, 0x7fffffff);
  call(faccessat, AT_FDCWD, name, R_OK), call(faccessat, -1, "x", F_OK), call(faccessat, 99, 0, -1), call(faccessat, AT_FDCWD, WILD, HIGH);
  call(faccessat2, AT_FDCWD, name, W_OK, AT_EACCESS), call(faccessat2, AT_FDCWD, name, F_OK, 0), call(faccessat2, 99, "", X_OK, AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW), call(faccessat2, -3, 0, 16, 0x80000001), call(faccessat2, 1, WILD, 4, HIGH | 8);
}

static void how(void) {
  struct { struct open_how h; char more[40]; } big = {.h = {.flags = O_RDWR | O_CREAT, .mode = 0600, .resolve = RESOLVE_BENEATH}};
  call(openat2, AT_FDCWD, name, &big.h, sizeof big.h), call(close, 3), call(openat2, AT_FDCWD, name, &big, sizeof big), call(close, 3);
  big.more[7] = 1, big.more[39] = 'x', call(openat2, AT_FDCWD, name, &big, sizeof big), call(openat2, AT_FDCWD, name, &big, sizeof big.h + 8), call(openat2, AT_FDCWD, name, &big, 5000);
  struct open_how h = {.flags = O_PATH | 0x123400000000, .mode = 0xffffffffffff, .resolve = 0x3f};
  call(openat2, 99, name, &h, sizeof h), call(openat2, 99, name, &h, sizeof h - 1), call(openat2, 99, name, &h, 0), call(openat2, -1, 0, 0, sizeof h), call(openat2, -1, WILD, WILD, sizeof h), call(openat2, -1, "x", WILD, -1);
  h = (struct open_how){.flags = O_RDONLY | O_CLOEXEC, .mode = 0, .resolve = 0}, call(openat2, AT_FDCWD, "/etc/passwd", &h, sizeof h), call(close, 3);
  h.resolve = 0xff00, h.flags = O_TMPFILE, h.mode = 07777, call(openat2, AT_FDCWD, "/tmp", &h, sizeof h), h.resolve = RESOLVE_CACHED | 0x100, h.flags = 3, h.mode = 1, call(openat2, AT_FDCWD, "/tmp", &h, sizeof h);
  char *edge = (char *)0x10000ff0;
  call(openat2, AT_FDCWD, "/tmp", edge, sizeof h), call(mmap, 0x10000000, 4096, 3, 0x32, -1, 0), call(openat2, AT_FDCWD, "/tmp", edge, sizeof h);
  memcpy(edge, "/no\0/not-ended!!", 16), call(openat, AT_FDCWD, edge, 0), call(openat, AT_FDCWD, edge + 4, 0), call(openat, AT_FDCWD, edge + 15, 0);
}

int main(void) {
  memset(longest, 'a', sizeof longest - 1);
  chdir("/tmp");
  opens();
  how();
  call(unlinkat, AT_FDCWD, name, 0);
  return 0;
}
