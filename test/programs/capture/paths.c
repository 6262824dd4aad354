/* Opens files whose paths are not easily told; an lseek shows each. Needs root, and a directory of its own to work in. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

static void show(int fd) { lseek(fd, 0, SEEK_CUR); }
static void show_file(const char *path, int flags) {
  int fd = open(path, flags, 0600);
  show(fd);
  close(fd);
}
static void here(void) { openat(AT_FDCWD, "nothing", O_RDONLY); }

/* Directories in directories, until the path is `total` bytes longer. */
static void deeper(int total, int each) {
  char name[256];
  memset(name, 'd', each);
  name[each] = 0;
  for (int n = 0; n < total; n += each + 1) {
    mkdir(name, 0700);
    chdir(name);
  }
}

static void pass_descriptors(void) {
  int pair[2], fds[2] = {0, 1};
  socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
  char control[CMSG_SPACE(sizeof fds)] = {0}, byte = 'x';
  struct iovec iov = {&byte, 1};
  struct msghdr message = {.msg_iov = &iov, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof fds);
  memcpy(CMSG_DATA(header), fds, sizeof fds);
  sendmsg(pair[0], &message, 0);
  memset(control, 0, sizeof control);
  recvmsg(pair[1], &message, 0);
}

int main(void) {
  char top[4096];
  getcwd(top, sizeof top);
  show_file("plain", O_CREAT | O_RDWR);
  show_file("/", O_RDONLY);
  show_file("/proc/self/status", O_RDONLY);
  show_file("name (deleted)", O_CREAT | O_RDWR);
  show_file(".", O_RDWR | O_TMPFILE);
  symlink("plain", "link");
  show_file("link", O_PATH | O_NOFOLLOW);
  mknod("device", S_IFCHR | 0600, makedev(1, 3));
  show_file("device", O_RDWR);
  show_file("/dev/ptmx", O_RDWR);
  show_file("/proc/self/ns/net", O_RDONLY);

  int fd = open("removed", O_CREAT | O_RDWR, 0600);
  show(fd);
  rename("removed", "renamed\n\"");
  show(fd);
  link("renamed\n\"", "other");
  unlink("renamed\n\"");
  show(fd);
  close(fd);
  mkdir("gone", 0700);
  fd = open("gone/file", O_CREAT | O_RDWR, 0600);
  unlink("gone/file");
  chdir("gone");
  here();
  rmdir("../gone");
  here();
  show(fd);
  close(fd);
  chdir(top);

  show(memfd_create("mem/name", 0));
  show(eventfd(0, 0));
  show(epoll_create1(0));
  int pipes[2];
  pipe(pipes);
  show(pipes[0]);
  fd_set set;
  FD_ZERO(&set);
  FD_SET(pipes[1], &set);
  FD_SET(1, &set);
  struct timeval none = {0};
  select(pipes[1] + 1, NULL, &set, NULL, &none);
  pass_descriptors();

  int child = fork();
  if (child == 0) _exit(0);
  int pidfd = syscall(SYS_pidfd_open, child, 0);
  show(pidfd);
  waitpid(child, NULL, 0);
  show(pidfd);

  /* Mounts on the way, and one that is in no place. */
  unshare(CLONE_NEWNS);
  mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
  mkdir("mount", 0700);
  mount("none", "mount", "tmpfs", 0, NULL);
  mkdir("mount/below", 0700);
  show_file("mount/below/file", O_CREAT | O_RDWR);
  mount("mount/below", "mount/below", NULL, MS_BIND, NULL);
  show_file("mount/below/file", O_RDWR);
  show_file("mount/below", O_RDONLY);
  fd = open("mount/below/file", O_RDWR);
  umount2("mount/below", MNT_DETACH);
  show(fd);

  mkdir("deep", 0700);
  chdir("deep");
  deeper(600, 1);
  show_file("file", O_CREAT | O_RDWR);
  here();
  /* Longer than a path may be. */
  deeper(5000, 250);
  show_file("file", O_CREAT | O_RDWR);
  here();
  chdir(top);

  chroot("mount");
  show_file("/below/file", O_RDWR);
  chdir("/below");
  here();
  return 0;
}
