/* Mapping memory, protecting it, giving advice about it, and asking for NUMA placement. */
#include "calls.h"
#include <fcntl.h>
#include <stdint.h>
#include <sys/mman.h>

#define HERE ((char *)0x10000000)

static void maps(void) {
  call(mmap, HERE, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  call(mmap, 0, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0), call(munmap, 0, 4096);
  call(mmap, 0, 0, 0, 0, 0, 0), call(mmap, 0, 4096, 0x8, 0x10, -1, 0), call(mmap, WILD, 1, HIGH | 0xf0000007, MAP_SHARED | 0x700000, 99, 0x123456789000);
  call(mmap, 0, -1, PROT_EXEC | 8 | PROT_GROWSDOWN | PROT_GROWSUP, MAP_SHARED_VALIDATE | MAP_SYNC | MAP_HUGETLB | 21 << 26, -1, 4095), call(mmap, 0, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | 30 << 26, HIGH | 5, -4096);
  call(mmap, 1, 4096, PROT_READ, MAP_PRIVATE | MAP_32BIT | MAP_GROWSDOWN | MAP_DENYWRITE | MAP_EXECUTABLE | MAP_LOCKED | MAP_NORESERVE | MAP_POPULATE | MAP_NONBLOCK | MAP_STACK | MAP_FIXED_NOREPLACE, -1, 1);
  call(mmap, 0, 4096, PROT_READ, 0x0f, 5, 0), call(mmap, 0, 4096, 7, MAP_PRIVATE | 1 << 26, 5, 0), call(mmap, 0, 4096, 7, MAP_PRIVATE | MAP_HUGETLB | 63u << 26, -3, 0), call(mmap, 0, 4096, 1, HIGH | 0x4000000, 5, 0), call(mmap, 0, 1, 0, 0x1f, 5, 0), call(mmap, 0, 1, 0, 0x4000005, 5, 0);
  int fd = open("/proc/self/exe", O_RDONLY);
  call(mmap, HERE + 0x100000, 8192, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd, 0x1000), call(mmap, HERE + 0x200000, 1000, PROT_READ, MAP_SHARED | MAP_FIXED, fd, 0);
  call(mprotect, HERE, 4096, PROT_NONE), call(mprotect, HERE, 4096, PROT_READ | PROT_WRITE | PROT_EXEC), call(mprotect, 0, -1, HIGH | 0x80000010), call(mprotect, WILD, 0, PROT_GROWSDOWN | PROT_READ);
  call(munmap, HERE + 0x100000, 8192), call(munmap, 1, 0), call(munmap, 0, -1), call(brk, 1), call(brk, WILD), call(brk, -1);
  call(mremap, HERE, 4096, 8192, 0), call(mremap, HERE + 0x200000, 4096, 8192, MREMAP_MAYMOVE | MREMAP_FIXED, HERE + 0x300000), call(mremap, WILD, -1, 1, MREMAP_MAYMOVE, WILD);
  call(mremap, 0, 1, 2, MREMAP_DONTUNMAP | MREMAP_MAYMOVE, WILD), call(mremap, WILD, 1, 2, HIGH | 8, WILD), call(mremap, WILD, 1, 2, MREMAP_FIXED, 0);
  call(remap_file_pages, HERE, 4096, 0, 1, 0), call(remap_file_pages, WILD, -1, PROT_READ | 0x80, HIGH, MAP_NONBLOCK), call(remap_file_pages, 0, 4096, HIGH | 2, -1, 2 | 0x4000000 | 21 << 26 | MAP_HUGETLB);
  call(msync, HERE, 4096, MS_SYNC), call(msync, WILD, -1, MS_ASYNC | MS_INVALIDATE), call(msync, 0, 0, HIGH | 8), call(msync, 0, 0, 0xf);
  unsigned char vec[40], *edge = (unsigned char *)HERE + 65536;
  call(mincore, HERE, 16384, vec), call(mincore, HERE, 65536, vec), call(mincore, HERE, 0, vec), call(mincore, HERE, 4096, 0), call(mincore, HERE, 4096, WILD), call(mincore, HERE + 1, 4096, vec), call(mincore, WILD, -1, vec);
  for (int i = 0; i < 4; i++) HERE[i * 8192] = 1;
  call(mmap, HERE + 0x400000, 40 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0), call(mincore, HERE + 0x400000, 40 * 4096, vec), call(mincore, HERE, 5000, vec), call(mincore, HERE, 12000, edge - 2);
}

static void advice(void) {
  for (int i = 0; i < 30; i++) call(madvise, WILD, HIGH, i);
  for (int i = 98; i < 102; i++) call(madvise, 0, 1, i);
  call(madvise, HERE, 4096, MADV_DONTNEED), call(madvise, HERE, 4096, HIGH | 4), call(madvise, HERE, 4096, -1);
  call(mlock, HERE, 4096), call(mlock, WILD, -1), call(mlock2, HERE, 4096, 1), call(mlock2, HERE, 4096, HIGH | 0), call(mlock2, 0, 0, 0xfffffffe), call(munlock, HERE, 4096), call(munlock, 0, HIGH);
  call(mlockall, 0), call(mlockall, 8), call(mlockall, HIGH | 0xf0), call(mlockall, MCL_ONFAULT), call(munlockall);
  int key = call(pkey_alloc, 0, 0);
  call(pkey_alloc, HIGH, 1), call(pkey_alloc, 0, 3), call(pkey_alloc, 1, HIGH | 0xbad), call(pkey_mprotect, HERE, 4096, PROT_READ | PROT_WRITE, -1), call(pkey_mprotect, WILD, -1, 0x1000007, HIGH | 5), call(pkey_free, -1), call(pkey_free, HIGH | 99);
  if (key > 0) call(pkey_free, key);
  for (int i = 1; i < 4; i++) call(membarrier, i, 0, 0);
  call(membarrier, 1 << 31, 0, 0), call(membarrier, 1 << 8, 1, 3), call(membarrier, 1 << 7, 1, 3), call(membarrier, HIGH | 255, -1, -1);
  call(userfaultfd, 0x40), call(userfaultfd, HIGH | O_CLOEXEC | O_NONBLOCK | 3), call(memfd_secret, 1), call(memfd_secret, HIGH | O_CLOEXEC | 8);
}

static void placement(void) {
  unsigned long nodes[80] = {1}, more[3] = {0x8000000000000001, 5, 0};
  int mode[3] = {-1, -1, -1}, where[3] = {0, 1, -7};
  void *pages[3] = {HERE, 0, WILD};
  call(set_mempolicy, 0, 0, 0), call(set_mempolicy, 2, nodes, 8), call(set_mempolicy, 1 | 1 << 15, nodes, 64), call(set_mempolicy, 99, more, 130), call(set_mempolicy, 3 | 1 << 14, more, 1), call(set_mempolicy, HIGH | 3, WILD, 3), call(set_mempolicy, 0x7000, nodes, 0), call(set_mempolicy, 4, more, -1), call(set_mempolicy, 5, more, 129), call(set_mempolicy, 5, more, 128), call(set_mempolicy, 0, nodes, 2561);
  call(set_mempolicy, 0, 0, 0), call(get_mempolicy, mode, nodes, 64, 0, 0), call(get_mempolicy, mode, nodes, 1024, HERE, 2), call(get_mempolicy, mode, 0, 0, HERE, 3), call(get_mempolicy, 0, nodes, 0x1000, 0, 4), call(get_mempolicy, WILD, WILD, -1, WILD, HIGH | 0x18), call(get_mempolicy, 0, 0, 0, 0, 0), call(get_mempolicy, mode, nodes, 7, 0, 8), call(get_mempolicy, mode, more, 8, 0, 0);
  call(mbind, HERE, 4096, 0, 0, 0, 0), call(mbind, HERE, 4096, 2, nodes, 8, 3), call(mbind, WILD, -1, 1 | 1 << 15, more, 192, HIGH | 0x18), call(mbind, HERE, HIGH, HIGH | 77, WILD, 5, -1), call(mbind, 0, 0, 1 << 31, nodes, 0, 4);
  call(migrate_pages, 0, 8, nodes, nodes), call(migrate_pages, HIGH | 0x7fffffff, 128, more, more), call(migrate_pages, -1, -1, 0, WILD), call(migrate_pages, 0, 1, more, nodes);
  call(move_pages, 0, 3, pages, where, mode, 0), call(move_pages, 0, 3, pages, 0, mode, 2), call(move_pages, HIGH | 0x7fffffff, 1, pages, where, mode, 6), call(move_pages, 0, 0, pages, where, mode, 0), call(move_pages, -1, -1, WILD, WILD, WILD, HIGH | 9), call(move_pages, 0, 3, 0, 0, 0, 4), call(move_pages, 0, 1, pages, WILD, 0, 2);
  call_number(450, HERE, 4096, 0, 0), call_number(450, WILD, -1, 99, HIGH), call_number(450, 0, 0, -1, 0x12345);
}

int main(void) {
  maps(), advice(), placement();
  return 0;
}
