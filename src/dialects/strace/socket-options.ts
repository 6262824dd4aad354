/** Values of socket options: which are numbers, structures or names, and what of them is there. */
import { errnoNames } from '../../abi/errno.ts'
import * as sets from '../../abi/sets.ts'
import type { Frame } from '../../record/frame.ts'
import { readAddress } from '../../types/evaluate.ts'
import { layoutOf } from '../../types/resolve.ts'
import type { TextBuffer } from '../text-buffer.ts'
import { interfaceIndex } from './addresses/interfaces.ts'
import { inet4, inet6Field } from './addresses/internet.ts'
import { hardwareAddress } from './addresses/link.ts'
import { quoteHex } from './addresses/raw.ts'
import { instructionBytes, longestProgram, printInstruction } from './classic-bpf.ts'
import { bracketed } from './lists.ts'
import { lookUp, nameTable, printValue } from './names.ts'
import type { PrintScope } from './print.ts'
import { processId } from './process-ids.ts'
import { addressNumber } from './scalars.ts'
import { printAddress } from './specials/sockaddr.ts'
import { printBytes } from './strings.ts'

/** Prints an option's value of `length` bytes at an address; false: it is not to be seen, or not all of it. */
export type OptionValue = (
  out: TextBuffer,
  frame: Frame,
  address: number,
  length: number,
  scope: PrintScope,
) => boolean

/** What prints `bytes` bytes, when so many are there. */
const whole =
  (
    bytes: number,
    print: (out: TextBuffer, frame: Frame, at: number, scope: PrintScope) => void,
    exactly = false,
  ): OptionValue =>
  (out, frame, address, length, scope) => {
    if (exactly ? length !== bytes : length < bytes) return false
    const at = frame.find(address, bytes)
    if (at < 0) return false
    print(out, frame, at, scope)
    return true
  }

export const number: OptionValue = whole(4, (out, { view }, at) => out.put(`[${view.getInt32(at, true)}]`))
/** A number where there are four bytes, text else, of which a negative length is a lot. */
export const anything: OptionValue = (out, frame, address, length, scope) =>
  length === 4
    ? number(out, frame, address, length, scope)
    : printBytes(out, frame, address, length >>> 0, scope.style.stringLimit, scope.style)

/** A number with its name, or its bytes where there are not enough. */
const named =
  (print: (out: TextBuffer, n: number, scope: PrintScope) => void): OptionValue =>
  (out, frame, address, length, scope) => {
    const size = Math.min(length, 4)
    const at = frame.find(address, size)
    if (at < 0) return false
    if (size < 4) quoteHex(out, frame.bytes, at, at + size)
    else {
      out.putChar('[')
      print(out, frame.view.getInt32(at, true), scope)
      out.putChar(']')
    }
    return true
  }

/** A decimal number, its name, or both. */
function spelled(out: TextBuffer, n: number, name: string | undefined, { style }: PrintScope): void {
  if (name === undefined || style.constants === 'raw') out.dec(n)
  else if (style.constants === 'verbose') out.put(`${n} /* ${name} */`)
  else out.put(name)
}
export const rehash: OptionValue = named((out, n, scope) => {
  const name = lookUp([nameTable(sets.sockopt_txrehash_vals, scope.arch)], n >>> 0, 0)
  if (name !== undefined || scope.style.constants === 'raw') spelled(out, n, name, scope)
  else out.put(`${n} /* SOCK_TXREHASH_??? */`)
})
/** Got, of a number that is not whole its bytes are shown. */
export const numberGot: OptionValue = named((out, n) => out.dec(n))
export const failure: OptionValue = named((out, n, scope) =>
  spelled(out, n, n > 0 ? errnoNames[n] : undefined, scope),
)

/** Numbers of four bytes one after the other: of one that is there in part, its bytes. */
export const fields =
  (...names: readonly string[]): OptionValue =>
  (out, frame, address, length, { style }) => {
    const size = Math.min(length, names.length * 4)
    const at = frame.find(address, size)
    if (at < 0) return false
    names.forEach((name, i) => {
      const rest = size - i * 4
      if (rest <= 0) return
      out.put(`${i === 0 ? '{' : ', '}${name}=`)
      if (rest < 4) quoteHex(out, frame.bytes, at + i * 4, at + size)
      else if (name === 'uid' || name === 'gid') out.put(identity(frame.view.getUint32(at + i * 4, true)))
      else if (name === 'pid') processId(out, frame, frame.view.getInt32(at + i * 4, true), 'pid', style)
      else if (name.startsWith('tp_')) out.dec(frame.view.getUint32(at + i * 4, true))
      else out.dec(frame.view.getInt32(at + i * 4, true))
    })
    out.putChar('}')
    return true
  }
const identity = (n: number): string => (n === 0xffffffff ? '-1' : String(n))

export const linger: OptionValue = fields('l_onoff', 'l_linger')
export const ring: OptionValue = fields('tp_block_size', 'tp_block_nr', 'tp_frame_size', 'tp_frame_nr')
/** Set, a structure is there whole or not at all. */
export const atLeast =
  (bytes: number, value: OptionValue, exactly = false): OptionValue =>
  (out, frame, address, length, scope) =>
    (exactly ? length === bytes : length >= bytes) && value(out, frame, address, length, scope)

export const multicast: OptionValue = whole(8, (out, frame, at, { style }) => {
  out.put('{imr_multiaddr=')
  inet4(out, frame, at, style)
  out.put(', imr_interface=')
  inet4(out, frame, at + 4, style)
  out.putChar('}')
})
export const multicast6: OptionValue = whole(20, (out, frame, at, { style }) => {
  out.putChar('{')
  inet6Field(out, frame, at, 'ipv6mr_multiaddr', style)
  out.put(', ipv6mr_interface=')
  interfaceIndex(out, frame.view.getUint32(at + 16, true), style)
  out.putChar('}')
})
export const group: OptionValue = whole(136, (out, frame, at, scope) => {
  out.put('{gr_interface=')
  interfaceIndex(out, frame.view.getUint32(at, true), scope.style)
  out.put(', gr_group=')
  printAddress(out, frame, at + 8, 128, scope)
  out.putChar('}')
})
export const membership: OptionValue = whole(
  16,
  (out, frame, at, { style, arch }) => {
    const { view } = frame
    out.put('{mr_ifindex=')
    interfaceIndex(out, view.getUint32(at, true), style)
    out.put(', mr_type=')
    printValue(out, [nameTable(sets.packet_mreq_type, arch)], view.getUint16(at + 4, true), 0, style)
    const size = view.getUint16(at + 6, true)
    out.put(`, mr_alen=${size}, mr_address=`)
    hardwareAddress(out, frame, at + 8, at + 8 + Math.min(size, 8), style)
    out.putChar('}')
  },
  true,
)

/** `[ICMP_ECHO …]`, or what is not in it when most are. */
export const icmpFilter: OptionValue = (out, frame, address, length, { style, arch }) => {
  const size = Math.min(length, 4)
  const at = size <= 0 ? -1 : frame.find(address, size)
  if (at < 0) return false
  let bits = 0
  for (let i = 0; i < size; i++) bits = (bits | (frame.bytes[at + i]! << (8 * i))) >>> 0
  const table = [nameTable(sets.icmp_filter_flags, arch)]
  const count = bits.toString(2).replaceAll('0', '').length
  // More than two thirds set: what is not in it is the shorter list.
  const inverted = count > 21
  const shown = inverted ? ~bits >>> 0 : bits
  out.put(inverted ? '~[' : '[')
  let some = false
  for (let n = 0; n < 32; n++) {
    if ((shown & (1 << n)) === 0) continue
    if (some) out.putChar(' ')
    some = true
    printValue(out, table, n, 0, style)
  }
  out.putChar(']')
  return true
}

/** The instructions of a filter, when all is asked for. */
function instructions(
  out: TextBuffer,
  frame: Frame,
  address: number,
  count: number,
  scope: PrintScope,
): boolean {
  const { style, arch } = scope
  if (!style.verbose || address === 0) return false
  const shown = Math.min(count, longestProgram)
  const at = count === 0 ? 0 : frame.find(address, shown * instructionBytes)
  if (at < 0) return false
  bracketed(out, shown, style, i =>
    printInstruction(out, frame, at + i * instructionBytes, 'socket', style, arch),
  )
  if (count > shown) {
    out.length--
    out.put(', ...]')
  }
  return true
}
export const program: OptionValue = (out, frame, address, length, scope) => {
  const { size, fields } = layoutOf('sock_fprog', scope.arch)
  const at = length === size ? frame.find(address, size) : -1
  if (at < 0) return false
  const count = frame.view.getUint16(at, true)
  const { offset, size: pointerBytes } = fields.filter!
  out.put(`{len=${count}, filter=`)
  if (!instructions(out, frame, readAddress(frame.view, at + offset, scope.arch), count, scope))
    addressNumber(out, frame, at + offset, pointerBytes)
  out.putChar('}')
  return true
}
/** Got, the length is that of the program in instructions. */
export const programGot: OptionValue = instructions

export const words: OptionValue = (out, frame, address, length, { style }) => {
  const count = Math.floor(length / 4)
  const at = count === 0 ? 0 : frame.find(address, count * 4)
  if (at < 0) return false
  bracketed(out, count, style, i => out.dec(frame.view.getUint32(at + i * 4, true)))
  return true
}
