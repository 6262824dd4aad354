/** Values of netlink attributes: numbers, names, text, addresses. */

import type { ArchName } from '../../../record/layout.ts'
import type { NameSet } from '../../../types/language.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import { hardwareLengths } from '../addresses/hardware.ts'
import { interfaceIndex } from '../addresses/interfaces.ts'
import { inet4, inet6 } from '../addresses/internet.ts'
import { hash, quoteHex, type Raw, withRaw } from '../addresses/raw.ts'
import { lookUp, nameTable, printFlags, printValue } from '../names.ts'
import type { Notes } from '../process-ids.ts'
import { quote } from '../quote.ts'
import { descriptor, putAddress } from '../scalars.ts'
import type { Style } from '../style.ts'

/** What values are read and written with, and what of their message they hang on. */
export interface NetlinkContext {
  readonly style: Style
  readonly arch: ArchName
  /** The address family that the message is about. */
  readonly family: number
  /** The kind of link that the message is about (ARPHRD_…), -1 for none. */
  readonly link: number
  readonly protocol: number
  /** The families of generic netlink, where the capture found them. */
  readonly families?: NameSet | undefined
  /** What attributes before this one, beside it, said of the link: what kind it is, and of what kind a port. */
  readonly said?: { kind?: string | undefined; portKind?: string | undefined }
  /** Where in the bytes what could be read ends, and the address that the first of them would have. */
  readonly end: number
  readonly origin: number
  /** What the capture noted of descriptors. */
  readonly notes: Notes
}

/** The address of what stands at `at` and could not be read. */
export function addressOf(out: TextBuffer, at: number, { origin }: NetlinkContext): void {
  const address = origin + at
  putAddress(out, address)
}

/** Prints `length` bytes as what they mean; false (and nothing printed): they are not that. */
export interface NetlinkValue {
  (out: TextBuffer, raw: Raw, at: number, length: number, context: NetlinkContext): boolean
  /** It looks itself at how much of it can be read, and shows as much. */
  readonly nested?: true
}

/** Says of a value that it looks itself at how much can be read. */
export const careful = (value: NetlinkValue): NetlinkValue => Object.assign(value, { nested: true as const })

/** A value of `size` bytes; more are passed over, but for those that are not to be (`most`). */
export const sized = (
  size: number,
  print: (out: TextBuffer, raw: Raw, at: number, context: NetlinkContext) => void,
  most = 0xffff,
): NetlinkValue =>
  careful((out, raw, at, length, context) => {
    if (length < size || length > most) return false
    if (at + size > context.end) addressOf(out, at, context)
    else print(out, raw, at, context)
    return true
  })

/** Values of `element` bytes, or of a structure, side by side, up to the first that cannot be read. */
export const listOf = (
  element: number | { readonly bytes: number },
  print: (out: TextBuffer, raw: Raw, at: number, context: NetlinkContext, index: number) => void,
): NetlinkValue =>
  careful((out, raw, at, length, context) => {
    const size = typeof element === 'number' ? element : element.bytes
    const count = Math.floor(length / size)
    if (count === 0) return false
    const { style, end } = context
    if (at + size > end) {
      addressOf(out, at, context)
      return true
    }
    out.putChar('[')
    for (let i = 0; i < count; i++) {
      const here = at + i * size
      if (i > 0) out.put(', ')
      if (!style.verbose && i >= style.stringLimit) {
        out.put('...')
        break
      }
      if (here + size > end) {
        out.put('... /* ')
        addressOf(out, here, context)
        out.put(' */')
        break
      }
      print(out, raw, here, context, i)
    }
    out.putChar(']')
    return true
  })

export const u8: NetlinkValue = sized(1, (out, { bytes }, at) => out.dec(bytes[at]!))
export const u16: NetlinkValue = sized(2, (out, { view }, at) => out.dec(view.getUint16(at, true)))
/** A descriptor, and what is behind it. */
export const fd: NetlinkValue = sized(4, (out, { view }, at, { notes, style }) =>
  descriptor(out, notes, view.getInt32(at, true), style),
)
export const u32: NetlinkValue = sized(4, (out, { view }, at) => out.dec(view.getUint32(at, true)))
export const s32: NetlinkValue = sized(4, (out, { view }, at) => out.dec(view.getInt32(at, true)))
export const u64: NetlinkValue = sized(8, (out, { view }, at) =>
  out.put(view.getBigUint64(at, true).toString()),
)
export const hex32: NetlinkValue = sized(4, (out, { view }, at) => hash(out, view.getUint32(at, true)))
export const be16: NetlinkValue = sized(2, (out, raw, at, { style }) =>
  withRaw(out, raw, at, at + 2, style, () => out.put(`htons(${raw.view.getUint16(at, false)})`)),
)
export const be64: NetlinkValue = sized(8, (out, { view }, at) =>
  out.put(`htobe64(${view.getBigUint64(at, false)})`),
)
export const index: NetlinkValue = sized(4, (out, { view }, at, { style }) =>
  interfaceIndex(out, view.getUint32(at, true), style),
)

const numberAt = ({ view, bytes }: Raw, at: number, size: 1 | 2 | 4): number =>
  size === 1 ? bytes[at]! : size === 2 ? view.getUint16(at, true) : view.getUint32(at, true)

/** Names for a number of `size` bytes; eight at most hold one. */
export const names = (set: NameSet, size: 1 | 2 | 4, unknown?: string, most = 8): NetlinkValue =>
  sized(
    size,
    (out, raw, at, { style, arch }) =>
      printValue(out, [nameTable(set, arch)], numberAt(raw, at, size), 0, style, unknown),
    most,
  )
export const flags = (set: NameSet, size: 1 | 2 | 4, unknown?: string, most = 8): NetlinkValue =>
  sized(
    size,
    (out, raw, at, { style, arch }) =>
      printFlags(out, [nameTable(set, arch)], numberAt(raw, at, size), 0, style, unknown),
    most,
  )

/** Of text and of bytes one more is read than is shown, to know whether there is one. */
const isTextReadable = (at: number, length: number, { style, end }: NetlinkContext): boolean =>
  at + Math.min(length, style.stringLimit + 1) <= end

/** Text ended by NUL. */
export const zeroEnded: NetlinkValue = careful((out, { bytes }, at, length, context) => {
  const { style, end } = context
  const nul = bytes.subarray(at, Math.min(at + length, end)).indexOf(0)
  if (nul < 0 && !isTextReadable(at, length, context)) {
    addressOf(out, at, context)
    return true
  }
  const shown = nul < 0 ? length : nul
  quote(out, bytes, at, at + Math.min(shown, style.stringLimit), style)
  if (nul < 0 || shown > style.stringLimit) out.put('...')
  return true
})
/** Text, of whose bytes the last is a NUL that ends it; others are part of it. */
export const text: NetlinkValue = careful((out, { bytes }, at, length, context) => {
  if (!isTextReadable(at, length, context)) {
    addressOf(out, at, context)
    return true
  }
  const { style } = context
  const shown = Math.min(length, style.stringLimit)
  // Where all is escaped, the byte that ends it is too.
  const isEnded = style.escape !== 'all' && shown > 0 && bytes[at + shown - 1] === 0
  quote(out, bytes, at, at + (isEnded ? shown - 1 : shown), style)
  if (!isEnded) out.put('...')
  return true
})

/** Bytes of no known meaning. */
export function unknown(out: TextBuffer, { bytes }: Raw, at: number, length: number, style: Style): void {
  quoteHex(out, bytes, at, at + Math.min(length, style.stringLimit))
  if (length > style.stringLimit) out.put('...')
}
/** The same, where they may not be there. */
export function unknownOrAddress(
  out: TextBuffer,
  raw: Raw,
  at: number,
  length: number,
  context: NetlinkContext,
): void {
  if (isTextReadable(at, length, context)) unknown(out, raw, at, length, context.style)
  else addressOf(out, at, context)
}

const mostHardwareBytes = 32
/** An address of the kind of link that the message is about. */
export const hardware: NetlinkValue = careful((out, raw, at, length, context) => {
  if (length === 0 || length > mostHardwareBytes) return false
  if (at + length > context.end) {
    addressOf(out, at, context)
    return true
  }
  const shown = Math.min(length, hardwareLengths.get(context.link) ?? length)
  withRaw(out, raw, at, at + length, context.style, () => {
    for (let i = at; i < at + shown; i++) {
      if (i > at) out.putChar(':')
      out.hexByte(raw.bytes[i]!)
    }
  })
  return true
})

/** An address of `family`; none where it is not known, or the bytes are too few. */
function address(
  out: TextBuffer,
  raw: Raw,
  at: number,
  length: number,
  family: number,
  context: NetlinkContext,
): boolean {
  const size = family === 2 ? 4 : family === 10 ? 16 : undefined
  if (size === undefined || length < size) return false
  if (at + size > context.end) addressOf(out, at, context)
  else if (family === 2) inet4(out, raw, at, context.style)
  else inet6(out, raw, at, context.style)
  return true
}
/** An address of the family that the message is about. */
export const ownAddress: NetlinkValue = careful((out, raw, at, length, context) =>
  address(out, raw, at, length, context.family, context),
)
/** An address of another family than the message may be about. */
export const addressOfFamily = (family: number): NetlinkValue =>
  careful((out, raw, at, length, context) => address(out, raw, at, length, family, context))

/** `{a=1, b=2}`: numbers of four bytes; those of `hexadecimal` so. */
export const numbers = (fields: readonly string[], hexadecimal: readonly string[] = []): NetlinkValue =>
  sized(fields.length * 4, (out, { view }, at) => {
    fields.forEach((name, i) => {
      out.put(`${i === 0 ? '{' : ', '}${name}=`)
      if (hexadecimal.includes(name)) hash(out, view.getUint32(at + i * 4, true))
      else out.dec(view.getUint32(at + i * 4, true))
    })
    out.putChar('}')
  })

/** `[[NAME]=1, [NAME]=2]`: numbers by what their place stands for. */
export const indexed = (set: NameSet, size: 4 | 8, signed: boolean, unknownName?: string): NetlinkValue =>
  listOf(size, (out, raw, at, { style, arch }, i) => {
    const table = [nameTable(set, arch)]
    const name = style.constants === 'raw' ? undefined : lookUp(table, i, 0)
    out.putChar('[')
    if (name === undefined || style.constants === 'verbose') out.dec(i)
    if (name !== undefined) out.put(style.constants === 'verbose' ? ` /* ${name} */` : name)
    else if (style.constants !== 'raw') out.put(` /* ${unknownName ?? table[0]!.prefix} */`)
    out.put(']=')
    if (size === 8) out.put(raw.view.getBigUint64(at, true).toString())
    else out.dec(signed ? raw.view.getInt32(at, true) : raw.view.getUint32(at, true))
  })

/** What a second has of the ticks that the kernel tells programs of. */
const ticksPerSecond = 100n

/** `150 /* 1.50 s *\/`: time in ticks, in as many bytes as there are, of eight. */
export const ticks: NetlinkValue = careful((out, raw, at, length, context) => {
  if (length === 0 || length > 8) return false
  if (at + length > context.end) {
    addressOf(out, at, context)
    return true
  }
  let n = 0n
  for (let i = length - 1; i >= 0; i--) n = (n << 8n) | BigInt(raw.bytes[at + i]!)
  out.put(n.toString())
  if (n !== 0n && context.style.constants !== 'raw')
    out.put(` /* ${n / ticksPerSecond}.${(n % ticksPerSecond).toString().padStart(2, '0')} s */`)
  return true
})
