/** Input devices' requests whose size the caller chooses: names, sets of bits, axes. */
import * as sets from '../../../abi/sets.ts'
import type { Frame } from '../../../record/frame.ts'
import type { NameSet } from '../../../types/language.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import { nameTable, printValue } from '../names.ts'
import type { PrintScope } from '../print.ts'
import { addressNumber, hexNumber } from '../scalars.ts'
import { printBytes } from '../strings.ts'
import { partsOf } from './request.ts'
import { type ShownIoctl, through } from './shown.ts'

const fromKernel = 2
const toKernel = 1
const inputType = 0x45

/** Names of bits, and how many there are. */
type Bits = readonly [set: NameSet, count: number]
const kinds: { readonly [kind: number]: Bits } = {
  0: [sets.evdev_ev, 0x1f],
  1: [sets.evdev_keycode, 0x2ff],
  2: [sets.evdev_relative_axes, 0x0f],
  3: [sets.evdev_abs, 0x3f],
  4: [sets.evdev_misc, 0x07],
  5: [sets.evdev_switch, 0x10],
  17: [sets.evdev_leds, 0x0f],
  18: [sets.evdev_snd, 0x07],
  20: [sets.evdev_autorepeat, 0x01],
  21: [sets.evdev_ff_types, 0x7f],
  23: [sets.evdev_ff_status, 0x01],
}
const states: { readonly [nr: number]: Bits } = {
  9: [sets.evdev_prop, 0x1f],
  24: kinds[0x01]!,
  25: kinds[0x11]!,
  26: kinds[0x12]!,
  27: kinds[0x05]!,
}
const powerState = 0x16

/** How a request of an input device is shown that has no number of its own; undefined: it is none. */
export function sizedInput(request: number, scope: PrintScope): ShownIoctl | undefined {
  const { direction, type, nr, size } = partsOf(request)
  if (type !== inputType) return undefined
  if (direction === toKernel) return nr >= 0xc0 ? { print: axis(size, scope) } : undefined
  if (direction !== fromKernel) return undefined
  if (nr >= 0x40 && nr < 0x80) return got(axis(size, scope))
  if (nr >= 6 && nr <= 8) return got(text(scope))
  if (nr === 0x0a) return got(slots(size, scope))
  if (nr === 0x20 + powerState) return got(number)
  const bits = nr >= 0x20 && nr < 0x40 ? kinds[nr - 0x20] : states[nr]
  if (bits !== undefined) return got(bitset(bits, scope))
  return nr >= 0x20 && nr < 0x40 ? { print: pointer } : undefined
}

const pointer: NonNullable<ShownIoctl['print']> = (out, frame, at) => addressNumber(out, frame, at, 8)
type Print = NonNullable<ShownIoctl['print']>
const got = (print: Print): ShownIoctl => ({ waits: true, print })

const result = (frame: Frame): number =>
  frame.result < 0 || frame.failed ? 0 : frame.view.getUint32(frame.result, true)

/** As many bytes as the kernel says that it wrote. */
const text = ({ style }: PrintScope): Print =>
  through(
    (out, frame, address) =>
      address !== 0 &&
      !frame.failed &&
      printBytes(out, frame, address, result(frame), style.stringLimit, style),
    'now',
  )

/** As many are shown unless all is asked for. */
const shownBits = 4

/** `[KEY_ESC KEY_1]`. */
const bitset = ([set, count]: Bits, { style, arch }: PrintScope): Print => {
  const names = [nameTable(set, arch)]
  return through((out, frame, address) => {
    const bits = Math.min(result(frame) * 8, count)
    const bytes = Math.ceil(bits / 64) * 8
    if (address === 0 || bytes === 0 || frame.available(address) < bytes) return false
    const start = frame.at
    const words = (): void => {
      out.putChar('[')
      for (let i = 0; i < bytes; i += 8) {
        if (i > 0) out.put(', ')
        hexNumber(out, frame, start + i, 8)
      }
      out.putChar(']')
    }
    if (style.constants === 'raw') {
      words()
      return true
    }
    out.putChar('[')
    let some = 0
    for (let bit = 0; bit < bits; bit++) {
      if ((frame.bytes[start + (bit >> 3)]! & (1 << (bit & 7))) === 0) continue
      if (some > 0) out.putChar(' ')
      if (!style.verbose && some >= shownBits) {
        out.put('...')
        break
      }
      some++
      printValue(out, names, bit, 0, style)
    }
    out.putChar(']')
    if (style.constants === 'verbose') {
      out.put(' /* ')
      words()
      out.put(' */')
    }
    return true
  }, 'now')
}

/** A touch screen's slots: what is asked about, and its value in each of them. */
const slots = (size: number, { style, arch }: PrintScope): Print => {
  const names = [nameTable(sets.evdev_mtslots, arch)]
  return through((out, frame, address) => {
    const count = Math.floor(size / 4)
    if (address === 0 || frame.failed || count === 0 || frame.available(address) < count * 4) return false
    const start = frame.at
    out.put('{code=')
    printValue(out, names, frame.view.getUint32(start, true), 0, style)
    out.put(', values=[')
    for (let i = 1; i < count; i++) out.put(`${i > 1 ? ', ' : ''}${frame.view.getInt32(start + i * 4, true)}`)
    out.put(']}')
    return true
  }, 'now')
}

const number: Print = through((out: TextBuffer, frame, address) => {
  if (address === 0 || frame.failed || frame.available(address) < 4) return false
  out.put(`[${frame.view.getInt32(frame.at, true)}]`)
  return true
}, 'now')

/** Fields of an axis; the last came later than the others. */
const fields = ['value', 'minimum', 'maximum', 'fuzz', 'flat', 'resolution'] as const
const withoutResolution = 20
const wholeAxis = 24

const axis = (size: number, { style }: PrintScope): Print =>
  through((out, frame, address) => {
    const isGet = partsOf(frame.view.getUint32(frame.args + 8, true)).direction === fromKernel
    if (
      address === 0 ||
      (isGet && frame.failed) ||
      size < withoutResolution ||
      frame.available(address) < Math.min(size, wholeAxis)
    )
      return false
    const start = frame.at
    const shown = style.verbose ? (size >= wholeAxis ? 6 : 5) : 2
    const more = !style.verbose || (size > withoutResolution && size !== wholeAxis)
    for (let i = 0; i < shown; i++)
      out.put(`${i === 0 ? '{' : ', '}${fields[i]}=${frame.view.getUint32(start + i * 4, true)}`)
    out.put(more ? ', ...}' : '}')
    return true
  }, 'now')
