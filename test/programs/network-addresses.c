/* Socket addresses of every family, whole and cut short: connect says them before the kernel looks at the descriptor. */
#include "calls.h"
#include <arpa/inet.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

static unsigned char bytes[256];

static void fill(int family, int pattern) {
  for (int i = 0; i < 256; i++) bytes[i] = pattern == 0 ? 0 : pattern == 1 ? i * 7 + 1 : 255;
  bytes[0] = family, bytes[1] = 0;
}

static void known(void) {
  struct sockaddr_in in = {AF_INET, htons(443), {htonl(0x7f000001)}};
  struct sockaddr_in6 in6 = {AF_INET6, htons(80), htonl(5), IN6ADDR_LOOPBACK_INIT, 7};
  const char *names[] = {"::", "::1", "1::", "::ffff:1.2.3.4", "::1.2.3.4", "::5", "fe80::1", "ff02::1", "ff12::1:2", "1:0:0:2::3", "1:2:3:4:5:6:7:8", "0:1:0:1:0:1:0:1", "1:2:3:0:0:6:7:8", "::ffff:0:1"};
  struct sockaddr_un un = {AF_UNIX, "/run/sysglass\n"};
  struct sockaddr_nl nl = {AF_NETLINK, 0, 77, 1};
  call(connect, -1, &in, sizeof in);
  for (int i = 0; i < 14; i++) inet_pton(AF_INET6, names[i], &in6.sin6_addr), in6.sin6_scope_id = i & 1, call(connect, -1, &in6, sizeof in6);
  call(connect, -1, &in6, 24), call(connect, -1, &un, sizeof un), call(connect, -1, &un, 2), call(connect, -1, &un, 6), call(connect, -1, &un, 200);
  memset(un.sun_path, 'x', sizeof un.sun_path), call(connect, -1, &un, sizeof un), call(connect, -1, &un, 109);
  memcpy(un.sun_path, "\0name\0\1", 8), call(connect, -1, &un, 10), call(connect, -1, &un, 3), call(connect, -1, &nl, sizeof nl);
  call(connect, -1, 0, 0), call(connect, -1, 0, 16), call(connect, -1, WILD, 16), call(connect, -1, WILD, -1), call(connect, HIGH | -1, &in, HIGH | 16);
}

/* Amateur radio: letters and digits shifted left, then a station's number. Bluetooth: numbers that count from a start. */
static void spelled(void) {
  static const char *calls[] = {"VALID ", "SPA CE", "      ", "NULL\0", "A-B-C ", "*     ", "A/B   ", "lower ", "  LEAD", "X\177    "};
  for (int i = 0; i < 10; i++)
    for (int last = 0; last < 5; last++) {
      fill(3, 0);
      for (int k = 0; k < 6; k++) bytes[2 + k] = calls[i][k] << 1 | (last == 4 && k == 5);
      bytes[8] = (const char[]){0, 26, 32, 0xa5, 4}[last], call(connect, -1, bytes, 16);
      bytes[12] = 1, memcpy(bytes + 16, bytes + 2, 7), call(connect, -1, bytes, 24);
    }
  static const int numbers[] = {1, 0x40, 0x7f, 0x80, 0x81, 0xff, 0x100, 0xbad, 0x1001, 0x1002, 0x10ff, 0xffff};
  for (int i = 0; i < 12; i++) fill(31, 0), bytes[2] = bytes[10] = numbers[i], bytes[3] = bytes[11] = numbers[i] >> 8, call(connect, -1, bytes, 14);
  for (int family = 0; family < 12; family++)
    for (int length = 0; length < 30; length++) fill(33, 1), bytes[6] = length, bytes[7] = 0, bytes[8] = family, bytes[9] = 0, call(connect, -1, bytes, 36);
}

int main(void) {
  static const int lengths[] = {0, 1, 2, 3, 4, 6, 8, 10, 12, 13, 14, 16, 18, 20, 24, 26, 28, 30, 36, 40, 64, 88, 96, 110, 128, 200, -1};
  known(), spelled();
  for (int family = 0; family < 47; family++)
    for (int pattern = 0; pattern < 3; pattern++) {
      fill(family, pattern);
      // XDP's flags grow: all ones would name those of tomorrow.
      if (family == 44 && pattern == 2) bytes[2] = 15, bytes[3] = 0;
      for (int i = pattern == 1 ? 0 : 11; i < (int)(sizeof lengths / sizeof *lengths); i += pattern == 1 ? 1 : 3) call(connect, -1, bytes, lengths[i]);
    }
  return 0;
}
