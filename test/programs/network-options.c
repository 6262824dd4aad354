/* Options of sockets: set to numbers, structures and filters of every length, and got back. */
#include "calls.h"
#include <linux/filter.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

static char value[4096];
static const int lengths[] = {0, 1, 2, 4, 5, 8, 12, 16, 20, 136, 200, -1};
/* Levels that every version knows, and one that none does. */
static const int levels[] = {SOL_IP, SOL_SOCKET, 6, 17, SOL_IPV6, SOL_RAW, 132, 256, 257, SOL_PACKET, 266, 268, 269, SOL_NETLINK, 271, 272, 273, 274, 275, 276, 277, 278, 279, 280, 281, 282, 999};

static void set(void) {
  for (int l = 0; l < 27; l++) {
    memset(value, 0x21, 300);
    for (int option = 0; option < (levels[l] == 6 ? 38 : levels[l] < 42 ? 40 : 3); option++)
      for (int i = option & 3; i < 12; i += levels[l] == SOL_SOCKET ? 1 : 4)
        /* Too few bits of a filter are made up from whatever the tracer has there. */
        if (levels[l] != SOL_RAW || lengths[i] >= 4) call(setsockopt, -1, levels[l], option, value, lengths[i]);
    call(setsockopt, -1, levels[l], 0x7777, 0, 4), call(setsockopt, -1, levels[l], 1, WILD, 200);
  }
  static const int structures[][2] = {{SOL_IP, 42}, {SOL_IP, 45}, {SOL_IPV6, 20}, {SOL_IPV6, 27}, {SOL_IPV6, 42}, {SOL_PACKET, 1}, {SOL_PACKET, 2}, {SOL_PACKET, 5}, {SOL_PACKET, 13}, {SOL_SOCKET, 51}, {SOL_SOCKET, 74}};
  for (int s = 0; s < 11; s++)
    for (int i = 0; i < 12; i++) call(setsockopt, -1, structures[s][0], structures[s][1], value, lengths[i]);
  struct ipv6_mreq six = {.ipv6mr_interface = 1};
  struct group_req group = {1, {AF_INET}};
  call(setsockopt, -1, SOL_IPV6, IPV6_ADD_MEMBERSHIP, &six, sizeof six), call(setsockopt, -1, SOL_IP, MCAST_JOIN_GROUP, &group, sizeof group);
  int hash = 0;
  for (; hash < 3; hash++) call(setsockopt, -1, SOL_SOCKET, 74, &hash, 4);
  hash = 255, call(setsockopt, HIGH | -1, HIGH | SOL_SOCKET, HIGH | 74, &hash, HIGH | 4);
  static struct sock_filter code[4100];
  struct sock_fprog program = {4, code};
  for (int i = 0; i < 256; i++) code[i] = (struct sock_filter){i == 0xe5 || i == 0xed ? 0 : i, i % 3, i % 2, i};
  static const unsigned k[] = {0, 0xfffff000, 0xfffff004, 0xfffff03c, 0xfffff100, 0xfff00000, 0xfff00001, 0xffe00010, 0xffd00000, 0xffffffff};
  for (int i = 0; i < 40; i++) code[256 + i] = (struct sock_filter){(int[]){0x20, 0x28, 6, 0x120}[i % 4], 0, 0, k[i / 4]};
  call(setsockopt, -1, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program), program.len = 4097, call(setsockopt, -1, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program), program.len = 296, call(setsockopt, -1, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
  program.filter = 0, call(setsockopt, -1, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program), program.len = 0, program.filter = code, call(setsockopt, -1, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program), program.filter = WILD, program.len = 1, call(setsockopt, -1, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
}

static void get(int s, int level, int option) {
  for (int i = 0; i < 12; i++) {
    int length = lengths[i];
    memset(value, 0x21, 300);
    if (level != SOL_RAW || length >= 4) call(getsockopt, s, level, option, value, &length);
  }
}

int main(void) {
  set();
  int tcp = socket(AF_INET, SOCK_STREAM, 0), netlink = socket(AF_NETLINK, SOCK_RAW, 0), udp = socket(AF_INET, SOCK_DGRAM, 0), six = socket(AF_INET6, SOCK_STREAM, 0), raw = socket(AF_INET, SOCK_RAW, 1), packet = socket(AF_PACKET, SOCK_RAW, 0);
  static const int ofTcp[][2] = {{SOL_SOCKET, SO_TYPE}, {SOL_SOCKET, SO_LINGER}, {SOL_SOCKET, SO_ERROR}, {SOL_SOCKET, SO_RCVTIMEO}, {SOL_SOCKET, SO_BINDTODEVICE}, {SOL_SOCKET, SO_PROTOCOL}, {SOL_SOCKET, 74}, {SOL_SOCKET, SO_PEERCRED}, {6, TCP_MAXSEG}, {6, TCP_CONGESTION}, {SOL_IP, IP_TTL}, {SOL_IP, IP_OPTIONS}, {SOL_SOCKET, 0x777}, {999, 5}, {SOL_SOCKET, SO_DEBUG}, {SOL_SOCKET, SO_RCVBUF}};
  for (int i = 0; i < 16; i++) get(tcp, ofTcp[i][0], ofTcp[i][1]);
  get(six, SOL_IPV6, IPV6_V6ONLY), get(packet, SOL_PACKET, 6), get(packet, SOL_PACKET, 10), get(raw, SOL_RAW, 1);
  get(netlink, SOL_NETLINK, NETLINK_LIST_MEMBERSHIPS), get(netlink, SOL_NETLINK, NETLINK_PKTINFO);
  int group = 5, four = 4;
  setsockopt(netlink, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, 4), get(netlink, SOL_NETLINK, NETLINK_LIST_MEMBERSHIPS);
  struct sock_filter code[] = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 12), BPF_STMT(BPF_RET | BPF_K, 0xffff)};
  struct sock_fprog program = {2, code};
  call(setsockopt, udp, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program), get(udp, SOL_SOCKET, SO_GET_FILTER);
  static struct sock_filter many[1500], got[1500];
  for (int i = 0; i < 1500; i++) many[i] = code[i == 1499];
  int instructions = 1500;
  program = (struct sock_fprog){1500, many}, setsockopt(udp, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
  call(getsockopt, udp, SOL_SOCKET, SO_GET_FILTER, got, &instructions);
  call(getsockopt, tcp, 1, 3, 0, 0), call(getsockopt, tcp, 1, 3, 0, &four), call(getsockopt, tcp, 1, 3, value, 0), call(getsockopt, tcp, 1, 3, value, WILD), call(getsockopt, tcp, 1, 3, WILD, &four), call(getsockopt, -1, 1, 3, value, &four), call(getsockopt, HIGH | tcp, HIGH | 1, HIGH | 3, value, &four);
  return 0;
}
