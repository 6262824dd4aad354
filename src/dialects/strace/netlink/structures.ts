/** Structures and lists in netlink attributes. */
import * as sets from '../../../abi/sets.ts'
import { layoutOf } from '../../../types/resolve.ts'
import { hash, type Raw, withRaw } from '../addresses/raw.ts'
import { nameTable, printValue } from '../names.ts'
import { type AttributeSet, printAttributes } from './attributes.ts'
import {
  addressOf,
  careful,
  type NetlinkContext,
  type NetlinkValue,
  sized,
  unknown,
  unknownOrAddress,
} from './values.ts'

/** Members that are shown in another way than as a number in decimal; one that prints nothing is left out. */
type Members = { readonly [name: string]: NetlinkValue }

/** How much of a structure must be there, and what becomes of bytes after it. */
type Extent = 'whole' | 'its members' | 'whole, and nothing more' | 'whole, and what follows'

/** A structure of data/abi, `{a=1, b=2}`; what follows it is passed over but where `extent` says otherwise. */
export const layout = (name: string, members: Members = {}, extent: Extent = 'whole'): NetlinkValue =>
  careful((out, raw, at, length, context) => {
    const { size, fields } = layoutOf(name, context.arch)
    const places = Object.entries(fields)
    const least =
      extent === 'its members'
        ? places.reduce((most, [, place]) => Math.max(most, place.offset + place.size), 0)
        : size
    if (length < least || (extent === 'whole, and nothing more' && length > size)) return false
    if (at + least > context.end) {
      addressOf(out, at, context)
      return true
    }
    let separator = '{'
    for (const [member, place] of places) {
      const before = out.length
      out.put(`${separator}${member}=`)
      const here = at + place.offset
      const own = members[member]
      if (own === undefined) out.put(decimal(raw, here, place.size, place.signed === true))
      else if (!own(out, raw, here, place.size, context)) {
        out.length = before
        continue
      }
      separator = ', '
    }
    out.putChar('}')
    if (extent !== 'whole, and what follows' || length === size) return true
    out.put(', ')
    unknownOrAddress(out, raw, at + size, length - size, context)
    return true
  })

function decimal({ view, bytes }: Raw, at: number, size: number, signed: boolean): string {
  if (size === 1) return String(signed ? view.getInt8(at) : bytes[at])
  if (size === 2) return String(signed ? view.getInt16(at, true) : view.getUint16(at, true))
  if (size === 4) return String(signed ? view.getInt32(at, true) : view.getUint32(at, true))
  return String(signed ? view.getBigInt64(at, true) : view.getBigUint64(at, true))
}

/** Bytes without a meaning of their own. */
export const rawBytes: NetlinkValue = (out, raw, at, length, { style }) => {
  unknown(out, raw, at, length, style)
  return true
}
const isZero = ({ bytes }: Raw, at: number, length: number): boolean =>
  bytes.subarray(at, at + length).every(byte => byte === 0)
/** Padding, of which something is shown only when something is there. */
export const padding: NetlinkValue = (out, raw, at, length, context) =>
  !isZero(raw, at, length) && rawBytes(out, raw, at, length, context)
export const numberPadding: NetlinkValue = (out, raw, at, length) => {
  if (isZero(raw, at, length)) return false
  hash(out, length === 2 ? raw.view.getUint16(at, true) : raw.view.getUint32(at, true))
  return true
}

/** Attributes of a kind that only the context tells; bytes where it tells none. */
export const chosenAttributes = (
  choose: (context: NetlinkContext) => AttributeSet | undefined,
): NetlinkValue =>
  careful((out, raw, at, length, context) => {
    const set = choose(context)
    if (set === undefined) return false
    printAttributes(out, raw, at, length, set, context)
    return true
  })

/** `00:11:22:…`, a link's address of whatever length. */
export const macAddress: NetlinkValue = (out, raw, at, length, { style }) => {
  withRaw(out, raw, at, at + length, style, () => {
    for (let i = at; i < at + length; i++) {
      if (i > at) out.putChar(':')
      out.hexByte(raw.bytes[i]!)
    }
  })
  return true
}

export const hex16: NetlinkValue = sized(2, (out, { view }, at) => hash(out, view.getUint16(at, true)))
export const hex64: NetlinkValue = sized(8, (out, { view }, at) => {
  const low = view.getUint32(at, true)
  const high = view.getUint32(at + 4, true)
  if (high === 0) hash(out, low)
  else out.hex(low, high)
})
/** `htons(ETH_P_IP)`. */
export const etherType = (unknownName?: string): NetlinkValue =>
  sized(
    2,
    (out, { view }, at, { style, arch }) => {
      out.put('htons(')
      const type = view.getUint16(at, false)
      printValue(out, [nameTable(sets.ethernet_protocols, arch)], type, 0, style, unknownName)
      out.putChar(')')
    },
    8,
  )
