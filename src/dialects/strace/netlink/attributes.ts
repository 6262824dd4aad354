/** Attributes of netlink messages: `[{nla_len=8, nla_type=IFLA_MTU}, 1500]`, one after the other. */
import { align4 } from '../../../record/layout.ts'
import type { NameSet } from '../../../types/language.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import type { Raw } from '../addresses/raw.ts'
import { nameTable, printValue } from '../names.ts'
import { addressOf, type NetlinkContext, type NetlinkValue, unknown, unknownOrAddress } from './values.ts'

/** What attributes of one kind are called, and what their values are. */
export interface AttributeSet {
  readonly names: NameSet
  readonly unknown?: string
  readonly values: { readonly [type: number]: NetlinkValue }
}

const headerBytes = 4
const nested = 0x8000
const networkOrder = 0x4000
const typeFlags = [
  [nested, 'NLA_F_NESTED'],
  [networkOrder, 'NLA_F_NET_BYTEORDER'],
] as const
/** Attributes in attributes in …: no message is that deep. */
const deepest = 16
let depth = 0

/** A list of elements that say how long they are: brackets only where there are several. */
export function printChain(
  out: TextBuffer,
  raw: Raw,
  at: number,
  length: number,
  context: NetlinkContext,
  least: number,
  sizeOf: (at: number) => number,
  print: (at: number, length: number) => void,
): void {
  const { style, end } = context
  let here = at
  let left = length
  const start = out.length
  let several = false
  for (let n = 0; left > 0; n++) {
    if (n > 0) out.put(', ')
    if (!style.verbose && n >= style.stringLimit) {
      out.put('...')
      break
    }
    if (here + Math.min(left, least) > end) {
      if (n === 0) addressOf(out, here, context)
      else {
        out.put('... /* ')
        addressOf(out, here, context)
        out.put(' */')
      }
      break
    }
    if (left < least) {
      unknown(out, raw, here, left, style)
      break
    }
    const size = sizeOf(here)
    const next = align4(size)
    if (n === 0 && size >= least && next < left) {
      several = true
      out.putChar('[')
    }
    print(here, Math.min(size, left))
    if (size < least || next >= left) break
    here += next
    left -= next
  }
  if (several) out.putChar(']')
  if (out.length === start) unknown(out, raw, at, 0, style)
}

/** Prints `length` bytes of attributes; `fallback` is for those that the set says nothing of. */
export function printAttributes(
  out: TextBuffer,
  raw: Raw,
  at: number,
  length: number,
  set: AttributeSet,
  context: NetlinkContext,
): void {
  if (depth >= deepest) {
    unknown(out, raw, at, length, context.style)
    return
  }
  depth++
  const table = [nameTable(set.names, context.arch)]
  printChain(
    out,
    raw,
    at,
    length,
    context,
    headerBytes,
    here => raw.view.getUint16(here, true),
    (here, size) => {
      const type = raw.view.getUint16(here + 2, true)
      const bytes = size - headerBytes
      if (bytes > 0) out.putChar('[')
      out.put(`{nla_len=${raw.view.getUint16(here, true)}, nla_type=`)
      printType(out, type, table, set.unknown, context)
      out.putChar('}')
      if (bytes <= 0) return
      out.put(', ')
      const value = set.values[type & ~(nested | networkOrder)]
      const isReadable = here + size <= context.end
      const isShown =
        value !== undefined &&
        (isReadable || value.nested === true) &&
        value(out, raw, here + headerBytes, bytes, context)
      const isBytes = value === undefined || isReadable || value.nested === true
      if (!isShown && isBytes) unknownOrAddress(out, raw, here + headerBytes, bytes, context)
      else if (!isShown) addressOf(out, here + headerBytes, context)
      out.putChar(']')
    },
  )
  depth--
}

function printType(
  out: TextBuffer,
  type: number,
  table: Parameters<typeof printValue>[1],
  unknownName: string | undefined,
  { style }: NetlinkContext,
): void {
  for (const [flag, name] of typeFlags) {
    if ((type & flag) === 0) continue
    if (style.constants === 'abbrev') out.put(name)
    else out.hex(flag)
    out.put(style.constants === 'verbose' ? ` /* ${name} */|` : '|')
  }
  printValue(out, table, type & ~(nested | networkOrder), 0, style, unknownName)
}

/** Attributes as the value of an attribute. */
export const attributes = (set: AttributeSet | (() => AttributeSet)): NetlinkValue =>
  Object.assign(
    ((out, raw, at, length, context) => {
      printAttributes(out, raw, at, length, typeof set === 'function' ? set() : set, context)
      return true
    }) satisfies NetlinkValue,
    { nested: true as const },
  )

/** A value of `size` bytes, then attributes of what it tells of. */
export const headed = (size: number, head: NetlinkValue, set: AttributeSet): NetlinkValue =>
  Object.assign(
    ((out, raw, at, length, context) => {
      if (!head(out, raw, at, Math.min(length, size), context)) return false
      const rest = length - align4(size)
      if (rest <= 0 || at + size > context.end) return true
      out.put(', ')
      printAttributes(out, raw, at + align4(size), rest, set, context)
      return true
    }) satisfies NetlinkValue,
    { nested: true as const },
  )
