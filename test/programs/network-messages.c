/* Messages with addresses, buffers and control data: one at a time, and many. */
#include "calls.h"
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <time.h>

static int sv[2];
static char control[1200];
static char b[64];
static struct iovec two[2] = {{"abc", 3}, {"defgh", 5}};

static void sending(void) {
  struct msghdr m = {.msg_iov = two, .msg_iovlen = 2};
  call(sendmsg, sv[0], &m, MSG_NOSIGNAL), call(sendmsg, sv[0], 0, 0), call(sendmsg, sv[0], WILD, 0), call(sendmsg, -1, &m, 0x3f);
  m.msg_iov = WILD, call(sendmsg, sv[0], &m, 0), m.msg_iov = 0, call(sendmsg, sv[0], &m, 0), m.msg_iovlen = 0, call(sendmsg, -1, &m, 0), m.msg_iovlen = 2000, call(sendmsg, sv[0], &m, 0);
  struct iovec odd[3] = {{0, 0}, {WILD, 3}, {"a string that is longer than the thirty-two bytes shown", 55}};
  m.msg_iov = odd, m.msg_iovlen = 3, call(sendmsg, -1, &m, 0), m.msg_iov = two, m.msg_iovlen = 0, call(sendmsg, -1, &m, 0), m.msg_iovlen = -1, call(sendmsg, -1, &m, 0), m.msg_iovlen = 2;
  m.msg_name = "\1\0/x", m.msg_namelen = 4, m.msg_flags = MSG_OOB, call(sendmsg, -1, &m, 0), m.msg_name = WILD, call(sendmsg, -1, &m, 0), m.msg_namelen = -1, call(sendmsg, -1, &m, 0);
  m.msg_namelen = 0, m.msg_name = "\1\0/x", call(sendmsg, -1, &m, 0), m.msg_name = 0, m.msg_namelen = 7, call(sendmsg, -1, &m, 0), m.msg_namelen = 0, m.msg_flags = 0;
  m.msg_controllen = 5, call(sendmsg, -1, &m, 0), m.msg_control = control, call(sendmsg, -1, &m, 0), m.msg_controllen = 0, call(sendmsg, -1, &m, 0), m.msg_control = WILD, m.msg_controllen = 100, call(sendmsg, -1, &m, 0);
  struct cmsghdr *c = (void *)control;
  c->cmsg_len = 20, c->cmsg_level = SOL_SOCKET, c->cmsg_type = SCM_RIGHTS, *(int *)CMSG_DATA(c) = 1, m.msg_control = control, m.msg_controllen = 24, call(sendmsg, sv[0], &m, 0);
}

static void receiving(void) {
  struct iovec rio[2] = {{b, 4}, {b + 8, 40}};
  struct sockaddr_un from;
  struct msghdr m = {&from, sizeof from, rio, 2, control, 256, 0x55}, plain = {.msg_iov = two, .msg_iovlen = 2};
  call(recvmsg, sv[1], &m, MSG_DONTWAIT), m = (struct msghdr){0, 0, rio, 2, control, 256, 0}, call(recvmsg, sv[1], &m, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  call(recvmsg, sv[1], &m, MSG_DONTWAIT), m.msg_namelen = -1, call(recvmsg, sv[1], &m, MSG_DONTWAIT), call(recvmsg, sv[1], 0, 0), call(recvmsg, sv[1], WILD, 0), call(recvmsg, -1, &m, HIGH | 0x7);
  m = (struct msghdr){0, 0, rio, 1, 0, 0, 0}, call(sendmsg, sv[0], &plain, 0), call(recvmsg, sv[1], &m, MSG_DONTWAIT | MSG_TRUNC);
  struct mmsghdr sent[3] = {{plain}, {plain}, {plain}}, got[4];
  call(sendmmsg, sv[0], sent, 3, 0), call(sendmmsg, sv[0], sent, 2, MSG_DONTWAIT), call(sendmmsg, -1, sent, 2, 0), call(sendmmsg, -1, 0, 2, 0), call(sendmmsg, -1, WILD, 2, 0), call(sendmmsg, -1, sent, 0, 0), call(sendmmsg, sv[0], sent, 0, HIGH);
  sent[1].msg_hdr.msg_iov = WILD, call(sendmmsg, sv[0], sent, 3, MSG_DONTWAIT);
  memset(got, 0, sizeof got);
  for (int i = 0; i < 4; i++) got[i].msg_hdr = (struct msghdr){&from, sizeof from, rio, 2, control, 0, 0};
  struct timespec none = {0, 0}, bad = {-1, 5};
  call(recvmmsg, sv[1], got, 3, MSG_DONTWAIT, 0), call(recvmmsg, sv[1], got, 2, MSG_DONTWAIT, &none), call(recvmmsg, sv[1], got, 4, MSG_DONTWAIT, 0), call(recvmmsg, sv[1], got, 4, MSG_DONTWAIT, 0), call(recvmmsg, sv[1], got, 4, MSG_DONTWAIT, &bad), call(recvmmsg, sv[1], got, 4, MSG_DONTWAIT, WILD);
  call(recvmmsg, -1, 0, 4, MSG_DONTWAIT, &none), call(recvmmsg, sv[1], WILD, 4, MSG_DONTWAIT, &none), call(recvmmsg, sv[1], got, 0, MSG_DONTWAIT, &none);
}

static void carry(int room, long length, int level, int type, int fill) {
  struct msghdr m = {.msg_control = control, .msg_controllen = room};
  struct cmsghdr *c = (void *)control;
  memset(control, fill, sizeof control);
  c->cmsg_len = length, c->cmsg_level = level, c->cmsg_type = type, call(sendmsg, -1, &m, 0);
}

static void controls(void) {
  static const int lengths[] = {16, 17, 18, 20, 23, 24, 25, 32, 40, 41, 100}, rooms[] = {15, 16, 17, 20, 23, 24, 30, 32, 33, 40, 47, 48, 64};
  for (int i = 0; i < 11; i++)
    for (int j = 0; j < 13; j++) carry(rooms[j], lengths[i], SOL_SOCKET, SCM_RIGHTS, 0);
  static const int types[] = {SCM_RIGHTS, 2, 3, 29, 35, 37, 63, 64, 65, 0, 5}, sizes[] = {16, 17, 18, 20, 28, 32, 48, 64};
  for (int i = 0; i < 11; i++)
    for (int j = 0; j < 8; j++) carry(sizes[j], sizes[j], SOL_SOCKET, types[i], 0x21);
  for (int type = 0; type < 25; type++)
    for (int j = 0; j < 8; j += type % 3 + 1) carry(sizes[j], sizes[j], SOL_IP, type, 0x21);
  carry(20, 20, SOL_IPV6, 50, 0x21), carry(20, 20, 6, 1, 0x21), carry(20, 20, -1, -1, 0x21), carry(20, 20, SOL_SOCKET, SCM_RIGHTS, 0xff);
}

/* More control data than a page, or than most programs have. */
static void large(void) {
  static char data[40000];
  struct msghdr m = {.msg_control = data, .msg_controllen = sizeof data};
  struct cmsghdr *c = (void *)data;
  c->cmsg_len = sizeof data, c->cmsg_level = SOL_SOCKET, c->cmsg_type = SCM_RIGHTS;
  call(sendmsg, -1, &m, 0), c->cmsg_len = 30000, call(sendmsg, -1, &m, 0), m.msg_controllen = 200000, call(sendmsg, -1, &m, 0);
}

int main(void) {
  socketpair(AF_UNIX, SOCK_DGRAM, 0, sv);
  sending(), receiving(), controls(), large();
  return 0;
}
