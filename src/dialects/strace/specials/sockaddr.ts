/** Socket addresses: `{sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("127.0.0.1")}`. */
import * as sets from '../../../abi/sets.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import { sockaddrIn, sockaddrIn6 } from '../addresses/internet.ts'
import { sockaddrBt, sockaddrIeee802154, sockaddrLl, sockaddrNfc, sockaddrXdp } from '../addresses/link.ts'
import {
  sockaddrAlg,
  sockaddrMctp,
  sockaddrNl,
  sockaddrQrtr,
  sockaddrUn,
  sockaddrVm,
} from '../addresses/local.ts'
import { sockaddrAx25, sockaddrIpx, sockaddrRxrpc, sockaddrX25 } from '../addresses/old-networks.ts'
import type { AddressContext, Raw } from '../addresses/raw.ts'
import { nameTable, printValue } from '../names.ts'
import type { PrintScope } from '../print.ts'
import { quote } from '../quote.ts'
import type { SpecialPrinter } from '../registry.ts'

/** Prints what follows the family; it reads as many bytes as the structure has, which may be more than `length`. */
type Family = (out: TextBuffer, raw: Raw, at: number, length: number, context: AddressContext) => void

/** The families that are known, with the bytes without which they are only data. */
const families: { readonly [family: number]: readonly [least: number, print: Family] } = {
  1: [3, sockaddrUn],
  2: [16, sockaddrIn],
  3: [16, sockaddrAx25],
  4: [16, sockaddrIpx],
  9: [18, sockaddrX25],
  10: [24, sockaddrIn6],
  16: [12, sockaddrNl],
  17: [20, sockaddrLl],
  31: [3, sockaddrBt],
  33: [36, sockaddrRxrpc],
  36: [20, sockaddrIeee802154],
  38: [25, sockaddrAlg],
  39: [16, sockaddrNfc],
  40: [16, sockaddrVm],
  42: [12, sockaddrQrtr],
  44: [16, sockaddrXdp],
  45: [12, sockaddrMctp],
}

/** What the kernel takes of an address: a sockaddr_storage. */
export const addressBytes = 128

// Addresses are printed from a copy with zeros after it: families look at whole structures.
const scratch: Uint8Array = new Uint8Array(addressBytes + 32)
const copy: Raw & { note?: Raw['note'] } = { bytes: scratch, view: new DataView(scratch.buffer) }

/** Prints `length` bytes (at least 2, all of them there) at `at` as an address. */
export function printAddress(
  out: TextBuffer,
  source: Raw,
  at: number,
  length: number,
  context: AddressContext,
): void {
  const size = Math.min(length, addressBytes)
  scratch.fill(0)
  scratch.set(source.bytes.subarray(at, at + size))
  copy.note = source.note === undefined ? undefined : (kind, key) => source.note?.(kind, key)
  const family = copy.view.getUint16(0, true)
  out.put('{sa_family=')
  printValue(out, [nameTable(sets.addrfams, context.arch)], family, 0, context.style)
  const known = families[family]
  if (known !== undefined && size >= known[0]) known[1](out, copy, 0, size, context)
  else if (size > 2) {
    out.put(', sa_data=')
    quote(out, scratch, 2, size, context.style)
  }
  out.putChar('}')
}

export const sockaddr = ({ style, arch }: PrintScope): SpecialPrinter => {
  const context: AddressContext = { style, arch }
  return (out, frame, at, length) =>
    length < 2 ? out.put('{}') : printAddress(out, frame, at, length, context)
}
