/** Clocks that are devices: the real-time clock, precision clocks, watchdogs. */
import * as sets from '../../abi/sets.ts'
import {
  absent,
  array,
  byte,
  chars,
  flags,
  hex,
  hex32,
  inout,
  int,
  into,
  long,
  oneOf,
  oneOf64,
  out,
  struct,
  uint,
  ulong,
} from '../../types/language.ts'

const rtcTime = struct('rtc_time', {
  tm_sec: int,
  tm_min: int,
  tm_hour: int,
  tm_mday: int,
  tm_mon: int,
  tm_year: int,
  tm_wday: int,
  tm_yday: int,
  tm_isdst: int,
})
const alarm = struct('rtc_wkalrm', { enabled: byte, pending: byte, time: rtcTime })
const loop = struct('rtc_pll_info', {
  pll_ctrl: int,
  pll_value: int,
  pll_max: int,
  pll_min: int,
  pll_posmult: int,
  pll_negmult: int,
  pll_clock: long,
})
const parameter = struct('rtc_param', {
  param: oneOf64(sets.rtc_params),
  uvalue: hex,
  index: uint,
  __pad: hex32,
})

const time = struct('ptp_clock_time', { sec: long, nsec: uint, reserved: hex32 })
const abilities = struct('ptp_clock_caps', {
  max_adj: int,
  n_alarm: int,
  n_ext_ts: int,
  n_per_out: int,
  pps: int,
  n_pins: int,
  cross_timestamping: int,
  adjust_phase: int,
  max_phase_adj: int,
  rsv: array(hex32, 11),
})
const stamps = struct('ptp_extts_request', {
  index: uint,
  flags: flags(sets.ptp_extts_flags),
  rsv: array(hex32, 2),
})
const output = struct('ptp_perout_request', {
  start: time,
  period: time,
  index: uint,
  flags: flags(sets.ptp_perout_flags),
  on: time,
})
const samples = struct('ptp_sys_offset', { n_samples: uint, rsv: array(hex32, 3), ts: array(time, 51) })
const extendedSamples = struct('ptp_sys_offset_extended', {
  n_samples: uint,
  ts: array(array(time, 3), 25),
})
const pin = struct('ptp_pin_desc', {
  index: uint,
  name: chars(),
  func: oneOf(sets.ptp_pin_funcs),
  chan: uint,
  rsv: array(hex32, 5),
})
const precise = struct('ptp_sys_offset_precise', {
  device: time,
  sys_realtime: time,
  sys_monoraw: time,
  rsv: array(hex32, 4),
})

export const clockIoctls = {
  RTC_AIE_ON: absent,
  RTC_AIE_OFF: absent,
  RTC_UIE_ON: absent,
  RTC_UIE_OFF: absent,
  RTC_PIE_ON: absent,
  RTC_PIE_OFF: absent,
  RTC_WIE_ON: absent,
  RTC_WIE_OFF: absent,
  RTC_ALM_READ: out(rtcTime),
  RTC_ALM_SET: into(rtcTime),
  RTC_RD_TIME: out(rtcTime),
  RTC_SET_TIME: into(rtcTime),
  RTC_IRQP_READ: out(ulong),
  RTC_IRQP_SET: ulong,
  RTC_EPOCH_READ: out(ulong),
  RTC_EPOCH_SET: ulong,
  RTC_WKALM_RD: out(alarm),
  RTC_WKALM_SET: into(alarm),
  RTC_PLL_GET: out(loop),
  RTC_PLL_SET: into(loop),
  RTC_PARAM_GET: inout(parameter),
  RTC_PARAM_SET: into(parameter),
  RTC_VL_READ: out(flags(sets.rtc_vl_flags)),
  RTC_VL_CLR: absent,

  PTP_CLOCK_GETCAPS: out(abilities),
  PTP_CLOCK_GETCAPS2: out(abilities),
  PTP_EXTTS_REQUEST: into(stamps),
  PTP_EXTTS_REQUEST2: into(stamps),
  PTP_PEROUT_REQUEST: into(output),
  PTP_PEROUT_REQUEST2: into(output),
  PTP_PIN_GETFUNC: inout(pin),
  PTP_PIN_GETFUNC2: inout(pin),
  PTP_PIN_SETFUNC: into(pin),
  PTP_PIN_SETFUNC2: into(pin),
  PTP_SYS_OFFSET: inout(samples),
  PTP_SYS_OFFSET2: inout(samples),
  PTP_SYS_OFFSET_EXTENDED: inout(extendedSamples),
  PTP_SYS_OFFSET_EXTENDED2: inout(extendedSamples),
  PTP_SYS_OFFSET_PRECISE: out(precise),
  PTP_SYS_OFFSET_PRECISE2: out(precise),

  WDIOC_GETSUPPORT: out(
    struct('watchdog_info', {
      options: flags(sets.watchdog_ioctl_flags),
      firmware_version: uint,
      identity: chars(),
    }),
  ),
  WDIOC_GETSTATUS: out(int),
  WDIOC_GETBOOTSTATUS: out(int),
  WDIOC_GETTEMP: out(int),
  WDIOC_SETOPTIONS: into(flags(sets.watchdog_ioctl_setoptions)),
  WDIOC_KEEPALIVE: absent,
  WDIOC_SETTIMEOUT: inout(int),
  WDIOC_GETTIMEOUT: out(int),
  WDIOC_SETPRETIMEOUT: inout(int),
  WDIOC_GETPRETIMEOUT: out(int),
  WDIOC_GETTIMELEFT: out(int),
}
