/* SCSI commands, counters' programs and calls that seccomp hands over, for devices that are not there. */
#include "calls.h"
#include <linux/bsg.h>
#include <linux/perf_event.h>
#include <linux/seccomp.h>
#include <linux/audit.h>
#include <scsi/sg.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/uio.h>

/* The end of memory: what begins `n` bytes before it ends there. */
static char *end;
#define LAST(n) (end - (n))

static void commands(void) {
  unsigned char inquiry[6] = {0x12, 0, 0, 0, 96, 0}, sense[32] = {0x70, 0, 5}, data[96] = "data";
  struct iovec pieces[2] = {{data, 4}, {data + 4, 92}};
  for (int direction = 0; direction > -7; direction--)
    for (int rest = -1; rest < 98; rest += 33) {
      struct sg_io_hdr io = {.interface_id = 'S', .dxfer_direction = direction, .cmd_len = 6, .mx_sb_len = 32, .dxfer_len = 96, .dxferp = data, .cmdp = inquiry, .sbp = sense, .timeout = 20000, .flags = rest & 0x37, .status = 2, .sb_len_wr = rest & 3, .resid = rest, .info = 1, .host_status = 7};
      call(ioctl, -1, SG_IO, &io), io.iovec_count = 2, io.dxferp = pieces, call(ioctl, -1, SG_IO, &io), io.dxfer_len = 0, call(ioctl, -1, SG_IO, &io);
      if (rest == -1) io.dxferp = WILD, io.cmdp = WILD, io.sbp = 0, io.dxfer_len = 5, call(ioctl, -1, SG_IO, &io), io.iovec_count = 0, io.dxferp = 0, call(ioctl, -1, SG_IO, &io);
    }
  for (int rest = -1; rest < 98; rest += 33) {
    struct sg_io_v4 io = {.guard = 'Q', .subprotocol = rest & 3, .request_len = 6, .request = (long)inquiry, .request_tag = 9, .max_response_len = 32, .response = (long)sense, .dout_xfer_len = 96, .dout_xferp = (long)data, .din_xfer_len = 96, .din_xferp = (long)data, .timeout = 1, .flags = 0x10, .response_len = 3, .din_resid = rest, .dout_resid = rest, .info = 6};
    call(ioctl, -1, SG_IO, &io), io.dout_iovec_count = 2, io.dout_xferp = (long)pieces, io.din_iovec_count = 1, io.din_xferp = (long)pieces, call(ioctl, -1, SG_IO, &io), io.din_xferp = io.dout_xferp = (long)WILD, io.request = 0, call(ioctl, -1, SG_IO, &io);
  }
  memset(LAST(4), 0, 4);
  for (const char *first = "SQX"; *first; first++) *LAST(4) = *first, call(ioctl, -1, SG_IO, LAST(4));
  call(ioctl, -1, SG_IO, LAST(3)), call(ioctl, -1, SG_IO, 0), call(ioctl, -1, SG_IO, WILD);
  for (int n = 0; n < 0x203; n += 0x40 + n / 0x100) call(ioctl, -1, SG_SCSI_RESET, &n);
}

static void counters(void) {
  struct perf_event_attr attributes = {.type = PERF_TYPE_HARDWARE, .size = sizeof attributes, .config = PERF_COUNT_HW_INSTRUCTIONS, .sample_type = PERF_SAMPLE_IP, .disabled = 1, .precise_ip = 2};
  unsigned ids[4] = {2, 2, 3, 4};
  call(ioctl, -1, PERF_EVENT_IOC_MODIFY_ATTRIBUTES, &attributes), attributes.size = 64, call(ioctl, -1, PERF_EVENT_IOC_MODIFY_ATTRIBUTES, &attributes), attributes.size = 3, call(ioctl, -1, PERF_EVENT_IOC_MODIFY_ATTRIBUTES, &attributes), call(ioctl, -1, PERF_EVENT_IOC_MODIFY_ATTRIBUTES, 0), call(ioctl, -1, PERF_EVENT_IOC_MODIFY_ATTRIBUTES, WILD);
  call(ioctl, -1, PERF_EVENT_IOC_QUERY_BPF, ids), call(ioctl, -1, PERF_EVENT_IOC_QUERY_BPF, 0), call(ioctl, -1, PERF_EVENT_IOC_QUERY_BPF, WILD);
}

static void notifications(void) {
  struct seccomp_notif notice = {.data = {.nr = SYS_write, .arch = AUDIT_ARCH_X86_64}};
  call(ioctl, -1, SECCOMP_IOCTL_NOTIF_RECV, &notice), notice.data.arch = AUDIT_ARCH_I386 + 1, call(ioctl, -1, SECCOMP_IOCTL_NOTIF_RECV, &notice), notice.data.nr = -1, call(ioctl, -1, SECCOMP_IOCTL_NOTIF_RECV, &notice);
}

int main(void) {
  end = (char *)mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) + 4096;
  munmap(end, 4096);
  commands(), counters(), notifications();
  return 0;
}
