/** The device mapper: every request takes one structure, which more data may follow. */
import * as sets from '../../abi/sets.ts'
import { array, chars, dev, flags, hex, inout, int, struct, uint } from '../../types/language.ts'

export const deviceMapperHead = struct('dm_ioctl', {
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
})
const request = inout(deviceMapperHead)

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
