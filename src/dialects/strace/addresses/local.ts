/** Addresses on one machine: unix sockets, netlink, virtual machines' sockets, kernel crypto. */
import * as sets from '../../../abi/sets.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import { nameTable, printFlags, printValue } from '../names.ts'
import { rawProcessId } from '../process-ids.ts'
import { quote } from '../quote.ts'
import { type AddressContext, hash, numbered, quoteHex, quoteText, type Raw } from './raw.ts'

/** A path ended by NUL, or a name that begins with NUL and fills the length given. */
export function sockaddrUn(
  out: TextBuffer,
  { bytes }: Raw,
  at: number,
  length: number,
  { style }: AddressContext,
): void {
  const path = at + 2
  const end = at + Math.min(length, 110)
  out.put(', sun_path=')
  if (bytes[path] === 0) {
    out.putChar('@')
    quote(out, bytes, path + 1, end, style)
    return
  }
  const nul = bytes.subarray(path, end).indexOf(0)
  quote(out, bytes, path, nul < 0 ? end : path + nul, style)
}

export function sockaddrNl(
  out: TextBuffer,
  raw: Raw,
  at: number,
  _length: number,
  { style }: AddressContext,
): void {
  const { view } = raw
  const pad = view.getUint16(at + 2, true)
  if (pad !== 0) out.put(`, nl_pad=0x${pad.toString(16)}`)
  const groups = view.getUint32(at + 8, true)
  // A width of eight holds the 0x too.
  const text = groups === 0 ? '00000000' : `0x${groups.toString(16).padStart(6, '0')}`
  out.put(', nl_pid=')
  rawProcessId(out, raw, view.getInt32(at + 4, true), style)
  out.put(`, nl_groups=${text}`)
}

export function sockaddrVm(
  out: TextBuffer,
  { view, bytes }: Raw,
  at: number,
  _length: number,
  { style, arch }: AddressContext,
): void {
  const reserved = view.getUint16(at + 2, true)
  if (reserved !== 0) out.put(`, svm_reserved1=0x${reserved.toString(16)}`)
  const named = (n: number, set: typeof sets.vsock_cids | typeof sets.vsock_ports): void =>
    printValue(out, [nameTable(set, arch)], n, 0, style, '')
  out.put(', svm_cid=')
  named(view.getUint32(at + 8, true), sets.vsock_cids)
  out.put(', svm_port=')
  named(view.getUint32(at + 4, true), sets.vsock_ports)
  out.put(', svm_flags=')
  printFlags(out, [nameTable(sets.vsock_flags, arch)], bytes[at + 12]!, 0, style)
  if (bytes.subarray(at + 13, at + 16).every(b => b === 0)) return
  out.put(', svm_zero=')
  quoteHex(out, bytes, at + 13, at + 16)
}

export function sockaddrAlg(
  out: TextBuffer,
  { view, bytes }: Raw,
  at: number,
  length: number,
  { style, arch }: AddressContext,
): void {
  const features = [nameTable(sets.alg_sockaddr_flags, arch)]
  const both = numbered(style)
  out.put(', salg_type=')
  quoteText(out, bytes, at + 2, at + 16, style)
  out.put(', salg_feat=')
  printFlags(out, features, view.getUint32(at + 16, true), 0, both)
  out.put(', salg_mask=')
  printFlags(out, features, view.getUint32(at + 20, true), 0, both)
  out.put(', salg_name=')
  quoteText(out, bytes, at + 24, at + length, style)
}

export function sockaddrQrtr(
  out: TextBuffer,
  { view }: Raw,
  at: number,
  _length: number,
  { style, arch }: AddressContext,
): void {
  out.put(', sq_node=')
  printValue(out, [nameTable(sets.qipcrtr_nodes, arch)], view.getUint32(at + 4, true), 0, style, '')
  out.put(', sq_port=')
  printValue(out, [nameTable(sets.qipcrtr_ports, arch)], view.getUint32(at + 8, true), 0, style, '')
}

export function sockaddrMctp(
  out: TextBuffer,
  { view, bytes }: Raw,
  at: number,
  _length: number,
  { style, arch }: AddressContext,
): void {
  const pad = view.getUint16(at + 2, true)
  if (pad !== 0) out.put(`, __smctp_pad0=0x${pad.toString(16)}`)
  out.put(', smctp_network=')
  printValue(out, [nameTable(sets.mctp_nets, arch)], view.getUint32(at + 4, true), 0, style, '')
  out.put(', smctp_addr={s_addr=')
  printValue(out, [nameTable(sets.mctp_addrs, arch)], bytes[at + 8]!, 0, style, '')
  out.put('}, smctp_type=')
  hash(out, bytes[at + 9]!)
  out.put(', smctp_tag=')
  hash(out, bytes[at + 10]!)
  if (bytes[at + 11] === 0) return
  out.put(', __smctp_pad1=')
  hash(out, bytes[at + 11]!)
}
