/** Devices of few requests each: infrared, trusted environments, counters. */
import * as sets from '../../abi/sets.ts'
import {
  absent,
  address,
  flags,
  hex,
  hex32,
  inout,
  int,
  into,
  oneOf,
  out,
  struct,
  uint,
  ulong,
} from '../../types/language.ts'
import { all } from '../same-type.ts'

const mode = oneOf(sets.lirc_modes)
const buffer = struct('tee_ioctl_buf_data', { buf_len: ulong, buf_ptr: address })
const shared = flags(sets.tee_ioctl_shm_flags)

export const otherDeviceIoctls = {
  LIRC_GET_FEATURES: out(flags(sets.lirc_features)),
  LIRC_GET_SEND_MODE: out(mode),
  LIRC_GET_REC_MODE: out(mode),
  LIRC_SET_SEND_MODE: into(mode),
  LIRC_SET_REC_MODE: into(mode),
  LIRC_SET_TRANSMITTER_MASK: into(hex32),
  ...all(
    [
      'LIRC_GET_REC_RESOLUTION',
      'LIRC_GET_MIN_TIMEOUT',
      'LIRC_GET_MAX_TIMEOUT',
      'LIRC_GET_LENGTH',
      'LIRC_GET_REC_TIMEOUT',
    ],
    out(uint),
  ),
  ...all(
    [
      'LIRC_SET_SEND_CARRIER',
      'LIRC_SET_REC_CARRIER',
      'LIRC_SET_SEND_DUTY_CYCLE',
      'LIRC_SET_REC_TIMEOUT',
      'LIRC_SET_REC_TIMEOUT_REPORTS',
      'LIRC_SET_MEASURE_CARRIER_MODE',
      'LIRC_SET_REC_CARRIER_RANGE',
      'LIRC_SET_WIDEBAND_RECEIVER',
    ],
    into(uint),
  ),

  TEE_IOC_VERSION: out(
    struct('tee_ioctl_version_data', {
      impl_id: oneOf(sets.tee_ioctl_impl_ids),
      gen_caps: flags(sets.tee_ioctl_gen_caps),
      impl_caps: hex32,
    }),
  ),
  TEE_IOC_OPEN_SESSION: into(buffer),
  TEE_IOC_INVOKE: into(buffer),
  TEE_IOC_SUPPL_RECV: into(buffer),
  TEE_IOC_SUPPL_SEND: into(buffer),
  TEE_IOC_CANCEL: into(struct('tee_ioctl_cancel_arg', { cancel_id: uint, session: hex32 })),
  TEE_IOC_CLOSE_SESSION: into(struct('tee_ioctl_close_session_arg', { session: hex32 })),
  TEE_IOC_SHM_ALLOC: inout(struct('tee_ioctl_shm_alloc_data', { size: hex, flags: shared, id: int })),
  TEE_IOC_SHM_REGISTER: inout(
    struct('tee_ioctl_shm_register_data', { addr: address, length: hex, flags: shared, id: int }),
  ),

  COUNTER_ENABLE_EVENTS_IOCTL: absent,
  COUNTER_DISABLE_EVENTS_IOCTL: absent,
  COUNTER_ADD_WATCH_IOCTL: into(
    struct('counter_watch', {
      component: struct('counter_component', {
        type: oneOf(sets.counter_ioctl_component_types),
        scope: oneOf(sets.counter_ioctl_scopes),
        parent: uint,
        id: uint,
      }),
      event: oneOf(sets.counter_ioctl_event_types),
      channel: uint,
    }),
  ),
}
