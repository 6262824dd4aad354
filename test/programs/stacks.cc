// Calls made deep inside of functions, with names that C++ makes.
#include <csignal>
#include <string>
#include <sys/syscall.h>
#include <unistd.h>
#include <vector>

namespace outer {
template <class T> struct box {
  T value;
  __attribute__((noinline)) long method(const std::vector<std::string> &list, T other) {
    long result = syscall(SYS_getppid) + list.size();
    asm volatile("" : : "r"(other));
    return result;
  }
};
} // namespace outer

static void handler(int) { syscall(SYS_getpgrp); }

static __attribute__((noinline)) long recursive(int depth, int (*function)(int)) {
  long result;
  if (depth > 0)
    result = recursive(depth - 1, function);
  else
    result = outer::box<unsigned long>().method({"x"}, 1);
  asm volatile("" : "+r"(result));
  return result + 1;
}

int main() {
  signal(SIGUSR1, handler);
  auto lambda = [](int x) {
    long r = recursive(x, nullptr);
    asm volatile("" : "+r"(r));
    return r;
  };
  long sum = lambda(3);
  raise(SIGUSR1);
  return sum == 0;
}
