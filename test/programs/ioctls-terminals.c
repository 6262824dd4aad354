/* ioctls of a terminal of our own, and of what is none. */
#include "calls.h"
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

/* The kernel's, which is not libc's. */
static struct { unsigned i, o, c, l; unsigned char line, cc[19]; unsigned ispeed, ospeed; } t;
static struct { unsigned short i, o, c, l; unsigned char line, cc[8]; } old;
static struct { unsigned short row, col, x, y; } size = {24, 80, 640, 480};
#define TCGETS2_ 0x802c542a
#define TCSETS2_ 0x402c542b

static void settings(int fd) {
  call(ioctl, fd, TCGETS, &t), call(ioctl, fd, TCSETS, &t), call(ioctl, fd, TCSETSW, &t), call(ioctl, fd, TCGETS, 0), call(ioctl, fd, TCGETS, WILD), call(ioctl, fd, TCSETSF, WILD), call(ioctl, fd, TCGETA, &old), call(ioctl, fd, TCSETA, &old), call(ioctl, fd, TCSETAW, &old), call(ioctl, fd, TCSETAF, 0), call(ioctl, fd, TCGETS2_, &t), t.c = 0x10021cb2, call(ioctl, fd, TCSETS2_, &t), call(ioctl, fd, TCGETS2_, &t);
  call(ioctl, fd, TCXONC, 0), call(ioctl, fd, TCXONC, 1), call(ioctl, fd, TCXONC, 9), call(ioctl, fd, TCFLSH, 0), call(ioctl, fd, TCFLSH, 2), call(ioctl, fd, TCFLSH, -1), call(ioctl, fd, TCSBRK, 1), call(ioctl, fd, TCSBRKP, 0);
  memset(&t, 0, sizeof t), call(ioctl, -1, TCSETS, &t), memset(&t, 0xff, sizeof t), call(ioctl, -1, TCSETS, &t), call(ioctl, -1, TCSETS2_, &t), memset(&old, 0x5a, sizeof old), call(ioctl, -1, TCSETA, &old);
}

static void others(int fd) {
  int n = 0x12345678, zero = 0;
  call(ioctl, fd, TIOCGWINSZ, &size), size.row = 50, call(ioctl, fd, TIOCSWINSZ, &size), call(ioctl, fd, TIOCGWINSZ, &size), call(ioctl, fd, TIOCGWINSZ, 0), call(ioctl, fd, TIOCSWINSZ, WILD);
  call(ioctl, fd, TIOCGPGRP, &n), call(ioctl, fd, TIOCSPGRP, &n), call(ioctl, fd, TIOCGSID, &n), call(ioctl, fd, TIOCGETD, &n), call(ioctl, fd, TIOCSETD, &zero), call(ioctl, fd, TIOCOUTQ, &n), call(ioctl, fd, FIONREAD, &n), call(ioctl, fd, TIOCMGET, &n), n = 0x4007, call(ioctl, fd, TIOCMSET, &n), call(ioctl, fd, TIOCMBIS, WILD), call(ioctl, fd, TIOCEXCL), call(ioctl, fd, TIOCGEXCL, &n), call(ioctl, fd, TIOCNXCL, 77), call(ioctl, fd, TIOCGDEV, &n), call(ioctl, fd, TIOCPKT, &zero), call(ioctl, fd, TIOCSTI, "x"), call(ioctl, fd, TIOCSTI, 0), call(ioctl, -1, TIOCSCTTY, -1), call(ioctl, -1, TIOCNOTTY, 3), call(ioctl, fd, TIOCGSOFTCAR, &n), call(ioctl, fd, 0x5499, &n), call(ioctl, fd, HIGH | TCGETS, WILD), call(ioctl, fd, 0, 0), call(ioctl, fd, -1, -1), call(ioctl, 0x7fffffff, 0xc0ffee00, HIGH);
}

int main(void) {
  close_range(3, -1, 0);
  int master = open("/dev/ptmx", O_RDWR | O_NOCTTY), off = 0, number = -1, file = open("/dev/null", O_RDWR);
  call(ioctl, master, TIOCSPTLCK, &off), call(ioctl, master, TIOCGPTN, &number);
  if (number >= 0) number = 0;
  settings(master), others(master), settings(file), others(file);
  return 0;
}
