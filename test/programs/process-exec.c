/* execve and execveat that fail, and one of each that does not. */
#include "calls.h"
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv) {
  static char *none[] = {0}, *few[] = {"a", "b \"c\"\n", "", 0}, *broken[] = {"x", WILD, "y", 0};
  static char *env[] = {"A=1", 0}, *env2[] = {"A=1", "B=2", 0}, *many[40], text[60];
  memset(text, 'x', sizeof text - 1);
  for (int i = 0; i < 39; i++) many[i] = "z";
  static char *longOnes[] = {text, 0};
  call(execve, "/no/such\n", few, env), call(execve, 0, 0, 0), call(execve, WILD, WILD, WILD);
  call(execve, "/no/such", none, env2), call(execve, "/no/such", broken, broken), call(execve, "", few, none);
  call(execve, "/no/such", many, many), call(execve, "/no/such", longOnes, longOnes);
  call(execve, "/no/such", many + 7, many + 8), call(execve, "/no/such", many + 6, many + 6);
  call(execveat, AT_FDCWD, "no/such", few, env, 0), call(execveat, -1, "no", few, env, AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW);
  call(execveat, 99, "", 0, 0, 0x20000), call(execveat, -100, WILD, few, env2, 0xfacefeed00000001), call(execveat, 5, 0, 0, 0, 0xfffeffff);
  static char *const second[] = {"/bin/echo", "one", "two", 0};
  char *again[] = {argv[0], "again", 0};
  if (argc < 2) call(execve, "/proc/self/exe", again, env);
  int fd = open("/bin/true", O_PATH | O_CLOEXEC);
  call(execveat, fd, "", second, env, AT_EMPTY_PATH);
  return 1;
}
