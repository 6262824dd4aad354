/* bpf: every command with attributes of every size. */
#include "calls.h"
#include <string.h>

static union {
  unsigned char bytes[4096];
  unsigned words[1024];
  unsigned long longs[512];
} attr;
static char log[64], many[80], key[8] = "\1\2\3\4567";

#define bpf(command, size) call(bpf, command, &attr, size)

/* Each command with no attributes, with some, and with more than there are. */
static void commands(int fill) {
  for (int c = -1; c < 42; c++) {
    memset(&attr, 0, sizeof attr), memset(&attr, fill, 200);
    bpf(c, 0), bpf(c, 4), bpf(c, 12), bpf(c, 40), bpf(c, 128), bpf(c, 192), attr.bytes[300] = 5, bpf(c, 320);
  }
}

/* What the kernel accepts. */
static void working(void) {
  struct { unsigned char code, regs; short off; int imm; } program[] = {
    {0xb7, 0x00, 0, 1}, {0x18, 0x11, 0, 5}, {0, 0, 0, 0}, {0x79, 0x16, 8, 0}, {0x7b, 0x1a, -8, 0}, {0x72, 0x0a, -16, 7}, {0x0f, 0x10, 0, 0}, {0x67, 0x00, 0, 32}, {0xdc, 0x00, 0, 16}, {0xd4, 0x00, 0, 64}, {0x84, 0, 0, 0}, {0x1d, 0x10, 1, 0},
    {0x15, 0x00, -1, 9}, {0xa5, 0x00, 1, 9}, {0x06, 0, 1, 9}, {0x05, 0, 3, 0}, {0x85, 0, 0, 6}, {0x85, 0x10, 0, -1}, {0xdb, 0x12, 4, 1}, {0xc3, 0x12, 4, 0}, {0x20, 0, 0, 5}, {0x30, 0, 0, 5}, {0x48, 0x10, 0, 5}, {0x62, 0, 4, 5}, {0xe7, 0, 0, 0}, {0xff, 0xff, -1, -1}, {0x95, 0, 0, 0},
  };
  memset(&attr, 0, sizeof attr), attr.words[0] = 2, attr.words[1] = 4, attr.words[2] = 8, attr.words[3] = 16, strcpy((char *)&attr.bytes[28], "sysglass_map");
  int map = bpf(0, 72);
  attr.words[4] = 0xffff, attr.words[6] = 3, attr.words[11] = 1, bpf(0, 20), bpf(0, 24), bpf(0, 28), bpf(0, 44), bpf(0, 48), bpf(0, 52), bpf(0, 60), bpf(0, 64), bpf(0, 72), bpf(0, 80), bpf(0, 96);
  memset(attr.bytes + 28, 'n', 16), attr.words[0] = 99, bpf(0, 64);
  for (int c = 1; c < 5; c++) memset(&attr, 0, sizeof attr), attr.words[0] = map, attr.longs[1] = (long)key, attr.longs[2] = c == 3 ? 0 : (long)log, attr.longs[3] = c, bpf(c, 32), bpf(c, 24), bpf(c, 16);
  memset(&attr, 0, sizeof attr), attr.words[0] = 2, attr.words[1] = 27, attr.longs[1] = (long)program, attr.longs[2] = (long)"GPL", attr.words[6] = 1, attr.words[7] = 64, attr.longs[4] = (long)log, attr.words[10] = 0x60110, strcpy((char *)&attr.bytes[48], "sysglass");
  bpf(5, 48), bpf(5, 64), bpf(5, 72), bpf(5, 116), bpf(5, 120), bpf(5, 128), attr.words[0] = 1, bpf(5, 128), attr.longs[1] = (long)(program + 26), attr.words[1] = 1, bpf(5, 128), attr.longs[2] = (long)many, attr.longs[1] = (long)WILD, bpf(5, 144), attr.words[1] = 0, attr.longs[4] = (long)WILD, attr.words[11] = 0x1f, attr.words[17] = 7, bpf(5, 152), attr.words[1] = -1, bpf(5, 128);
  memset(&attr, 0, sizeof attr), attr.longs[0] = (long)"/nowhere/pin", attr.words[2] = map, bpf(6, 12), attr.words[3] = 0x18, bpf(6, 16), bpf(7, 16), attr.longs[0] = (long)many, bpf(7, 24);
  memset(&attr, 0, sizeof attr), attr.words[0] = -1, attr.words[1] = map, attr.words[2] = 3, attr.words[3] = 7, attr.words[4] = 9, bpf(8, 16), bpf(8, 20), bpf(9, 16), attr.words[2] = 99, bpf(9, 20);
  memset(&attr, 0, sizeof attr), attr.words[0] = -1, attr.words[2] = 4, attr.words[3] = 8, attr.longs[2] = (long)key, attr.longs[3] = (long)log, attr.words[8] = 5, attr.words[10] = 4, attr.longs[6] = (long)key, attr.longs[7] = (long)WILD, bpf(10, 40), bpf(10, 64), attr.words[16] = 1, attr.words[17] = 2, bpf(10, 72), bpf(10, 80);
  for (int c = 11; c < 13; c++) memset(&attr, 0, sizeof attr), bpf(c, 12), attr.words[0] = -1, attr.words[1] = 0, bpf(c, 8), bpf(c, 16);
  for (int c = 13; c < 15; c++) memset(&attr, 0, sizeof attr), attr.words[0] = 0x7fffffff, bpf(c, 4), attr.words[2] = 0x18, bpf(c, 12), attr.words[2] = 0x1018, bpf(c, 16);
  memset(&attr, 0, sizeof attr), attr.words[0] = -1, attr.words[1] = 200, attr.longs[1] = (long)many, bpf(15, 16), attr.words[1] = 7, bpf(15, 16), attr.longs[1] = 0, bpf(15, 24);
  memset(&attr, 0, sizeof attr), attr.words[0] = -1, attr.words[1] = 4, attr.words[2] = 1, attr.longs[2] = (long)log, attr.words[6] = 3, bpf(16, 28), attr.words[2] = 9, bpf(16, 64), attr.longs[2] = 0, attr.words[6] = 0, bpf(16, 32);
  memset(&attr, 0, sizeof attr), attr.longs[0] = (long)"sys_enter", attr.words[2] = -1, bpf(17, 12), attr.longs[0] = (long)many, bpf(17, 16), attr.longs[0] = (long)WILD, bpf(17, 24);
  memset(&attr, 0, sizeof attr), attr.longs[0] = (long)key, attr.words[4] = 8, attr.longs[1] = (long)log, attr.words[5] = 64, attr.words[6] = 1, bpf(18, 28), attr.words[4] = 0, bpf(18, 24), bpf(18, 32);
  memset(&attr, 0, sizeof attr), attr.words[0] = 0x7fffffff, bpf(19, 4), bpf(19, 8), bpf(23, 8), attr.words[0] = 1, attr.words[1] = 5, attr.words[3] = 64, attr.longs[2] = (long)log, attr.words[7] = 2, attr.longs[4] = 0x1234, attr.longs[5] = 0x5678, bpf(20, 48), attr.words[2] = 3, attr.words[7] = 77, bpf(20, 56);
  for (int c = 24; c < 28; c++) memset(&attr, 0, sizeof attr), attr.longs[1] = (long)log, attr.longs[2] = (long)key, attr.longs[3] = (long)log, attr.words[8] = 2, attr.words[9] = map, attr.longs[5] = 4, bpf(c, 56), attr.longs[6] = 7, bpf(c, 56), bpf(c, 64);
  static const int types[] = {0, 6, 29, 38, 42, 45, 46, 48, 55, 99};
  for (int i = 0; i < 10; i++) memset(&attr, 0, sizeof attr), attr.words[0] = -1, attr.words[1] = map, attr.words[2] = types[i], attr.words[3] = 3, attr.longs[2] = 0x1234500077UL, attr.words[6] = 5, attr.longs[4] = 0x99, attr.longs[5] = 0x77, bpf(28, 16), bpf(28, 32), bpf(28, 48), bpf(28, 64);
  memset(&attr, 0, sizeof attr), attr.words[0] = map, attr.words[1] = -1, attr.words[2] = 4, attr.words[3] = 5, bpf(29, 16), attr.words[2] = 0, bpf(29, 12), bpf(29, 24);
  memset(&attr, 0, sizeof attr), attr.words[0] = 5, bpf(30, 4), bpf(31, 8), bpf(32, 4), attr.words[0] = 0, bpf(32, 8), attr.words[0] = map, attr.words[1] = 3, bpf(33, 8), bpf(33, 16), bpf(34, 4), bpf(34, 8), attr.words[2] = 9, bpf(35, 12), bpf(35, 16), bpf(22, 4), bpf(22, 8), bpf(36, 8), bpf(36, 16);
}

int main(void) {
  memset(many, 'm', sizeof many - 1);
  for (int i = 0; i < 22; i++) call(bpf, i * 2, 0, 40), call(bpf, i * 2 + 1, WILD, 40);
  call(bpf, HIGH, &attr, HIGH | 40), call(bpf, 0, &attr, -1), call(bpf, 0, &attr, 4096), call(bpf, 0, &attr, 5000), call(bpf, 99, &attr, 4000);
  commands(0), commands(0xff), commands(1);
  working();
  return 0;
}
