/* Forks argv[1] children one after the other; each exits with its number modulo 100. */
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv) {
  int n = argc > 1 ? atoi(argv[1]) : 10, sum = 0;
  for (int i = 0; i < n; i++) {
    pid_t child = fork();
    if (child == 0) _exit(i % 100);
    int status;
    waitpid(child, &status, 0);
    sum += WEXITSTATUS(status);
  }
  return sum == (n / 100) * 4950 + (n % 100) * (n % 100 - 1) / 2 ? 0 : 1;
}
