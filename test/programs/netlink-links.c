/* Netlink messages about links, in every length: none says that it is a request, so the kernel passes them over. */
#include "calls.h"
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>

#define ROOM 4096
static int fd, cut;
static unsigned char *page, whole[1024], *at;

static void put(const void *bytes, int length) {
  memcpy(at, bytes, length), at += length;
}
static void open_attribute(int type, int length) {
  struct nlattr nla = {4 + length, type};
  put(&nla, 4);
}
/* Its last bytes, `cut` of them, stand where nothing can be read. */
static void send_whole(void) {
  int total = at - whole, there = total > cut ? total - cut : 0;
  memcpy(page + ROOM - there, whole, there), call(sendto, fd, page + ROOM - there, total, MSG_DONTWAIT, 0, 0);
}

struct message {
  int type, bytes;
  unsigned char header[24];
};
/* Attributes in one another by `path`, -1 at its end, and in the last one `length` bytes of a pattern. */
static void say(const struct message *m, const int *path, int length, int pattern) {
  int depth = 0, room = (m->bytes + 3) & ~3, i;
  while (path[depth] >= 0) depth++;
  struct nlmsghdr header = {16 + room + 4 * depth + length, m->type, NLM_F_APPEND, 1, 0};
  at = whole, put(&header, 16), memset(at, 0, room), memcpy(at, m->header, m->bytes), at += room;
  for (i = 0; i < depth; i++) open_attribute(path[i], 4 * (depth - 1 - i) + length);
  for (i = 0; i < length; i++) *at++ = pattern == 0 ? 0 : pattern == 1 ? i * 7 + 1 : pattern == 2 ? 255 : "\1\0\0\0"[i & 3];
  send_whole();
}

static const struct message links = {RTM_GETLINK, 16, {AF_UNIX, 0, 4, 3, 1}}, bridge = {RTM_GETLINK, 16, {AF_BRIDGE, 0, 4, 3, 1}}, inet6 = {RTM_GETLINK, 16, {AF_INET6, 0, 4, 3, 1}};
static const struct message statistics = {RTM_GETSTATS, 12, {AF_UNIX, 0, 0, 0, 1, 0, 0, 0, 0x22}}, queues = {RTM_GETQDISC, 20, {AF_UNIX, 0, 0, 0, 1}}, actions = {RTM_GETACTION, 4, {AF_INET}};
static const struct message forwarding = {RTM_GETNEIGH, 16, {AF_BRIDGE, 0, 4, 3, 1}};
static const struct message reports = {96, 1, {128}}, reports6 = {96, 1, {129}}, other = {96, 1, {AF_UNIX}};

static const int few[] = {0, 1, 4, 9, 40}, many[] = {0, 1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 19, 20, 24, 28, 32, 36, 40, 48, 52, 72, 100, 200, 240, 260};
#define every(lengths) for (int n = 0; n < (int)(sizeof lengths / sizeof *lengths); n++)

/* Types `from` to `to` in attributes of the types before them. */
static void types(const struct message *m, int a, int b, int c, int from, int to) {
  for (int type = from; type <= to; type++) {
    int path[5], depth = 0;
    if (a >= 0) path[depth++] = a;
    if (b >= 0) path[depth++] = b;
    if (c >= 0) path[depth++] = c;
    path[depth++] = type, path[depth] = -1;
    if (!cut) every(few) say(m, path, few[n], type % 4);
    every(many) if ((n + type) % 4 == 0) say(m, path, many[n], 1);
  }
}

static void all(void) {
  types(&links, -1, -1, -1, 0, 62);
  types(&bridge, IFLA_PROTINFO, -1, -1, 0, 40), types(&inet6, IFLA_PROTINFO, -1, -1, 0, 10), types(&bridge, IFLA_AF_SPEC, -1, -1, 0, 7), types(&bridge, IFLA_AF_SPEC, 3, -1, 0, 4);
  types(&links, IFLA_AF_SPEC, AF_INET, -1, 0, 2), types(&links, IFLA_AF_SPEC, AF_INET6, -1, 0, 10), types(&links, IFLA_AF_SPEC, AF_MCTP, -1, 0, 2);
  types(&links, IFLA_VFINFO_LIST, 1, -1, 0, 14), types(&links, IFLA_VFINFO_LIST, 1, 8, 0, 9), types(&links, IFLA_VFINFO_LIST, 1, 12, 0, 2), types(&links, IFLA_VF_PORTS, 1, -1, 0, 8), types(&links, IFLA_PORT_SELF, -1, -1, 0, 8);
  types(&links, IFLA_LINKINFO, -1, -1, 0, 6), types(&links, IFLA_LINKINFO, 2, -1, 0, 48);
}

static void counted(void) {
  types(&statistics, -1, -1, -1, 0, 6), types(&statistics, 4, -1, -1, 0, 2);
  for (int from = 2; from <= 3; from++) types(&statistics, from, 1, -1, 0, 5), types(&statistics, from, 2, 1, 0, 10);
  types(&statistics, 5, 28, -1, 0, 2);
  types(&queues, -1, -1, -1, 0, 16), types(&queues, TCA_STATS2, -1, -1, 0, 9), types(&queues, TCA_STAB, -1, -1, 0, 3), types(&actions, -1, -1, -1, 0, 11), types(&actions, 4, -1, -1, 0, 9);
  types(&forwarding, -1, -1, -1, 0, 3), types(&reports, -1, -1, -1, 0, 7), types(&reports6, -1, -1, -1, 0, 6), types(&other, -1, -1, -1, 0, 2);
}

/* What links say of a kind, after the kind. */
static void kinds(void) {
  static const char *names[] = {"bridge", "tun", "can", "veth", "constructor", "a kind with a name that is long"};
  for (int kind = 0; kind < 6; kind++)
    for (int what = 2; what <= 5; what += what == 3 ? 2 : 1)
      for (int type = 0; type < (what == 3 ? 1 : kind > 1 ? 2 : kind ? 11 : 49); type++)
        every(few) {
          int name = strlen(names[kind]) + 1, room = (name + 3) & ~3, length = few[n], value = what == 3 ? length : 4 + length;
          struct nlmsghdr header = {16 + 16 + 4 + 4 + room + 4 + value, RTM_GETLINK, 0, 2, 0};
          at = whole, put(&header, 16), put(links.header, 16), open_attribute(IFLA_LINKINFO, 8 + room + value), open_attribute(what == 5 ? 4 : 1, name);
          memset(at, 0, room), strcpy((char *)at, names[kind]), at += room, open_attribute(what, value);
          if (what != 3) open_attribute(type, length);
          for (int i = 0; i < length; i++) *at++ = i * 5 + type;
          send_whole();
        }
}

int main(void) {
  page = mmap((void *)0x10000000, 2 * ROOM, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  mprotect(page + ROOM, ROOM, PROT_NONE);
  fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
  all(), counted(), kinds();
  cut = 1, all(), cut = 6, counted(), cut = 18, types(&links, -1, -1, -1, 0, 12), types(&queues, -1, -1, -1, 0, 2), types(&reports, -1, -1, -1, 0, 2), types(&actions, -1, -1, -1, 0, 2);
  return 0;
}
