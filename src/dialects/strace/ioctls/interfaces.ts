/** ioctls of network interfaces. */
import * as sets from '../../../abi/sets.ts'
import type { Frame } from '../../../record/frame.ts'
import { readAddress } from '../../../types/evaluate.ts'
import { layoutOf } from '../../../types/resolve.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import { hardwareLengths } from '../addresses/hardware.ts'
import { interfaceIndex } from '../addresses/interfaces.ts'
import { quoteText, withRaw } from '../addresses/raw.ts'
import { bracketed } from '../lists.ts'
import { nameTable, printFlags, printValue } from '../names.ts'
import type { PrintScope } from '../print.ts'
import { addressNumber } from '../scalars.ts'
import { printAddress } from '../specials/sockaddr.ts'
import type { ShownIoctl, ShownIoctls } from './shown.ts'
import { through } from './shown.ts'

const nameBytes = 16
const addressBytes = 16
const mostHardwareBytes = 14

/** Prints the field of an ifreq that a request is about, which stands at `at`. */
type Value = (out: TextBuffer, frame: Frame, at: number, scope: PrintScope) => void

const address: Value = (out, frame, at, scope) => printAddress(out, frame, at, addressBytes, scope)
const hardware: Value = (out, frame, at, { style, arch }) => {
  const kind = frame.view.getUint16(at, true)
  out.put('{sa_family=')
  printValue(out, [nameTable(sets.arp_hardware_types, arch)], kind, 0, style)
  out.put(', sa_data=')
  const from = at + 2
  withRaw(out, frame, from, from + mostHardwareBytes, style, () => {
    const length = hardwareLengths.get(kind) ?? mostHardwareBytes
    for (let i = 0; i < length; i++) {
      if (i > 0) out.putChar(':')
      out.hexByte(frame.bytes[from + i]!)
    }
  })
  out.putChar('}')
}
const number: Value = (out, { view }, at) => out.dec(view.getInt32(at, true))
const index: Value = (out, { view }, at, { style }) => interfaceIndex(out, view.getUint32(at, true), style)
const flags: Value = (out, { view }, at, { style, arch }) =>
  printFlags(out, [nameTable(sets.iffflags, arch)], view.getUint16(at, true), 0, style)
const name: Value = (out, { bytes }, at, { style }) => quoteText(out, bytes, at, at + nameBytes, style)
const map: Value = (out, { view }, at, { arch }) => {
  const { fields } = layoutOf('ifmap', arch)
  Object.entries(fields).forEach(([field, { offset, size }], i) => {
    out.put(`${i === 0 ? '{' : ', '}${field}=`)
    const value =
      size === 8
        ? view.getBigUint64(at + offset, true)
        : BigInt(
            size === 2
              ? view.getUint16(at + offset, true)
              : size === 4
                ? view.getUint32(at + offset, true)
                : view.getUint8(at + offset),
          )
    out.put(value === 0n ? '0' : `0x${value.toString(16)}`)
  })
  out.putChar('}')
}

/** `{ifr_name="lo", ifr_mtu=1500}`; of a call that is to tell something and failed, the name alone. */
const request =
  (field: string, print: Value, gets: boolean, bare = false) =>
  (scope: PrintScope): ShownIoctl => {
    const { size, fields } = layoutOf('ifreq', scope.arch)
    const valueAt = fields['ifr_ifru.ifru_addr']!.offset
    return {
      waits: gets,
      print: through((out, frame, at) => {
        if (at === 0 || frame.available(at) < size) return false
        const place = frame.at
        out.putChar('{')
        if (!bare) {
          out.put('ifr_name=')
          quoteText(out, frame.bytes, place, place + nameBytes, scope.style)
        }
        if (!gets || !frame.failed) {
          out.put(`${bare ? '' : ', '}${field}=`)
          print(out, frame, place + valueAt, scope)
        }
        out.putChar('}')
        return true
      }, 'now'),
    }
  }
const get = (field: string, print: Value) => request(field, print, true)
const set = (field: string, print: Value) => request(field, print, false)

/** What was asked for is the number, what is told is the name. */
const nameOf = (scope: PrintScope): ShownIoctl => {
  const { size, fields } = layoutOf('ifreq', scope.arch)
  const valueAt = fields['ifr_ifru.ifru_ivalue']!.offset
  return {
    waits: true,
    print: through((out, frame, at) => {
      if (at === 0 || frame.available(at) < size) return false
      const place = frame.at
      out.put('{ifr_ifindex=')
      number(out, frame, place + valueAt, scope)
      if (!frame.failed) {
        out.put(', ifr_name=')
        name(out, frame, place, scope)
      }
      out.putChar('}')
      return true
    }, 'now'),
  }
}

/** `{ifc_len=2 * sizeof(struct ifreq) => …}`: the bytes that the buffer has, and those that were filled. */
const configuration = (scope: PrintScope): ShownIoctl => {
  const { style, arch } = scope
  const { size, fields } = layoutOf('ifconf', arch)
  const one = layoutOf('ifreq', arch)
  const bufferAt = fields['ifc_ifcu.ifcu_buf']!.offset
  const lengthText = (length: number): string =>
    length > 0 && length % one.size === 0
      ? `${length} /* ${length / one.size} * sizeof(struct ifreq) */`
      : String(length)
  const list = (out: TextBuffer, frame: Frame, address: number, length: number): boolean => {
    const count = Math.floor(length / one.size)
    if (count > 0 && frame.available(address) < count * one.size) return false
    const start = frame.at
    bracketed(out, count, style, i => {
      const place = start + i * one.size
      out.put('{ifr_name=')
      name(out, frame, place, scope)
      out.put(', ifr_addr=')
      address_(out, frame, place + one.fields['ifr_ifru.ifru_addr']!.offset)
      out.putChar('}')
    })
    return true
  }
  const address_ = (out: TextBuffer, frame: Frame, at: number): void => address(out, frame, at, scope)
  const read = (frame: Frame, at: number): { length: number; buffer: number; place: number } | undefined =>
    frame.available(at) < size
      ? undefined
      : {
          length: frame.view.getInt32(frame.at, true),
          buffer: readAddress(frame.view, frame.at + bufferAt, arch),
          place: frame.at,
        }
  return {
    waits: true,
    print: through((out, frame, at) => {
      if (at === 0) return false
      frame.asEntered = true
      const before = read(frame, at)
      frame.asEntered = false
      const now = read(frame, at)
      if (before === undefined || now === undefined) return false
      // Without a buffer only the length that it should have is of interest.
      const asks = !frame.failed && now.buffer === 0
      out.put(`{ifc_len=${lengthText(asks ? now.length : before.length)}`)
      if (!frame.failed && !asks && now.length !== before.length) out.put(` => ${lengthText(now.length)}`)
      const told = !frame.failed && now.length >= 0 && now.buffer !== 0 && before.buffer !== 0
      out.put(`, ifc_buf=`)
      if (!told || !list(out, frame, now.buffer, now.length))
        addressNumber(out, frame, now.place + bufferAt, arch === 'i386' ? 4 : 8)
      out.putChar('}')
      return true
    }, 'now'),
  }
}

export const interfaceShown: ShownIoctls = {
  SIOCGIFADDR: get('ifr_addr', address),
  SIOCSIFADDR: set('ifr_addr', address),
  SIOCGIFDSTADDR: get('ifr_dstaddr', address),
  SIOCSIFDSTADDR: set('ifr_dstaddr', address),
  SIOCGIFBRDADDR: get('ifr_broadaddr', address),
  SIOCSIFBRDADDR: set('ifr_broadaddr', address),
  SIOCGIFNETMASK: get('ifr_netmask', address),
  SIOCSIFNETMASK: set('ifr_netmask', address),
  SIOCGIFHWADDR: get('ifr_hwaddr', hardware),
  SIOCSIFHWADDR: set('ifr_hwaddr', hardware),
  SIOCSIFHWBROADCAST: set('ifr_hwaddr', hardware),
  SIOCADDMULTI: set('ifr_hwaddr', hardware),
  SIOCDELMULTI: set('ifr_hwaddr', hardware),
  SIOCGIFFLAGS: get('ifr_flags', flags),
  SIOCSIFFLAGS: set('ifr_flags', flags),
  SIOCGIFMETRIC: get('ifr_metric', number),
  SIOCSIFMETRIC: set('ifr_metric', number),
  SIOCGIFMTU: get('ifr_mtu', number),
  SIOCSIFMTU: set('ifr_mtu', number),
  SIOCGIFTXQLEN: get('ifr_qlen', number),
  SIOCSIFTXQLEN: set('ifr_qlen', number),
  SIOCGIFINDEX: get('ifr_ifindex', number),
  SIOCGIFNAME: nameOf,
  SIOCSIFNAME: set('ifr_newname', name),
  SIOCGIFSLAVE: get('ifr_slave', name),
  SIOCSIFSLAVE: set('ifr_slave', name),
  SIOCGIFMAP: get('ifr_map', map),
  SIOCSIFMAP: set('ifr_map', map),
  SIOCGIFCONF: configuration,
  SIOCBRADDIF: request('ifr_ifindex', index, false, true),
  SIOCBRDELIF: request('ifr_ifindex', index, false, true),
}
