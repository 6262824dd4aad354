/* Futexes: which arguments an operation has, and how they look. */
#include "calls.h"
#include <linux/futex.h>
#include <sys/mman.h>
#include <time.h>

static unsigned f, g;
static struct timespec moment = {0, 5}, past = {-1, 5};

int main(void) {
  for (int op = 0; op < 14; op++) {
    f = 5, g = 0, call(futex, &f, op | FUTEX_PRIVATE_FLAG, 7, op == 0 || op == 9 || op == 11 ? (void *)&moment : (void *)3, &g, 0x12345678);
    call(futex, &f, op, -1, WILD, WILD, -1), f = 5;
    if (op != 6 && op != 13) call(futex, &f, op | FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME, 0, 0, 0, 0), call(futex, &f, op | FUTEX_CLOCK_REALTIME, 0, 0, 0, 0);
  }
  f = 5, call(futex, &f, FUTEX_WAIT_PRIVATE, 5, &moment, 0, 0), call(futex, &f, FUTEX_WAKE_PRIVATE, 0x7fffffff), call(futex, &f, FUTEX_WAKE, HIGH | 1), call(futex, &f, FUTEX_WAIT_BITSET_PRIVATE | FUTEX_CLOCK_REALTIME, 5, &moment, 0, -1), call(futex, &f, FUTEX_WAIT, 4, &past, 0, 0), call(futex, &f, 77, 4, 1, 2, 3), call(futex, &f, -1, 4, 1, 2, 3);
  unsigned ops[] = {FUTEX_OP(FUTEX_OP_SET, 1, FUTEX_OP_CMP_EQ, 2), FUTEX_OP(FUTEX_OP_ADD, -1, FUTEX_OP_CMP_LT, -1), FUTEX_OP(FUTEX_OP_OR | FUTEX_OP_OPARG_SHIFT, 3, FUTEX_OP_CMP_GE, 2), FUTEX_OP(5, 1, 7, 2), FUTEX_OP(FUTEX_OP_XOR, 4095, FUTEX_OP_CMP_NE, 4095), 0, -1};
  for (int i = 0; i < 7; i++) call(futex, &f, FUTEX_WAKE_OP_PRIVATE, 1, 1, &g, ops[i]);
  struct futex_waitv w[3] = {{5, (long)&f, FUTEX_32 | FUTEX_PRIVATE_FLAG, 0}, {6, (long)&g, FUTEX_32, 7}, {0x1122334455667788, 0xdeadbeefcafe, -1, 0}};
  static struct futex_waitv more[200];
  call(futex_waitv, more, 200, 0, 0, 0);
  char *last = (char *)mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) + 4096;
  munmap(last, 4096);
  call(futex_waitv, last - 5 * sizeof *more, 200, 0, 0, 0);
  call(futex_waitv, w, 1, 0, &moment, 1), call(futex_waitv, w, 3, 0, 0, 1), call(futex_waitv, w, 1, -1, &past, 99), call(futex_waitv, 0, 1, 0, 0, 0), call(futex_waitv, w, 0, 0, 0, 0), w[0].val = 4, call(futex_waitv, WILD, 1, 0, WILD, 4), call(futex_waitv, w, 1, 0, 0, 0), call(futex_waitv, HIGH | 0, HIGH | 1, HIGH | 1, 0, HIGH | 1);
  return 0;
}
