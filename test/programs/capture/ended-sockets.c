/* Sockets whose peer has gone, or never came; lseek alone is looked at. */
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

static void show(int fd) { lseek(fd, 0, SEEK_SET); }

int main(void) {
  struct sockaddr_in here = {AF_INET, 0, {htonl(INADDR_LOOPBACK)}};
  socklen_t size = sizeof here;
  int pair[2], taken, client, bound = socket(AF_INET, SOCK_STREAM, 0);
  bind(bound, (void *)&here, size), getsockname(bound, (void *)&here, &size);
  client = socket(AF_INET, SOCK_STREAM, 0), connect(client, (void *)&here, size), show(client);
  listen(bound, 1), client = socket(AF_INET, SOCK_STREAM, 0), connect(client, (void *)&here, size), taken = accept(bound, 0, 0);
  show(client), shutdown(client, SHUT_WR), close(taken), shutdown(client, SHUT_RD), show(client);
  socketpair(AF_UNIX, SOCK_STREAM, 0, pair), show(pair[0]), close(pair[1]), show(pair[0]);
  return 0;
}
