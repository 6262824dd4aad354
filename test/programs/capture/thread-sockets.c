/* Sockets of every kind, used by a thread that did not make them; lseek alone is looked at. */
#include <arpa/inet.h>
#include <linux/netlink.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

static int sockets[4];
static void *use(void *unused) {
  for (int i = 0; i < 4; i++) lseek(sockets[i], 0, SEEK_SET);
  return 0;
}

int main(void) {
  struct sockaddr_in here = {AF_INET, 0, {htonl(INADDR_LOOPBACK)}};
  struct sockaddr_nl any = {AF_NETLINK};
  socklen_t size = sizeof here;
  int pair[2], listening = socket(AF_INET, SOCK_STREAM, 0);
  bind(listening, (void *)&here, size), listen(listening, 1), getsockname(listening, (void *)&here, &size);
  sockets[0] = socket(AF_INET, SOCK_STREAM, 0), connect(sockets[0], (void *)&here, size);
  sockets[1] = socket(AF_INET, SOCK_DGRAM, 0), connect(sockets[1], (void *)&here, size);
  sockets[2] = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE), bind(sockets[2], (void *)&any, sizeof any);
  socketpair(AF_UNIX, SOCK_STREAM, 0, pair), sockets[3] = pair[0];
  pthread_t thread;
  pthread_create(&thread, 0, use, 0), pthread_join(thread, 0);
  return 0;
}
