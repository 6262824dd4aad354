/* Clocks: reading them, and setting them in ways that the kernel refuses. Nothing here may move the machine's time. */
#include "calls.h"
#include <sys/time.h>
#include <sys/timex.h>
#include <string.h>

/* CPU clocks of processes and threads, and clocks that are descriptors. */
#define PROCESS_CLOCK(pid, kind) (~(unsigned)(pid) << 3 | (kind))

static struct { long sec, part; } t, unset = {-1, -1}, bad = {1700000000, 1000000000}, exact = {1700000000, 0}, low = {-5, 123456789}, past = {1, 5};

static void read_clocks(void) {
  static const long clocks[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 77, -1, -2, -3, -6, -5, -30, PROCESS_CLOCK(1, 2), PROCESS_CLOCK(1, 0), PROCESS_CLOCK(1, 5), PROCESS_CLOCK(99999999, 6), PROCESS_CLOCK(3, 3), PROCESS_CLOCK(0, 4), HIGH | 0, HIGH | 1};
  for (unsigned i = 0; i < sizeof clocks / sizeof *clocks; i++) call(clock_getres, clocks[i], &t), call(clock_getres, clocks[i], 0);
  call(clock_getres, 0, WILD), call(clock_gettime, 99, &t), call(clock_gettime, 0, 0), call(clock_gettime, 0, WILD), call(clock_gettime, -3, WILD);
}

static void set_clocks(void) {
  call(clock_settime, 1, &exact), call(clock_settime, 0, &bad), call(clock_settime, 0, 0), call(clock_settime, 0, WILD), call(clock_settime, 99, &exact), call(clock_settime, 2, &low), call(clock_settime, -6, &unset), call(clock_settime, HIGH | 3, &past);
#ifdef SYS_settimeofday
  struct timezone zone = {-60, 7}, odd = {99999, -1};
  struct { long sec, part; } wrong = {1700000000, 1000000}, below = {1700000001, -1}, far = {0x7fffffffffffffff, 5000000};
  call(settimeofday, &wrong, 0), call(settimeofday, &below, &odd), call(settimeofday, &far, &zone), call(settimeofday, 0, &odd), call(settimeofday, WILD, &zone), call(settimeofday, &wrong, WILD), call(settimeofday, 0, WILD);
  call(gettimeofday, 0, 0), call(gettimeofday, 0, &zone), call(gettimeofday, WILD, 0), call(gettimeofday, 0, WILD), call(gettimeofday, WILD, WILD);
#endif
#ifdef SYS_time
  call(time, WILD), call(time, -1);
#endif
}

static void adjust(void) {
  struct timex x;
  memset(&x, 0x11, sizeof x), x.modes = 0;
  call(adjtimex, 0), call(adjtimex, WILD), call(clock_adjtime, 0, 0), call(clock_adjtime, 0, WILD), call(clock_adjtime, 99, &x), call(clock_adjtime, 1, &x), call(clock_adjtime, -3, &x), call(clock_adjtime, HIGH | 77, WILD);
  struct timex whole;
  memset(&whole, 0, sizeof whole), call(adjtimex, &whole), whole.modes = 0, call(clock_adjtime, 0, &whole), whole.modes = 0, call(clock_adjtime, HIGH | 0, &whole);
  x.modes = ADJ_TICK, x.tick = 1, call(adjtimex, &x), x.modes = ADJ_OFFSET_SS_READ | 0x800, call(adjtimex, &x), call(clock_adjtime, 7, &x), x.modes = 0x2000 | 0x100 | 0x40, x.time.tv_usec = -1, call(clock_adjtime, 0, &x);
  x.modes = ADJ_STATUS | ADJ_TICK, x.status = STA_PLL | STA_CLK | 0x10000, x.tick = -1, call(adjtimex, &x);
}

static void sleep_a_little(void) {
  struct { long sec, part; } none = {0, 0}, short_one = {0, 1}, left = {7, 8};
  call(nanosleep, &none, 0), call(nanosleep, &short_one, &left), call(nanosleep, &bad, &left), call(nanosleep, &low, &left), call(nanosleep, 0, 0), call(nanosleep, WILD, &left), call(nanosleep, &short_one, WILD), call(nanosleep, &unset, WILD);
  call(clock_nanosleep, 0, 0, &none, 0), call(clock_nanosleep, 1, 1, &past, &left), call(clock_nanosleep, 0, 1, &past, 0), call(clock_nanosleep, 1, 0, &short_one, &left), call(clock_nanosleep, 99, 0, &none, 0), call(clock_nanosleep, 3, 0, &none, &left), call(clock_nanosleep, 0, 0, 0, 0), call(clock_nanosleep, 0, 3, &bad, &left), call(clock_nanosleep, 1, 0xfffffffe, WILD, WILD), call(clock_nanosleep, HIGH | 0, HIGH | 1, &past, 0), call(clock_nanosleep, 2, 8, &low, &left);
}

int main(void) {
  read_clocks(), set_clocks(), adjust(), sleep_a_little();
  return 0;
}
