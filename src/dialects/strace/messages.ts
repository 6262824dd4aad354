/** msghdr: what sendmsg and its kin pass, `{msg_name=…, msg_namelen=16, msg_iov=[…], …}`. */
import * as sets from '../../abi/sets.ts'
import type { Frame } from '../../record/frame.ts'
import { type Bases, readAddress } from '../../types/evaluate.ts'
import { Bound } from '../../types/plan.ts'
import { layoutOf } from '../../types/resolve.ts'
import type { TextBuffer } from '../text-buffer.ts'
import { nameTable, printFlags } from './names.ts'
import type { PrintScope } from './print.ts'
import { addressNumber, unsignedNumber } from './scalars.ts'
import { printIovecs } from './sequences.ts'
import { cmsgs } from './specials/cmsgs.ts'
import { printNetlinkBytes } from './specials/netlink.ts'
import { addressBytes, printAddress } from './specials/sockaddr.ts'

/** Where a message stands, before the call too when the call changed it (-1: it did not). */
interface MessagePlaces {
  readonly at: number
  readonly before: number
}
export type MessagePrinter = (
  out: TextBuffer,
  frame: Frame,
  places: MessagePlaces,
  limit: number,
  bases: Bases,
) => void

const netlinkFamily = sets.addrfams.values.AF_NETLINK

/** Makes the printer of a msghdr; `limit` bounds the bytes over all its buffers. */
export function messagePrinter(scope: PrintScope): MessagePrinter {
  const { style, arch } = scope
  const { fields } = layoutOf('msghdr', arch)
  const word = arch === 'i386' ? 4 : 8
  const flags = [nameTable(sets.msg_flags, arch)]
  const control = cmsgs(scope)
  /** A control message's header: less is none. */
  const leastControl = layoutOf('cmsghdr', arch).size
  const netlink = printNetlinkBytes(scope)
  const offset = (name: string): number => fields[name]!.offset
  const [name, nameLength, vector, count] = [
    offset('msg_name'),
    offset('msg_namelen'),
    offset('msg_iov'),
    offset('msg_iovlen'),
  ]
  const [controlAt, controlLength, flagsAt] = [
    offset('msg_control'),
    offset('msg_controllen'),
    offset('msg_flags'),
  ]

  /** Writes the address and gives its family; 0 where there is none to see. */
  const printName = (out: TextBuffer, frame: Frame, at: number, length: number): number => {
    const address = readAddress(frame.view, at, arch)
    const size = Math.min(length, addressBytes)
    const place = address === 0 || length < 2 ? -1 : frame.find(address, size)
    if (place < 0) {
      addressNumber(out, frame, at, word)
      return 0
    }
    printAddress(out, frame, place, size, { style, arch })
    return frame.view.getUint16(place, true)
  }

  return (out, frame, { at, before }, limit, bases) => {
    const { view } = frame
    const length = view.getInt32(at + nameLength, true)
    const room = before < 0 ? length : view.getInt32(before + nameLength, true)
    out.put('{msg_name=')
    const family = printName(out, frame, at + name, Math.min(length, room))
    out.put(room === length ? `, msg_namelen=${length}` : `, msg_namelen=${room} => ${length}`)
    out.put(', msg_iov=')
    const iov = readAddress(view, at + vector, arch)
    const buffers = readAddress(view, at + count, arch)
    const content = family === netlinkFamily ? netlink : undefined
    if (iov === 0 || !printIovecs(out, frame, iov, buffers, limit, style, content))
      addressNumber(out, frame, at + vector, word)
    out.put(', msg_iovlen=')
    unsignedNumber(out, frame, at + count, word)
    const bytes = readAddress(view, at + controlLength, arch)
    if (bytes !== 0) {
      out.put(', msg_control=')
      const place = readAddress(view, at + controlAt, arch)
      const looked = Math.min(bytes, Bound.control)
      if (place !== 0 && bytes >= leastControl && frame.available(place) >= looked)
        control(out, frame, frame.at, bytes, bases, place)
      else addressNumber(out, frame, at + controlAt, word)
    }
    out.put(', msg_controllen=')
    unsignedNumber(out, frame, at + controlLength, word)
    out.put(', msg_flags=')
    printFlags(out, flags, view.getUint32(at + flagsAt, true), 0, style)
    out.putChar('}')
  }
}
