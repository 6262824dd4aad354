/** The device mapper: every request takes one structure, which more data may follow. */
import * as sets from '../../abi/sets.ts'
import {
  array,
  chars,
  dev,
  flags,
  hex,
  inout,
  int,
  peek,
  plus,
  struct,
  uint,
  ulong,
  withTail,
} from '../../types/language.ts'

const head = {
  version: array(uint, 3),
  data_size: uint,
  data_start: uint,
  dev,
  name: chars(),
  uuid: chars(),
  target_count: uint,
  open_count: int,
  event_nr: uint,
  flags: flags(sets.dm_flags),
}
/** It is looked at even where `data_size`, its third number, says that it is shorter: that is how its version is told. */
export const deviceMapperHead = withTail('dm_ioctl', head, plus(peek('argp', 4, 12), 312))
const request = inout(deviceMapperHead)

/** What follows at `data_start` is a list of one of these, each with a text behind it, or one alone. */
export const deviceMapperData = {
  target: struct('dm_target_spec', { sector_start: ulong, length: ulong, status: int, target_type: chars() }),
  name: struct('dm_name_list', { dev }),
  version: struct('dm_target_versions', { version: array(uint, 3) }),
  message: struct('dm_target_msg', { sector: ulong }),
  dependencies: struct('dm_target_deps', { count: uint }),
}

export const deviceMapperIoctls = {
  DM_VERSION: request,
  DM_REMOVE_ALL: request,
  DM_LIST_DEVICES: request,
  DM_DEV_CREATE: request,
  DM_DEV_REMOVE: request,
  DM_DEV_RENAME: request,
  DM_DEV_SUSPEND: request,
  DM_DEV_STATUS: request,
  DM_DEV_WAIT: request,
  DM_TABLE_LOAD: request,
  DM_TABLE_CLEAR: request,
  DM_TABLE_DEPS: request,
  DM_TABLE_STATUS: request,
  DM_LIST_VERSIONS: request,
  DM_TARGET_MSG: request,
  DM_DEV_SET_GEOMETRY: request,
  DM_DEV_ARM_POLL: request,
  // strace shows where it is.
  DM_GET_TARGET_VERSION: hex,
}
