/* ioctls of sockets and network interfaces: what is asked of the loopback, and settings that no socket gets. */
#include "calls.h"
#include <arpa/inet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

static struct ifreq r;
static void named(const char *name) { memset(&r, 0, sizeof r), strncpy(r.ifr_name, name, sizeof r.ifr_name); }

int main(void) {
  static const int asked[] = {SIOCGIFADDR, SIOCGIFDSTADDR, SIOCGIFBRDADDR, SIOCGIFNETMASK, SIOCGIFFLAGS, SIOCGIFMETRIC, SIOCGIFMTU, SIOCGIFHWADDR, SIOCGIFINDEX, SIOCGIFTXQLEN, SIOCGIFMAP, SIOCGIFSLAVE, 0x8910}, set[] = {SIOCSIFADDR, SIOCSIFFLAGS, SIOCSIFMTU, SIOCSIFHWADDR, SIOCSIFNAME, SIOCSIFMAP, SIOCSIFTXQLEN, SIOCADDMULTI, SIOCDELMULTI, 0x89a0, 0x89a2, 0x8946, 0x89ff, 0x890b};
  struct ifreq many[4];
  struct ifconf c = {sizeof many, {(char *)many}};
  int n = 0, fd;
  close_range(3, -1, 0), fd = socket(AF_INET, SOCK_DGRAM, 0);
  for (unsigned i = 0; i < sizeof asked / sizeof *asked; i++) {
    named("lo"), r.ifr_ifindex = 1, call(ioctl, fd, asked[i], &r);
    named("none such"), call(ioctl, fd, asked[i], &r), memset(&r, 'x', sizeof r), call(ioctl, fd, asked[i], &r), call(ioctl, fd, asked[i], 0), call(ioctl, fd, asked[i], WILD), call(ioctl, -1, asked[i], &r);
  }
  for (unsigned i = 0; i < sizeof set / sizeof *set; i++) {
    named("lo"), r.ifr_addr.sa_family = AF_INET, inet_aton("10.1.2.3", &((struct sockaddr_in *)&r.ifr_addr)->sin_addr), call(ioctl, -1, set[i], &r), r.ifr_hwaddr.sa_family = ARPHRD_ETHER, call(ioctl, -1, set[i], &r), r.ifr_hwaddr.sa_family = 0, call(ioctl, -1, set[i], &r), call(ioctl, -1, set[i], 0), call(ioctl, -1, set[i], WILD);
  }
  call(ioctl, fd, SIOCGIFCONF, &c), c.ifc_len = 39, call(ioctl, fd, SIOCGIFCONF, &c), c.ifc_len = 0, c.ifc_buf = 0, call(ioctl, fd, SIOCGIFCONF, &c), call(ioctl, fd, SIOCGIFCONF, WILD), c.ifc_len = -5, call(ioctl, fd, SIOCGIFCONF, &c), call(ioctl, -1, SIOCGIFCONF, &c), call(ioctl, fd, SIOCGIFCONF, 0);
  call(ioctl, fd, FIONREAD, &n), call(ioctl, fd, SIOCATMARK, &n), call(ioctl, fd, FIOGETOWN, &n), call(ioctl, fd, SIOCGPGRP, &n), n = 0, call(ioctl, fd, FIOSETOWN, &n), call(ioctl, fd, SIOCSPGRP, WILD), call(ioctl, fd, TIOCOUTQ, &n), call(ioctl, fd, 0x8906, many);
  return 0;
}
