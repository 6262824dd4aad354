/** ioctls of virtual consoles: sounds, fonts, and the maps between characters and what is shown of them. */
import * as sets from '../../../abi/sets.ts'
import { fontBytes, oldFontBytes } from '../../../syscalls/ioctl/consoles.ts'
import { compileLength, readAddress } from '../../../types/evaluate.ts'
import type { Length, Struct } from '../../../types/language.ts'
import { layoutOf } from '../../../types/resolve.ts'
import type { Printer, PrintScope } from '../print.ts'
import { addressNumber, hexNumber, signalName } from '../scalars.ts'
import { printArray } from '../sequences.ts'
import { printBytes, printCString } from '../strings.ts'
import { fieldsPrinter, picked } from '../structures.ts'
import {
  arrow,
  beforeAndAfter,
  type ShownIoctl,
  type ShownIoctls,
  structOf,
  through,
  whole,
} from './shown.ts'

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

const accepted = ({ style }: PrintScope): ShownIoctl => ({
  print: (out, { view }, at) => {
    const value = view.getBigUint64(at, true)
    if (value <= 64n) signalName(out, Number(value), style)
    else out.put(value.toString())
  },
})

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

/** Code points that stand for places in the font, not for characters. */
const directBase = 0xf000
const directEnd = 0xf200
const characters = 256
/** Which code point each byte is. */
const screenMap =
  (gets: boolean) =>
  ({ style }: PrintScope): ShownIoctl => {
    const codePoint: Printer = (out, { view }, at) => {
      const code = view.getUint16(at, true)
      const number = code === 0 ? '0' : `0x${code.toString(16)}`
      if (style.constants === 'raw' || code < directBase || code >= directEnd) return out.put(number)
      const place = code - directBase
      const name = `UNI_DIRECT_BASE+${place === 0 ? '0' : `0x${place.toString(16)}`}`
      out.put(style.constants === 'verbose' ? `${number} /* ${name} */` : name)
    }
    return {
      waits: gets,
      print: through(
        (out, frame, address, bases) =>
          address !== 0 &&
          !(gets && frame.failed) &&
          printArray(out, frame, address, characters, 2, codePoint, bases, style),
        'now',
      ),
    }
  }

/** How many pairs there is room for, how many there are, and the pairs: `{entry_ct=1 => 1, entries=[…]}`. */
const pairsTold = (scope: PrintScope, request: string): ShownIoctl => {
  const type = structOf(request)
  const { size } = layoutOf(type.layout, scope.arch)
  const rest = fieldsPrinter(picked(type, ['entry_ct', 'entries']), scope)
  return {
    waits: true,
    print: (out, frame, at, bases) => {
      const address = readAddress(frame.view, at, scope.arch)
      const before = address === 0 || frame.availableAtEnter(address) < size ? -1 : frame.at
      const after = address === 0 || frame.available(address) < size ? -1 : frame.at
      if (before < 0 || after < 0) return addressNumber(out, frame, at, 8)
      const start = out.length
      rest(out, frame, after, bases)
      const told = Buffer.from(out.bytes.subarray(start, out.length)).toString('latin1')
      out.length = start
      out.put(`{entry_ct=${frame.view.getUint16(before, true)} => ${told.slice('{entry_ct='.length)}`)
    },
  }
}

const { KD_FONT_OP_SET, KD_FONT_OP_GET, KD_FONT_OP_SET_DEFAULT, KD_FONT_OP_COPY } = sets.kd_font_ops.values
/** Without the NUL. */
const mostFontName = 31

/** Where something stands, and no more. */
const plain: Printer = (out, frame, at) => {
  if (readAddress(frame.view, at, frame.arch) === 0) out.put('NULL')
  else addressNumber(out, frame, at, 8)
}

/** The bytes of a font, which are no text. */
function glyphsPrinter(type: Struct, bytes: Length, scope: PrintScope): Printer {
  const { style, arch } = scope
  const length = compileLength(bytes, {
    ...scope,
    structs: [{ layout: layoutOf(type.layout, arch), fields: type.fields }, ...scope.structs],
  })
  return (out, frame, at, bases) => {
    const address = readAddress(frame.view, at, arch)
    const shown = { ...style, escape: 'all' as const }
    if (address === 0) out.put('NULL')
    else if (!printBytes(out, frame, address, length(frame, bases), style.stringLimit, shown))
      addressNumber(out, frame, at, 8)
  }
}

/** A font of the old kind, eight bits wide. `gets`: it comes from the console. */
const oldFont =
  (gets: boolean) =>
  (scope: PrintScope, request: string): ShownIoctl => {
    const type = structOf(request)
    const { size } = layoutOf(type.layout, scope.arch)
    const glyphs = { chardata: glyphsPrinter(type, oldFontBytes, scope) }
    const shown = fieldsPrinter(type, scope, undefined, glyphs)
    if (!gets) return { print: through(whole(size, shown), 'entered') }
    return {
      print: through(whole(size, fieldsPrinter(type, scope, undefined, { chardata: plain })), 'entered'),
      after: arrow(whole(size, shown)),
    }
  }

/** A font that goes to the console or comes from it, is found by name, or copied from another console. */
const fontOperation = (scope: PrintScope, request: string): ShownIoctl => {
  const { style, arch } = scope
  const type = structOf(request)
  const { size, fields: places } = layoutOf(type.layout, arch)
  const glyphs = glyphsPrinter(type, fontBytes, scope)
  const name: Printer = (out, frame, at) => {
    const address = readAddress(frame.view, at, arch)
    const limit = Math.min(style.stringLimit, mostFontName)
    if (address === 0) out.put('NULL')
    else if (!printCString(out, frame, address, limit, style, mostFontName + 1))
      addressNumber(out, frame, at, 8)
  }
  const fields = (data: Printer, ...names: readonly string[]): Printer =>
    fieldsPrinter(picked(type, names), scope, undefined, { data })
  const everything = ['op', 'flags', 'width', 'height', 'charcount', 'data']
  const told = ['width', 'height', 'charcount', 'data']
  const before: { readonly [op: number]: Printer } = {
    [KD_FONT_OP_SET]: fields(glyphs, ...everything),
    [KD_FONT_OP_SET_DEFAULT]: fields(name, 'op', 'width', 'height', 'data'),
    [KD_FONT_OP_COPY]: fields(plain, 'op', 'height'),
  }
  const after: { readonly [op: number]: Printer | undefined } = {
    [KD_FONT_OP_SET]: undefined,
    [KD_FONT_OP_COPY]: undefined,
    [KD_FONT_OP_GET]: fields(glyphs, ...told),
    [KD_FONT_OP_SET_DEFAULT]: fields(plain, 'width', 'height'),
  }
  const other = fields(plain, ...everything)
  const otherAfter = fields(plain, ...told)
  const operation = places.op!.offset
  return {
    print: through(
      whole(size, (out, frame, at, bases) =>
        (before[frame.view.getUint32(at + operation, true)] ?? other)(out, frame, at, bases),
      ),
      'entered',
    ),
    after: arrow((out, frame, address, bases) => {
      if (address === 0 || frame.available(address) < size) return false
      const { at } = frame
      const op = frame.view.getUint32(at + operation, true)
      const print = op in after ? after[op] : otherAfter
      print?.(out, frame, at, bases)
      return print !== undefined
    }),
  }
}

export const consoleShown: ShownIoctls = {
  KIOCSOUND: sound,
  KDMKTONE: tone,
  KDADDIO: port,
  KDDELIO: port,
  GIO_SCRNMAP: raw(true, 256),
  PIO_SCRNMAP: raw(false, 256),
  GIO_UNISCRNMAP: screenMap(true),
  PIO_UNISCRNMAP: screenMap(false),
  GIO_FONT: raw(true, 8192),
  PIO_FONT: raw(false, 8192),
  GIO_CMAP: raw(true, 48),
  PIO_CMAP: raw(false, 48),
  KDSIGACCEPT: accepted,
  KDKBDREP: beforeAndAfter(['delay', 'period'], ['delay', 'period']),
  GIO_FONTX: oldFont(true),
  PIO_FONTX: oldFont(false),
  GIO_UNIMAP: pairsTold,
  KDFONTOP: fontOperation,
}
