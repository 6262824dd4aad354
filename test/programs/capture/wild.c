/* System calls with pointers and lengths that lead nowhere; the exit status says whether the kernel agreed. */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  char *map = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  munmap(map + 4096, 4096);
  memset(map, 'x', 4096);
  int pipes[2];
  if (pipe(pipes)) return 2;

  /* Not ended before the mapping ends. */
  syscall(SYS_openat, -100, map + 4090, 0, 0);
  /* Addresses that no program has, and one that it might. */
  syscall(SYS_openat, -100, 1UL << 60, 0, 0);
  syscall(SYS_openat, -100, ~0UL, 0, 0);
  syscall(SYS_openat, -100, 4096UL, 0, 0);
  /* Lengths. */
  syscall(SYS_write, pipes[1], map, 1UL << 63);
  syscall(SYS_write, pipes[1], map, ~0UL);
  syscall(SYS_write, pipes[1], map + 4090, 100UL);
  /* A vector that is not there, one that ends in nothing. */
  syscall(SYS_writev, pipes[1], 1UL << 60, 3);
  syscall(SYS_writev, pipes[1], map + 4080, 1000000000);
  /* A call that there is not. */
  syscall(0xdead, 1, 2, 3, 4, 5, 6);
  /* The last word of the mapping: not a pointer to anything. */
  char *argv[] = {0};
  syscall(SYS_execve, map + 4088, map + 4088, argv);
  return 0;
}
