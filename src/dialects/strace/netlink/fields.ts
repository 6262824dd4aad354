/** Members of the structures in netlink messages: `{nh_scope=RT_SCOPE_LINK, nh_protocol=RTPROT_BOOT}`. */
import type { NameSet } from '../../../types/language.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import { interfaceIndex } from '../addresses/interfaces.ts'
import { inet4, inet6Field } from '../addresses/internet.ts'
import { hash, quoteHex, quoteText, type Raw } from '../addresses/raw.ts'
import { nameTable, printFlags, printValue } from '../names.ts'
import { type NetlinkContext, type NetlinkValue, sized } from './values.ts'

type Print = (out: TextBuffer, raw: Raw, at: number, context: NetlinkContext) => void

/** Prints what belongs to the structure at `at`. */
export interface Field {
  /** Where there is none, what is printed says what it is. */
  readonly name?: string
  readonly print: Print
  /** Padding is shown when something stands there. */
  readonly isShown?: (raw: Raw, at: number) => boolean
}

type Width = 1 | 2 | 4 | 8
const read = ({ view, bytes }: Raw, at: number, width: Width): number =>
  width === 1 ? bytes[at]! : width === 2 ? view.getUint16(at, true) : view.getUint32(at, true)

export const field = (name: string, print: Print): Field => ({ name, print })
export const dec = (name: string, offset: number, width: Width): Field =>
  field(name, (out, raw, at) =>
    width === 8
      ? out.put(raw.view.getBigUint64(at + offset, true).toString())
      : out.dec(read(raw, at + offset, width)),
  )
export const hex = (name: string, offset: number, width: Width): Field =>
  field(name, (out, raw, at) => {
    if (width !== 8) return hash(out, read(raw, at + offset, width))
    const n = raw.view.getBigUint64(at + offset, true)
    out.put(n === 0n ? '0' : `0x${n.toString(16)}`)
  })
/** `%#08x`, whose width counts the 0x. */
export const wideHex = (name: string, offset: number): Field =>
  field(name, (out, { view }, at) => {
    const n = view.getUint32(at + offset, true)
    out.put(n === 0 ? '00000000' : `0x${n.toString(16).padStart(6, '0')}`)
  })
export const pad = (name: string, offset: number, width: 1 | 2 | 4): Field => ({
  ...hex(name, offset, width),
  isShown: (raw, at) => read(raw, at + offset, width) !== 0,
})
/** The index of a network interface. */
export const link = (name: string, offset: number): Field =>
  field(name, (out, { view }, at, { style }) => interfaceIndex(out, view.getUint32(at + offset, true), style))
export const value = (
  name: string,
  offset: number,
  width: 1 | 2 | 4,
  set: NameSet,
  unknown?: string,
): Field =>
  field(name, (out, raw, at, { style, arch }) =>
    printValue(out, [nameTable(set, arch)], read(raw, at + offset, width), 0, style, unknown),
  )
export const flags = (
  name: string,
  offset: number,
  width: 1 | 2 | 4,
  set: NameSet,
  unknown?: string,
): Field =>
  field(name, (out, raw, at, { style, arch }) =>
    printFlags(out, [nameTable(set, arch)], read(raw, at + offset, width), 0, style, unknown),
  )
/** Text in a place of `length` bytes, its NUL among them. */
export const place = (name: string, offset: number, length: number): Field =>
  field(name, (out, { bytes }, at, { style }) =>
    quoteText(out, bytes, at + offset, at + offset + length, style),
  )
/** `[1, 2]`: what the kernel knows a socket by. */
export const cookie = (name: string, offset: number): Field =>
  field(name, (out, { view }, at) =>
    out.put(`[${view.getUint32(at + offset, true)}, ${view.getUint32(at + offset + 4, true)}]`),
  )
/** An address in room for the longest, 16 bytes, of the family that the message says. */
export const address = (
  name: string,
  offset: number,
  familyOf: (raw: Raw, at: number, context: NetlinkContext) => number,
): Field => ({
  print: (out, raw, at, context) => {
    const family = familyOf(raw, at, context)
    if (family === 10) return inet6Field(out, raw, at + offset, name, context.style)
    out.put(`${name}=`)
    if (family === 2) inet4(out, raw, at + offset, context.style)
    else quoteHex(out, raw.bytes, at + offset, at + offset + 16)
  },
})
/** A structure in a structure. */
export const inner = (name: string, offset: number, fields: readonly Field[]): Field =>
  field(name, (out, raw, at, context) => {
    out.putChar('{')
    printFields(out, raw, at + offset, fields, context, false)
    out.putChar('}')
  })

/** Prints members with commas between them, and one before them where others were `printed` already. */
export function printFields(
  out: TextBuffer,
  raw: Raw,
  at: number,
  fields: readonly Field[],
  context: NetlinkContext,
  printed: boolean,
): void {
  let comma = printed
  for (const { name, print, isShown } of fields) {
    if (isShown !== undefined && !isShown(raw, at)) continue
    if (comma) out.put(', ')
    comma = true
    if (name !== undefined) out.put(`${name}=`)
    print(out, raw, at, context)
  }
}

/** A structure of `size` bytes as the value of an attribute. */
export const structure = (size: number, fields: readonly Field[]): NetlinkValue =>
  sized(size, (out, raw, at, context) => {
    out.putChar('{')
    printFields(out, raw, at, fields, context, false)
    out.putChar('}')
  })
