/* Making, naming, connecting and ending sockets. */
#include "calls.h"
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

static int pair[2];

static void make(void) {
  static const int domains[] = {AF_UNIX, AF_INET, AF_INET6, AF_AX25, AF_NETLINK, AF_PACKET, AF_IRDA, AF_BLUETOOTH, AF_CAN, 34, 35, AF_CAIF, AF_NFC, 40, 41, 38, 30, 43, 44, 99, -1};
  for (int i = 0; i < 21; i++)
    for (int p = 0; p < 4; p++) {
      static const int types[] = {SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, SOCK_DGRAM | SOCK_CLOEXEC, SOCK_STREAM | SOCK_NONBLOCK | 0x100, 0x800};
      long fd = call(socket, domains[i], types[p], p == 3 ? 300 : p == 2 ? 0x300 : p);
      if (fd >= 0) close(fd);
    }
  call(socket, AF_INET, 0, 0), call(socket, AF_INET, SOCK_NONBLOCK, -1), call(socket, -1, -1, -1);
  call(socketpair, AF_UNIX, SOCK_STREAM, 0, pair), close(pair[0]), close(pair[1]);
  call(socketpair, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, 0), call(socketpair, AF_UNIX, SOCK_STREAM, 0, WILD), call(socketpair, AF_INET, SOCK_STREAM, IPPROTO_TCP, pair), call(socketpair, 77, 0x77, -1, pair);
}

static void local(void) {
  struct sockaddr_un name = {AF_UNIX, "\0sysglass-network-sockets"}, peer;
  int length = offsetof(struct sockaddr_un, sun_path) + 25, room = sizeof peer;
  int s = call(socket, AF_UNIX, SOCK_STREAM, 0);
  call(bind, s, &name, length), call(listen, s, 5), call(listen, -1, HIGH | -1), call(bind, s, 0, 0), call(bind, s, 0, 5), call(bind, s, WILD, 16);
  int c = call(socket, AF_UNIX, SOCK_STREAM, 0);
  call(connect, c, &name, length), call(accept, s, &peer, &room), call(getsockname, c, &peer, &room);
  room = sizeof peer, call(getsockname, s, &peer, &room), call(getsockname, s, &peer, &room);
  for (int i = 0; i < 4; i++) room = (int[]){5, 1, 0, -1}[i], call(getpeername, c, &peer, &room);
  room = 110, call(getpeername, c, 0, &room), call(getpeername, c, 0, 0), call(getpeername, c, &peer, 0), call(getpeername, c, &peer, WILD), call(getpeername, c, WILD, &room), call(getpeername, -1, &peer, &room), call(getpeername, s, &peer, &room);
  room = 100, c = call(socket, AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
  call(connect, c, &name, length), call(accept4, s, &peer, &room, SOCK_CLOEXEC | SOCK_NONBLOCK | 0x10), call(accept4, s, &peer, &room, SOCK_CLOEXEC | SOCK_NONBLOCK);
  c = call(socket, AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0), call(connect, c, &name, length), call(accept4, s, 0, 0, 0), call(accept4, -1, 0, 0, 0), call(accept4, -1, &peer, &room, 0);
  call(accept, -1, &peer, &room), call(accept, -1, WILD, &room), call(accept, -1, WILD, WILD), call(accept, -1, 0, WILD);
  call(shutdown, c, SHUT_RD), call(shutdown, c, SHUT_WR), call(shutdown, c, SHUT_RDWR), call(shutdown, c, 3), call(shutdown, -1, HIGH | -1);
}

static void internet(void) {
  struct sockaddr_in name = {AF_INET, htons(38917), {htonl(INADDR_LOOPBACK)}}, from;
  int t = call(socket, AF_INET, SOCK_DGRAM, 0), room, on = 1;
  char b[100] = "";
  call(setsockopt, t, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), call(bind, t, &name, sizeof name), call(connect, t, &name, sizeof name);
  static const int rooms[] = {16, 8, 100, 1, 0};
  for (int i = 0; i < 5; i++) call(sendto, t, "hello", 5, MSG_DONTWAIT | MSG_NOSIGNAL, 0, 0), room = rooms[i], call(recvfrom, t, b, i == 2 ? 3 : 100, i == 2 ? MSG_DONTWAIT | MSG_TRUNC : MSG_DONTWAIT, &from, &room);
  room = 16, call(recvfrom, t, b, 100, MSG_DONTWAIT, &from, &room);
  void *buffers[] = {b, b, b, b, b, WILD}, *froms[] = {0, &from, 0, &from, WILD, &from}, *lengths[] = {&room, 0, 0, WILD, &room, &room};
  for (int i = 0; i < 6; i++) call(sendto, t, "hello", 5, 0, &name, sizeof name), call(recvfrom, t, buffers[i], 100, MSG_DONTWAIT, froms[i], lengths[i]);
  call(sendto, t, WILD, 5, 0x7, 0, 0), call(sendto, t, 0, 5, 0, WILD, -1), call(sendto, -1, "", 0, 0, WILD, 16), call(sendto, HIGH | -1, "a\tb\377", 4, HIGH | 0, 0, HIGH | 3);
  call(recvfrom, -1, b, 5, 0x100000, &from, &room), call(recvfrom, -1, 0, 0, 0, 0, 0);
  call(sendto, t, "a string that is longer than the thirty-two bytes shown", 55, MSG_MORE, 0, 0);
}

int main(void) {
  make(), local(), internet();
  return 0;
}
