/* ioctls of a device mapper that is not there. */
#include "calls.h"
#include <linux/dm-ioctl.h>
#include <string.h>
#include <sys/ioctl.h>

static const unsigned requests[] = {DM_VERSION, DM_REMOVE_ALL, DM_LIST_DEVICES, DM_DEV_CREATE, DM_DEV_REMOVE, DM_DEV_SUSPEND, DM_DEV_STATUS, DM_DEV_WAIT, DM_TABLE_CLEAR, DM_TABLE_DEPS, DM_TABLE_STATUS, DM_LIST_VERSIONS, DM_DEV_ARM_POLL, DM_GET_TARGET_VERSION};

/* What follows the structure, as far as a request takes something. */
struct more { struct dm_ioctl head; char data[1024]; };

static void target(struct more *m, int at, int next, const char *text) {
  struct dm_target_spec *t = (void *)(m->data + at);
  t->sector_start = at, t->length = 77, t->next = next, strcpy(t->target_type, "linear"), strcpy((char *)(t + 1), text);
}

static void takes(int start, int size) {
  struct more m;
  memset(&m, 0, sizeof m);
  m.head.version[0] = 4, m.head.data_size = size, m.head.data_start = start, m.head.target_count = 3;
  target(&m, 0, 48, "first"), target(&m, 48, 64, ""), target(&m, 112, 0, "a rather long text for a target, that is not shown whole");
  call(ioctl, -1, DM_TABLE_LOAD, &m), m.head.target_count = 4, call(ioctl, -1, DM_TABLE_LOAD, &m);
  strcpy(m.data, "a-name 10 20"), strcpy(m.data + 8, "message to a target");
  call(ioctl, -1, DM_TARGET_MSG, &m), call(ioctl, -1, DM_DEV_RENAME, &m), call(ioctl, -1, DM_DEV_SET_GEOMETRY, &m);
}

int main(void) {
  takes(sizeof(struct dm_ioctl), sizeof(struct more)), takes(sizeof(struct dm_ioctl), sizeof(struct dm_ioctl) + 50), takes(sizeof(struct more) - 8, sizeof(struct more)), takes(sizeof(struct more) + 1, sizeof(struct more)), takes(-8, sizeof(struct more)), takes(10, sizeof(struct more));
  for (int kind = 0; kind < 7; kind++)
    for (unsigned i = 0; i < sizeof requests / sizeof *requests; i++) {
      struct dm_ioctl d;
      memset(&d, 0, sizeof d);
      d.version[0] = kind == 2 ? 5 : 4, d.version[1] = 48, d.data_size = kind == 3 ? 304 : kind == 4 ? 11 : sizeof d, d.data_start = sizeof d;
      if (kind & 1) d.dev = 0xfe03, strcpy(d.name, "a-name"), strcpy(d.uuid, "an-uuid"), d.event_nr = 7, d.flags = 4 | DM_SUSPEND_FLAG | DM_SECURE_DATA_FLAG, d.open_count = 3, d.target_count = 1;
      if (kind == 6) memset(d.name, 'x', sizeof d.name), memset(d.uuid, 'y', sizeof d.uuid);
      call(ioctl, -1, requests[i], &d);
    }
  call(ioctl, -1, DM_VERSION, 0), call(ioctl, -1, DM_VERSION, WILD);
  return 0;
}
