/* Counters of performance. */
#include "calls.h"
#include <linux/hw_breakpoint.h>
#include <linux/perf_event.h>
#include <string.h>

static void open_events(struct perf_event_attr *a) {
  int fd = call(perf_event_open, a, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
  call(perf_event_open, a, HIGH | -1, HIGH, HIGH | 0, HIGH | 0xff), call(perf_event_open, a, 99999999, 5, fd, PERF_FLAG_FD_NO_GROUP | PERF_FLAG_FD_OUTPUT);
  close(fd);
}

int main(void) {
  struct { struct perf_event_attr a; char more[200]; } big;
  struct perf_event_attr *a = &big.a;
  memset(&big, 0, sizeof big);
  call(perf_event_open, 0, 0, 0, 0, 0), call(perf_event_open, WILD, -1, -1, -1, -1);
  open_events(a);
  a->size = sizeof *a;
  open_events(a);
  a->type = PERF_TYPE_SOFTWARE, a->config = PERF_COUNT_SW_PAGE_FAULTS, a->sample_period = 100, a->sample_type = PERF_SAMPLE_IP | PERF_SAMPLE_TIME, a->read_format = PERF_FORMAT_ID | PERF_FORMAT_TOTAL_TIME_ENABLED, a->disabled = 1, a->inherit = 1, a->exclude_kernel = 1, a->precise_ip = 1, a->wakeup_events = 5;
  open_events(a);
  a->freq = 1, a->sample_freq = 4000, a->watermark = 1, a->wakeup_watermark = 77, a->type = PERF_TYPE_HARDWARE, a->config = 3, a->precise_ip = 3;
  open_events(a);
  a->config = 0x1234500000002, a->type = PERF_TYPE_HARDWARE;
  open_events(a);
  a->type = PERF_TYPE_HW_CACHE, a->config = 2 | 1 << 8 | 1 << 16;
  open_events(a);
  a->config = 0xabcdef9ff77fe;
  open_events(a);
  a->type = PERF_TYPE_BREAKPOINT, a->bp_type = HW_BREAKPOINT_RW, a->bp_addr = (unsigned long)&big, a->bp_len = HW_BREAKPOINT_LEN_4, a->config = 0;
  open_events(a);
  a->bp_type = 77, a->bp_len = 99, a->type = PERF_TYPE_BREAKPOINT, a->config = 5;
  open_events(a);
  a->type = PERF_TYPE_TRACEPOINT, a->config = 300, a->config1 = 0x11, a->config2 = 0x22;
  open_events(a);
  a->type = PERF_TYPE_RAW, a->config = 0x1c2, a->precise_ip = 2, *(long *)((char *)a + 120) = 0x1234;
  open_events(a);
  a->type = 99, a->config = -1, a->sample_type = -1, a->read_format = -1, a->branch_sample_type = -1, a->sample_regs_user = -1, a->sample_stack_user = 4096, a->clockid = 1, a->use_clockid = 1, a->sample_regs_intr = 0x1234, a->aux_watermark = 9, a->sample_max_stack = 3, a->aux_sample_size = 77;
  open_events(a);
  memset((char *)a + 40, 0xff, 8);
  open_events(a);
  a->branch_sample_type = PERF_SAMPLE_BRANCH_USER | PERF_SAMPLE_BRANCH_ANY, a->clockid = 77, a->__reserved_2 = 5;
  open_events(a);
  for (int size = 0; size <= 160; size += 4) a->size = size, call(perf_event_open, a, 0, -1, -1, 0);
  memset(big.more, 7, sizeof big.more), a->size = 200, call(perf_event_open, a, 0, -1, -1, 0), a->size = -1, call(perf_event_open, a, 0, -1, -1, 0), a->size = 4096, call(perf_event_open, a, 0, -1, -1, 0);
  for (int type = 0; type < 7; type++)
    for (int config = 0; config < 14; config++) a->type = type, a->config = config, a->size = 64, call(perf_event_open, a, 0, -1, -1, 0);
  return 0;
}
