/** General-purpose pins. */
import * as sets from '../../abi/sets.ts'
import {
  array,
  byte,
  chars,
  fd,
  flags,
  flags64,
  hex,
  hex32,
  inout,
  into,
  out,
  struct,
  uint,
} from '../../types/language.ts'

const handle = flags(sets.gpio_handle_flags)
const data = struct('gpiohandle_data', { values: array(byte, 64) })
const lineInfo = struct('gpioline_info', {
  line_offset: uint,
  flags: flags(sets.gpio_line_flags),
  name: chars(),
  consumer: chars(),
})
const lineInfo2 = struct('gpio_v2_line_info', {
  offset: uint,
  name: chars(),
  consumer: chars(),
  flags: flags64(sets.gpio_v2_line_flags),
  num_attrs: uint,
  padding: array(hex32, 4),
})
const lineConfig = struct('gpio_v2_line_config', {
  flags: flags64(sets.gpio_v2_line_flags),
  num_attrs: uint,
  padding: array(hex32, 5),
})
const values = struct('gpio_v2_line_values', { bits: hex, mask: hex })

export const gpioIoctls = {
  GPIO_GET_CHIPINFO_IOCTL: out(struct('gpiochip_info', { name: chars(), label: chars(), lines: uint })),
  GPIO_GET_LINEINFO_IOCTL: inout(lineInfo),
  GPIO_GET_LINEINFO_WATCH_IOCTL: inout(lineInfo),
  GPIO_GET_LINEINFO_UNWATCH_IOCTL: into(uint),
  GPIO_GET_LINEHANDLE_IOCTL: inout(
    struct('gpiohandle_request', {
      lines: uint,
      lineoffsets: array(uint, 64),
      flags: handle,
      default_values: array(byte, 64),
      consumer_label: chars(),
      fd,
    }),
  ),
  GPIO_GET_LINEEVENT_IOCTL: inout(
    struct('gpioevent_request', {
      lineoffset: uint,
      handleflags: handle,
      eventflags: flags(sets.gpio_event_flags),
      consumer_label: chars(),
      fd,
    }),
  ),
  GPIOHANDLE_GET_LINE_VALUES_IOCTL: out(data),
  GPIOHANDLE_SET_LINE_VALUES_IOCTL: into(data),
  GPIOHANDLE_SET_CONFIG_IOCTL: into(
    struct('gpiohandle_config', { flags: handle, default_values: array(byte, 64) }),
  ),
  GPIO_V2_GET_LINEINFO_IOCTL: inout(lineInfo2),
  GPIO_V2_GET_LINEINFO_WATCH_IOCTL: inout(lineInfo2),
  GPIO_V2_GET_LINE_IOCTL: inout(
    struct('gpio_v2_line_request', {
      num_lines: uint,
      offsets: array(uint, 64),
      consumer: chars(),
      config: lineConfig,
      event_buffer_size: uint,
      padding: array(hex32, 5),
      fd,
    }),
  ),
  GPIO_V2_LINE_SET_CONFIG_IOCTL: into(lineConfig),
  GPIO_V2_LINE_GET_VALUES_IOCTL: inout(values),
  GPIO_V2_LINE_SET_VALUES_IOCTL: into(values),
}
