/** Input devices. Requests for text and for sets of bits have their size in their number, which is the caller's choice. */
import * as sets from '../../abi/sets.ts'
import {
  address,
  array,
  byte,
  bytes,
  hex32,
  int,
  into,
  oneOf,
  out,
  part,
  ret,
  select,
  short,
  struct,
  times,
  uint,
  ulong,
  ushort,
} from '../../types/language.ts'

const key = oneOf(sets.evdev_keycode)
const keymap = struct('input_keymap_entry', {
  flags: byte,
  len: byte,
  index: ushort,
  keycode: key,
  scancode: array(hex32, 32, 1),
})
const trigger = struct('ff_trigger', { button: ushort, interval: ushort })
const replay = struct('ff_replay', { length: ushort, delay: ushort })
const axis = struct('input_absinfo', {
  value: int,
  minimum: int,
  maximum: int,
  fuzz: int,
  flat: int,
  resolution: int,
})

export const inputDeviceIoctls = {
  EVIOCGVERSION: out(hex32),
  EVIOCGEFFECTS: out(uint),
  EVIOCGID: out(struct('input_id', { bustype: ushort, vendor: ushort, product: ushort, version: ushort })),
  EVIOCGREP: out(array(uint, 2)),
  EVIOCSREP: into(array(uint, 2)),
  EVIOCGKEYCODE: out(array(uint, 2)),
  EVIOCSKEYCODE: into(array(uint, 2)),
  EVIOCGKEYCODE_V2: out(keymap),
  EVIOCSKEYCODE_V2: into(keymap),
  EVIOCSFF: into(
    struct('ff_effect', { type: oneOf(sets.evdev_ff_types), id: short, direction: ushort, trigger, replay }),
  ),
  EVIOCRMFF: int,
  EVIOCGRAB: ulong,
  EVIOCREVOKE: ulong,
  EVIOCSCLOCKID: into(uint),
}

const text = out(bytes(ret))
/** Sets of bits are written in whole words, of which the result tells only the bytes that count. */
const words = out(array(byte, times(times(ret, 1 / 8), 8)))
/** Words, as many as the request's size says. */
const slots = out(bytes(part('request', 0x3fff0000, 16)))
const fromKernel = 2
const toKernel = 1

const several = <const T>(from: number, count: number, type: T): { readonly [nr: string]: T } =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [String(from + i), type]))

/** By number, when direction and type are those of input devices. */
export const sizedInputIoctls = {
  [fromKernel]: select(
    part('request', 0xff),
    {
      6: text,
      7: text,
      8: text,
      9: words,
      10: slots,
      24: words,
      25: words,
      26: words,
      27: words,
      ...several(0x20, 0x18, words),
      ...several(0x40, 0x40, out(axis)),
      54: out(int),
    },
    address,
  ),
  [toKernel]: select(part('request', 0xff), several(0xc0, 0x40, into(axis)), address),
}
