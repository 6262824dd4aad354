/* Raw system calls: every register is set, so that lines are the same each time. */
#define _GNU_SOURCE
#include <sys/syscall.h>
#include <unistd.h>

#define call(name, ...) call_number(SYS_##name, ##__VA_ARGS__)
#define call_number(number, ...) six(number, ##__VA_ARGS__, 0, 0, 0, 0, 0, 0)
#define six(n, a, b, c, d, e, f, ...) syscall(n, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))
/* An address that is not mapped, and what the kernel should not see of a 32-bit argument. */
#define WILD ((void *)0xdeadbeefcafeUL)
#define HIGH 0xfacefeed00000000UL
