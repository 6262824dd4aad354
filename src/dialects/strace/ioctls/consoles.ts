/** ioctls of virtual consoles. */
import * as sets from '../../../abi/sets.ts'
import { layoutOf } from '../../../types/resolve.ts'
import { bracketed } from '../lists.ts'
import { type NameTable, nameTable, printFlags } from '../names.ts'
import { type Printer, type PrintScope, printBytes } from '../print.ts'
import { hexNumber, signalName } from '../scalars.ts'
import type { Style } from '../style.ts'
import { beforeAndAfter, type ShownIoctl, type ShownIoctls, through, told } from './shown.ts'

/** The clock of the old timer chip, which makes the tones. */
const chipClock = 1193182

const sound = ({ style }: PrintScope): ShownIoctl => ({
  print: (out, { view }, at) => {
    const period = view.getBigUint64(at, true)
    out.put(period.toString())
    if (style.constants === 'raw') return
    // A period longer than a second is silence, as none is.
    const silent = period === 0n || period > BigInt(chipClock)
    out.put(silent ? ' /* off */' : ` /* ${BigInt(chipClock) / period} Hz */`)
  },
})

const tone = ({ style }: PrintScope): ShownIoctl => ({
  print: (out, { view }, at) => {
    const period = view.getUint16(at, true)
    const duration = view.getUint16(at + 2, true)
    out.put(duration === 0 ? String(period) : `${duration}<<16|${period}`)
    if (style.constants === 'raw') return
    out.put(
      duration === 0 || period === 0
        ? ' /* off */'
        : ` /* ${Math.trunc(chipClock / period)} Hz, ${duration} ms */`,
    )
  },
})

/** Only the low byte is lights: their state, and what they are at the start. */
const lights =
  (defaults: boolean) =>
  ({ style, arch }: PrintScope): ShownIoctl => {
    const tables = lightNames(defaults, arch)
    return { print: (out, { view }, at) => printFlags(out, tables, view.getUint8(at), 0, style) }
  }

const lightNames = (defaults: boolean, arch: PrintScope['arch']): NameTable[] =>
  (defaults ? [sets.kd_led_flags, sets.kd_default_led_flags] : [sets.kd_led_flags]).map(set =>
    nameTable(set, arch),
  )

/** Lights and what they are at the start, as the kernel tells. */
const lightsTold = ({ style, arch }: PrintScope): ShownIoctl => {
  const tables = lightNames(true, arch)
  return {
    waits: true,
    print: through((out, frame, address) => {
      if (address === 0 || frame.failed || frame.available(address) < 1) return false
      out.putByte(91)
      printFlags(out, tables, frame.view.getUint8(frame.at), 0, style)
      out.putByte(93)
      return true
    }, 'now'),
  }
}

const accepted = ({ style }: PrintScope): ShownIoctl => ({
  print: (out, { view }, at) => {
    const value = view.getBigUint64(at, true)
    if (value <= 64n) signalName(out, Number(value), style)
    else out.put(value.toString())
  },
})

const character = (n: number, style: Style): string =>
  n >= 32 && n < 127 && style.escape !== 'all'
    ? `'${n === 39 || n === 92 ? '\\' : ''}${String.fromCharCode(n)}'`
    : `'\\x${n.toString(16).padStart(2, '0')}'`

/** Accents: those that count, as characters or as code points. */
const accents =
  (gets: boolean, field: string, bytes: 1 | 4) =>
  (scope: PrintScope): ShownIoctl => {
    const { style, arch } = scope
    const layout = layoutOf(bytes === 1 ? 'kbdiacrs' : 'kbdiacrsuc', arch)
    const first = layout.fields[field]!.offset
    return {
      waits: gets,
      print: through((out, frame, address) => {
        if (address === 0 || (gets && frame.failed) || frame.available(address) < layout.size) return false
        const start = frame.at
        const { view } = frame
        const count = view.getUint32(start, true)
        out.put(`{kb_cnt=${count}, ${field}=`)
        bracketed(out, Math.min(count, 256), style, i => {
          const at = start + first + i * bytes * 3
          ;['diacr', 'base', 'result'].forEach((name, part) => {
            out.put(`${part === 0 ? '{' : ', '}${name}=`)
            if (bytes === 1) out.put(character(view.getUint8(at + part), style))
            else {
              const code = view.getUint32(at + part * 4, true)
              out.put(code === 0 ? '0' : `0x${code.toString(16)}`)
            }
          })
          out.putByte(125)
        })
        out.putByte(125)
        return true
      }, 'now'),
    }
  }

/** `scancode=1, keycode=2 => 3`: in the same braces. */
const keycode = (): ShownIoctl => ({
  waits: true,
  print: (out, frame, at) => {
    const address = Number(frame.view.getBigUint64(at, true))
    const hash = (n: number): string => (n === 0 ? '0' : `0x${n.toString(16)}`)
    const before = address === 0 || frame.availableAtEnter(address) < 8 ? -1 : frame.at
    if (before < 0) return pointer(out, frame, at)
    out.put(
      `{scancode=${hash(frame.view.getUint32(before, true))}, keycode=${hash(frame.view.getUint32(before + 4, true))}`,
    )
    const after = frame.failed || frame.available(address) < 8 ? -1 : frame.at
    if (after >= 0) out.put(` => ${hash(frame.view.getUint32(after + 4, true))}`)
    out.putByte(125)
  },
})
const pointer = (out: Parameters<Printer>[0], frame: Parameters<Printer>[1], at: number): void => {
  const value = frame.view.getBigUint64(at, true)
  out.put(value === 0n ? 'NULL' : `0x${value.toString(16)}`)
}

/** Bytes that are no text. */
const raw =
  (gets: boolean, bytes: number) =>
  ({ style }: PrintScope): ShownIoctl => ({
    waits: gets,
    print: through(
      (out, frame, address) =>
        address !== 0 &&
        !(gets && frame.failed) &&
        frame.available(address) >= Math.min(bytes, style.stringLimit + 1) &&
        printBytes(out, frame, address, bytes, style.stringLimit, { ...style, escape: 'all' }),
      'now',
    ),
  })

const firstPort = 0x3b4
const ports = 44
/** A port of the graphics adapter. */
const port = ({ style }: PrintScope): ShownIoctl => ({
  print: (out, frame, at) => {
    hexNumber(out, frame, at, 8)
    const index = frame.view.getBigUint64(at, true) - BigInt(firstPort)
    if (style.constants !== 'raw' && index >= 0n && index < BigInt(ports))
      out.put(` /* GPFIRST + ${index} */`)
  },
})

export const consoleShown: ShownIoctls = {
  KIOCSOUND: sound,
  KDMKTONE: tone,
  KDSETLED: lights(false),
  KDSKBLED: lights(true),
  KDGKBLED: lightsTold,
  KDADDIO: port,
  KDDELIO: port,
  GIO_SCRNMAP: raw(true, 256),
  PIO_SCRNMAP: raw(false, 256),
  GIO_FONT: raw(true, 8192),
  PIO_FONT: raw(false, 8192),
  GIO_CMAP: raw(true, 48),
  PIO_CMAP: raw(false, 48),
  KDSIGACCEPT: accepted,
  KDGKBDIACR: accents(true, 'kbdiacr', 1),
  KDSKBDIACR: accents(false, 'kbdiacr', 1),
  KDGKBDIACRUC: accents(true, 'kbdiacruc', 4),
  KDSKBDIACRUC: accents(false, 'kbdiacruc', 4),
  KDGETKEYCODE: keycode,
  KDKBDREP: beforeAndAfter(['delay', 'period'], ['delay', 'period']),
  KDGKBENT: told('kb_value'),
  GIO_FONTX: beforeAndAfter(['charcount', 'charheight', 'chardata'], ['charcount', 'charheight', 'chardata']),
  KDFONTOP: beforeAndAfter(
    ['op', 'flags', 'width', 'height', 'charcount', 'data'],
    ['width', 'height', 'charcount', 'data'],
  ),
}
