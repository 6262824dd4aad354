/* Asynchronous I/O of the kernel. */
#include "calls.h"
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <string.h>
#include <sys/uio.h>
#include <time.h>

static char text[64] = "0123456789 asynchronous\n";
static unsigned long mask = 1 << 9;

/* Requests of every kind, good ones and bad ones; the ring refuses most. */
static void submit(aio_context_t ctx, int in, int out) {
  struct iovec v[2] = {{text, 10}, {text + 10, 5}};
  struct iocb c[12];
  memset(c, 0, sizeof c);
  c[0] = (struct iocb){.aio_data = 0x1122334455667788, .aio_lio_opcode = IOCB_CMD_PREAD, .aio_fildes = in, .aio_buf = (unsigned long)(text + 32), .aio_nbytes = 16, .aio_offset = 4};
  c[1] = (struct iocb){.aio_data = 7, .aio_lio_opcode = IOCB_CMD_PWRITE, .aio_reqprio = -5, .aio_fildes = out, .aio_buf = (unsigned long)text, .aio_nbytes = 24, .aio_offset = -1};
  c[2] = (struct iocb){.aio_lio_opcode = IOCB_CMD_PWRITEV, .aio_reqprio = 99, .aio_fildes = out, .aio_buf = (unsigned long)v, .aio_nbytes = 2, .aio_offset = 100, .aio_flags = IOCB_FLAG_RESFD, .aio_resfd = in};
  c[3] = (struct iocb){.aio_lio_opcode = IOCB_CMD_PREADV, .aio_fildes = in, .aio_buf = (unsigned long)v, .aio_nbytes = 2, .aio_flags = IOCB_FLAG_IOPRIO};
  c[4] = (struct iocb){.aio_lio_opcode = IOCB_CMD_FSYNC, .aio_fildes = out, .aio_buf = 5, .aio_nbytes = 6};
  c[5] = (struct iocb){.aio_lio_opcode = IOCB_CMD_FDSYNC, .aio_fildes = -1};
  c[6] = (struct iocb){.aio_lio_opcode = IOCB_CMD_POLL, .aio_fildes = in, .aio_buf = 5, .aio_flags = 8, .aio_resfd = 9};
  c[7] = (struct iocb){.aio_lio_opcode = IOCB_CMD_NOOP, .aio_fildes = in, .aio_key = 5};
  c[8] = (struct iocb){.aio_lio_opcode = 99, .aio_fildes = 77, .aio_rw_flags = 0x1f, .aio_key = 6, .aio_buf = 3, .aio_nbytes = 4, .aio_offset = 5};
  c[9] = (struct iocb){.aio_lio_opcode = IOCB_CMD_PWRITE, .aio_fildes = out, .aio_buf = (unsigned long)WILD, .aio_nbytes = 24, .aio_reserved2 = 6, .aio_rw_flags = 1};
  c[10] = (struct iocb){.aio_lio_opcode = 4, .aio_fildes = out, .aio_buf = (unsigned long)WILD, .aio_nbytes = -1};
  c[11] = (struct iocb){.aio_lio_opcode = IOCB_CMD_PWRITEV, .aio_fildes = out, .aio_buf = (unsigned long)WILD, .aio_nbytes = 2};
  struct iocb *list[40];
  for (int i = 0; i < 12; i++) {
    list[0] = c + i;
    call(io_submit, ctx, 1, list);
  }
  for (int i = 0; i < 40; i++) list[i] = c + 1;
  call(io_submit, 0, 40, list), list[1] = 0, list[2] = WILD;
  call(io_submit, ctx, 4, list), call(io_submit, 5, 3, list), call(io_submit, ctx, 0, list), call(io_submit, ctx, -1, list), call(io_submit, ctx, 1, 0), call(io_submit, ctx, 1, WILD), call(io_submit, HIGH | 5, HIGH | 1, list);
  struct io_event e[40];
  struct timespec none = {0, 0}, odd = {-1, 5};
  call(io_getevents, ctx, 1, 40, e, &none), call(io_getevents, ctx, 0, 1, e, 0), call(io_getevents, 0, 0, 1, e, &odd), call(io_getevents, ctx, -1, 2, 0, WILD), call(io_getevents, ctx, 0, 2, WILD, &none), call(io_getevents, HIGH, 5, 2, e, &none), call(io_getevents, ctx, 0, 0, e, 0);
  call(io_cancel, ctx, c + 6, e), call(io_cancel, ctx, c + 1, 0), call(io_cancel, 0, 0, WILD), call(io_cancel, 5, WILD, e), call(io_cancel, ctx, c + 5, WILD);
  struct { void *set; unsigned long size; } set = {&mask, 8}, empty = {0, 8}, odd_set = {&mask, 4}, wild = {WILD, 8};
  list[0] = c + 1, call(io_submit, ctx, 1, list);
#ifdef SYS_io_pgetevents
  call(io_pgetevents, ctx, 1, 4, e, &none, &set), call(io_pgetevents, ctx, 0, 4, e, &none, 0), call(io_pgetevents, ctx, 0, 4, e, 0, &empty), call(io_pgetevents, 0, 0, 4, e, &odd, &odd_set), call(io_pgetevents, ctx, 0, 4, WILD, WILD, WILD), call(io_pgetevents, ctx, 0, 4, 0, 0, &wild);
#endif
}

int main(void) {
  aio_context_t ctx = 0, other = 5;
  int in = open("async-io.data", O_RDWR | O_CREAT | O_TRUNC, 0600), out = open("async-io.data", O_WRONLY);
  unlink("async-io.data");
  write(in, text, 24);
  call(io_setup, 16, &ctx), call(io_setup, 16, &other), call(io_setup, 0, &ctx), call(io_setup, 1, 0), call(io_setup, HIGH | -1, WILD), call(io_setup, 5, WILD);
  submit(ctx, in, out);
  call(io_destroy, ctx), call(io_destroy, 0), call(io_destroy, -1), call(io_destroy, HIGH | 77);
  return 0;
}
