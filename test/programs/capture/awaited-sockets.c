/* A connection that is being made: the other side's queue is full, so it gets no answer. */
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

int main(void) {
  struct sockaddr_in here = {AF_INET, 0, {htonl(INADDR_LOOPBACK)}};
  socklen_t size = sizeof here;
  int listening = socket(AF_INET, SOCK_STREAM, 0);
  bind(listening, (void *)&here, size), listen(listening, 0), getsockname(listening, (void *)&here, &size);
  for (int i = 0; i < 3; i++) {
    int client = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    connect(client, (void *)&here, size), lseek(client, 0, SEEK_SET);
  }
  return 0;
}
