/* getpid and write through int 0x80, as 32-bit calls of a 64-bit program. */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <unistd.h>

static long call32(long number, long a, long b, long c) {
  long result;
  __asm__ volatile("int $0x80" : "=a"(result) : "a"(number), "b"(a), "c"(b), "d"(c) : "memory", "r8", "r9", "r10", "r11");
  return result;
}

int main(void) {
  if (call32(20, 0, 0, 0) != getpid()) return 1;
  char *low = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
  low[0] = 'h';
  low[1] = 'i';
  int pipes[2];
  if (pipe(pipes)) return 2;
  return call32(4, pipes[1], (long)low, 2) == 2 ? 0 : 3;
}
