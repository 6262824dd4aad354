/** Addresses of links and of the radio networks: packets, XDP, Bluetooth, IEEE 802.15.4, NFC. */
import * as sets from '../../../abi/sets.ts'
import type { NameSet } from '../../../types/language.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import { lookUp, nameTable, printFlags, printValue } from '../names.ts'
import { quote } from '../quote.ts'
import { descriptor } from '../scalars.ts'
import type { Style } from '../style.ts'
import { interfaceIndex } from './interfaces.ts'
import { type AddressContext, hash, numbered, type Raw, twoDigits, withRaw } from './raw.ts'

/** `htons(ETH_P_ALL)`: a protocol in network byte order. */
function etherType(out: TextBuffer, raw: Raw, at: number, { style, arch }: AddressContext): void {
  const plain = { ...style, constants: 'abbrev' } as const
  withRaw(out, raw, at, at + 2, style, () => {
    out.put('htons(')
    printValue(out, [nameTable(sets.ethernet_protocols, arch)], raw.view.getUint16(at, false), 0, plain)
    out.putChar(')')
  })
}

/** `[0x1, 0x2, ...]`: the bytes that are there of those claimed. */
function hardwareBytes(out: TextBuffer, bytes: Uint8Array, from: number, to: number, claimed: number): void {
  const shown = Math.min(claimed, to - from)
  out.putChar('[')
  for (let i = 0; i < shown; i++) {
    if (i > 0) out.put(', ')
    out.put(twoDigits(bytes[from + i]!))
  }
  out.put(shown < claimed ? (shown > 0 ? ', ...]' : '...]') : ']')
}

/** `52:54:00:12:34:56`. */
export function hardwareAddress(out: TextBuffer, raw: Raw, from: number, to: number, style: Style): void {
  withRaw(out, raw, from, to, style, () => {
    for (let i = from; i < to; i++) {
      if (i > from) out.putChar(':')
      out.hexByte(raw.bytes[i]!)
    }
  })
}

export function sockaddrLl(
  out: TextBuffer,
  raw: Raw,
  at: number,
  length: number,
  context: AddressContext,
): void {
  const { view, bytes } = raw
  const { style, arch } = context
  out.put(', sll_protocol=')
  etherType(out, raw, at + 2, context)
  out.put(', sll_ifindex=')
  interfaceIndex(out, view.getUint32(at + 4, true), style)
  out.put(', sll_hatype=')
  printValue(out, [nameTable(sets.arp_hardware_types, arch)], view.getUint16(at + 8, true), 0, style)
  out.put(', sll_pkttype=')
  printValue(out, [nameTable(sets.af_packet_types, arch)], bytes[at + 10]!, 0, style)
  const size = bytes[at + 11]!
  out.put(`, sll_halen=${size}`)
  if (size === 0) return
  out.put(', sll_addr=')
  hardwareBytes(out, bytes, at + 12, at + length, size)
}

export function sockaddrXdp(
  out: TextBuffer,
  raw: Raw,
  at: number,
  _length: number,
  { style, arch }: AddressContext,
): void {
  const { view } = raw
  const flags = view.getUint16(at + 2, true)
  out.put(', sxdp_flags=')
  printFlags(out, [nameTable(sets.xdp_sockaddr_flags, arch)], flags, 0, style)
  out.put(', sxdp_ifindex=')
  interfaceIndex(out, view.getUint32(at + 4, true), style)
  out.put(`, sxdp_queue_id=${view.getUint32(at + 8, true)}`)
  // Without the flag it is no descriptor, but a field that should be zero.
  const shared = view.getInt32(at + 12, true)
  if (flags & sets.xdp_sockaddr_flags.values.XDP_SHARED_UMEM) {
    out.put(', sxdp_shared_umem_fd=')
    descriptor(out, { note: (kind, key) => raw.note?.(kind, key) }, shared, style)
  } else if (shared !== 0) {
    out.put(', sxdp_shared_umem_fd=')
    hash(out, shared >>> 0)
  }
}

/** `htobs(L2CAP_PSM_DYN_START+7)`: the dynamic numbers count from where they begin, up to where they end. */
function dynamic(
  out: TextBuffer,
  n: number,
  set: NameSet,
  ranges: readonly (readonly [start: string, end: string])[],
  { style, arch }: AddressContext,
): void {
  const table = [nameTable(set, arch)]
  const [start] =
    ranges.find(([from, to]) => n > Number(set.values[from]) && n <= Number(set.values[to])) ?? []
  out.put('htobs(')
  if (start === undefined || lookUp(table, n, 0) !== undefined || style.constants === 'raw')
    printValue(out, table, n, 0, style)
  else {
    if (style.constants === 'verbose') out.put(`0x${n.toString(16)} /* `)
    printValue(out, table, Number(set.values[start]), 0, style)
    out.put(`+${n - Number(set.values[start])}`)
    if (style.constants === 'verbose') out.put(' */')
  }
  out.putChar(')')
}

/** Five structures share the family; their sizes tell which one it is. */
export function sockaddrBt(
  out: TextBuffer,
  raw: Raw,
  at: number,
  length: number,
  context: AddressContext,
): void {
  const { view, bytes } = raw
  const { style, arch } = context
  switch (length) {
    case 4:
    case 6:
      out.put(`, hci_dev=htobs(${view.getUint16(at + 2, true)})`)
      if (length === 4) return
      out.put(', hci_channel=')
      printValue(out, [nameTable(sets.hci_channels, arch)], view.getUint16(at + 4, true), 0, style)
      return
    case 8:
      out.put(', sco_bdaddr=')
      hardwareAddress(out, raw, at + 2, at + 8, style)
      return
    case 10:
      out.put(', rc_bdaddr=')
      hardwareAddress(out, raw, at + 2, at + 8, style)
      out.put(`, rc_channel=${bytes[at + 8]}`)
      return
    case 12:
    case 14:
      out.put(', l2_psm=')
      dynamic(
        out,
        view.getUint16(at + 2, true),
        sets.bluetooth_l2_psm,
        [
          ['L2CAP_PSM_DYN_START', 'L2CAP_PSM_DYN_END'],
          ['L2CAP_PSM_LE_DYN_START', 'L2CAP_PSM_LE_DYN_END'],
        ],
        context,
      )
      out.put(', l2_bdaddr=')
      hardwareAddress(out, raw, at + 4, at + 10, style)
      out.put(', l2_cid=')
      dynamic(
        out,
        view.getUint16(at + 10, true),
        sets.bluetooth_l2_cid,
        [['L2CAP_CID_DYN_START', 'L2CAP_CID_DYN_END']],
        context,
      )
      if (length === 12) return
      out.put(', l2_bdaddr_type=')
      printValue(out, [nameTable(sets.bdaddr_types, arch)], bytes[at + 12]!, 0, style)
      return
    default:
      out.put(', sa_data=')
      quote(out, bytes, at + 2, at + length, style)
  }
}

export function sockaddrIeee802154(
  out: TextBuffer,
  raw: Raw,
  at: number,
  _length: number,
  { style, arch }: AddressContext,
): void {
  const { view } = raw
  const type = view.getUint32(at + 4, true)
  out.put(', addr={addr_type=')
  printValue(out, [nameTable(sets.ieee802154_addr_types, arch)], type, 0, numbered(style))
  out.put(', pan_id=')
  printValue(
    out,
    [nameTable(sets.ieee802154_pan_ids, arch)],
    view.getUint16(at + 8, true),
    0,
    numbered(style),
    '',
  )
  if (type === 2) {
    out.put(', short_addr=')
    printValue(
      out,
      [nameTable(sets.ieee802154_addrs, arch)],
      view.getUint16(at + 10, true),
      0,
      numbered(style),
      '',
    )
  } else if (type !== 0) {
    out.put(', hwaddr=')
    hardwareAddress(out, raw, at + 10, at + 18, style)
  }
  out.putChar('}')
}

export function sockaddrNfc(
  out: TextBuffer,
  { view, bytes }: Raw,
  at: number,
  length: number,
  { style, arch }: AddressContext,
): void {
  out.put(', dev_idx=')
  interfaceIndex(out, view.getUint32(at + 4, true), style)
  out.put(', target_idx=')
  hash(out, view.getUint32(at + 8, true))
  out.put(', nfc_protocol=')
  printValue(out, [nameTable(sets.nfc_sockaddr_protocols, arch)], view.getUint32(at + 12, true), 0, style)
  if (length === 16) return
  if (length < 96) {
    out.put(', ...')
    return
  }
  out.put(', dsap=')
  printValue(out, [nameTable(sets.nfc_saps, arch)], bytes[at + 16]!, 0, numbered(style), '')
  out.put(', ssap=')
  printValue(out, [nameTable(sets.nfc_saps, arch)], bytes[at + 17]!, 0, numbered(style), '')
  const size = view.getBigUint64(at + 88, true)
  out.put(', service_name=')
  quote(out, bytes, at + 18, at + 18 + Number(size < 63n ? size : 63n), style)
  out.put(`, service_name_len=${size}`)
}
