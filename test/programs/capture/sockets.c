// Sockets in several states; a seek on each, which fails, shows it to the tracer.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

static void show(int fd) { lseek(fd, 0, SEEK_CUR); }

int main(void) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  show(listener);
  bind(listener, (struct sockaddr *)&address, sizeof address);
  listen(listener, 1);
  show(listener);
  getsockname(listener, (struct sockaddr *)&address, &length);
  int client = socket(AF_INET, SOCK_STREAM, 0);
  connect(client, (struct sockaddr *)&address, sizeof address);
  show(client);
  show(accept(listener, 0, 0));

  int datagram = socket(AF_INET, SOCK_DGRAM, 0);
  address.sin_port = 0;
  bind(datagram, (struct sockaddr *)&address, sizeof address);
  show(datagram);
  address.sin_port = htons(999);
  connect(datagram, (struct sockaddr *)&address, sizeof address);
  show(datagram);

  int pair[2];
  socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
  show(pair[0]);
  struct sockaddr_un name = {.sun_family = AF_UNIX};
  memcpy(name.sun_path, "\0sysglass\"\n", 11);
  int named = socket(AF_UNIX, SOCK_DGRAM, 0);
  bind(named, (struct sockaddr *)&name, offsetof(struct sockaddr_un, sun_path) + 11);
  show(named);

  int netlink = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
  show(netlink);
  struct sockaddr_nl port = {.nl_family = AF_NETLINK};
  bind(netlink, (struct sockaddr *)&port, sizeof port);
  show(netlink);

  show(syscall(SYS_pidfd_open, getpid(), 0));
  show(open("/dev/null", O_RDONLY));
  show(eventfd(0, 0));

  int way = socket(AF_INET, SOCK_DGRAM, 0);
  address.sin_port = 0;
  connect(way, (struct sockaddr *)&address, sizeof address);
  show(way);
  int paths = socket(AF_INET, SOCK_STREAM, 262 /* IPPROTO_MPTCP */);
  // Where the kernel has none.
  if (paths < 0) paths = socket(AF_INET, SOCK_STREAM, 0);
  bind(paths, (struct sockaddr *)&address, sizeof address);
  show(paths);
  show(99);
}
