/** Addresses of sockets, their lengths, and the values of options. */
import type { Frame } from '../../../record/frame.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import { putQuoted } from '../go-quote.ts'
import { layout } from '../layouts.ts'
import { putAddress } from '../network-addresses.ts'
import {
  after,
  badAddress,
  before,
  both,
  findBytes,
  invalidArgument,
  low,
  putRegister,
  type Setting,
  type Specifiers,
  valuesOf,
  type Write,
  wide,
} from '../specifier.ts'
import { constants } from '../tables/errors.ts'
import { putDump } from './buffers.ts'

export function socketSpecifiers(setting: Setting): Specifiers {
  const address = addressText(setting)
  const option = optionValue(setting)
  return {
    SockAddr: before((out, frame, index) => address(out, frame, index, low(frame, index + 1))),
    PostSockAddr: after((out, frame, index) => {
      if (wide(frame, index) === 0) return out.put('null')
      const lengthAt = wide(frame, index + 1)
      if (lengthAt === 0) {
        putRegister(out, frame, index)
        return out.put(' {length null}')
      }
      const at = frame.find(lengthAt, 4)
      if (at >= 0) return address(out, frame, index, frame.view.getUint32(at, true))
      putRegister(out, frame, index)
      putLengthFailure(out)
    }),
    SockLen: both(addressLength),
    SetSockOptVal: {
      enter: (out, frame, index) => option(out, frame, index, wide(frame, index + 1)),
      exit: putRegister,
    },
    GetSockOptVal: after((out, frame, index) => {
      if ((frame.view.getInt32(frame.result, true) | 0) < 0) return putRegister(out, frame, index)
      if (wide(frame, index) === 0) return out.put('null')
      const at = frame.find(wide(frame, index + 1), 4)
      if (at >= 0) return option(out, frame, index, frame.view.getUint32(at, true))
      putRegister(out, frame, index + 1)
      putLengthFailure(out)
    }),
  }
}

const putLengthFailure = (out: TextBuffer): void => out.put(` {error reading length: ${badAddress}}`)

/** A pointer to a length. */
const addressLength: Write = (out, frame, index) => {
  const address = wide(frame, index)
  if (address === 0) return out.put('null')
  putRegister(out, frame, index)
  const at = frame.find(address, 4)
  if (at < 0) return putLengthFailure(out)
  out.put(' {length=')
  out.dec(frame.view.getUint32(at, true))
  out.putChar('}')
}

/** Options of the size of a number are shown as one, all others as bytes. */
function optionValue(
  setting: Setting,
): (out: TextBuffer, frame: Frame, index: number, length: number) => void {
  return (out, frame, index, length) => {
    if (length !== 1 && length !== 2 && length !== 4) return putDump(out, frame, index, length, setting)
    putRegister(out, frame, index)
    const at = frame.find(wide(frame, index), length)
    if (at < 0) return out.put(` {error reading optval: ${badAddress}}`)
    const { view } = frame
    out.put(' {value=')
    out.dec(
      length === 1 ? view.getUint8(at) : length === 2 ? view.getUint16(at, true) : view.getUint32(at, true),
    )
    out.putChar('}')
  }
}

/** No address is longer. */
export const maxAddress = 200

type Family = (out: TextBuffer, frame: Frame, at: number, length: number) => void

/** The address that argument `index` points at, `length` bytes long. */
function addressText(
  setting: Setting,
): (out: TextBuffer, frame: Frame, index: number, length: number) => void {
  const families = valuesOf(setting, 'SocketFamily')
  const known = familyTexts(setting)
  return (out, frame, index, length) => {
    const address = wide(frame, index)
    if (address === 0) return out.put('null')
    putRegister(out, frame, index)
    const at = length > maxAddress ? -1 : findBytes(frame, setting, address, length)
    if (at < 0)
      return out.put(` {error reading address: ${length > maxAddress ? invalidArgument : badAddress}}`)
    if (length < 2) return out.put(` {address too short: ${length} bytes}`)
    const family = frame.view.getUint16(at, true)
    out.put(' {Family: ')
    families(out, family, 0)
    const text = known.get(family)
    if (text === undefined) out.put(', family addr format unknown')
    else text(out, frame, at, length)
    out.putChar('}')
  }
}

const putExtractFailure = (out: TextBuffer, reason: string): void =>
  out.put(`, error extracting address: ${reason}`)

function familyTexts(setting: Setting): Map<number, Family> {
  const inet = layout('sockaddr_in', setting.arch)
  const inet6 = layout('sockaddr_in6', setting.arch)
  const netlink = layout('sockaddr_nl', setting.arch)
  const link = layout('sockaddr_ll', setting.arch)
  const internet =
    (size: number, port: number, host: number, bytes: number): Family =>
    (out, frame, at, length) => {
      if (length < size) return putExtractFailure(out, invalidArgument)
      out.put(', Addr: ')
      putAddress(out, frame.bytes, at + host, bytes)
      out.put(', Port: ')
      out.dec(frame.view.getUint16(at + port, false))
    }
  const texts = new Map<number, Family>([
    [1, putLocal(setting)],
    [2, internet(inet.size, inet.at('sin_port'), inet.at('sin_addr'), 4)],
    [10, internet(inet6.size, inet6.at('sin6_port'), inet6.at('sin6_addr'), 16)],
    [
      16,
      (out, { view }, at, length) => {
        if (length < netlink.size) return putExtractFailure(out, badAddress)
        out.put(', PortID: ')
        out.dec(view.getUint32(at + netlink.at('nl_pid'), true))
        out.put(', Groups: ')
        out.dec(view.getUint32(at + netlink.at('nl_groups'), true))
      },
    ],
  ])
  if (setting.era === 'head')
    texts.set(17, (out, { bytes, view }, at, length) => {
      // Only Ethernet's addresses, of six bytes, are accepted.
      if (length < link.size || bytes[at + link.at('sll_halen')] !== 6)
        return putExtractFailure(out, invalidArgument)
      out.put(', Addr: , Port: ')
      out.dec(view.getUint16(at + link.at('sll_protocol'), false))
    })
  return texts
}

/** A path ends at its NUL; an abstract name, which begins with one, does not. */
const putLocal =
  ({ era }: Setting): Family =>
  (out, { bytes }, at, length) => {
    const from = at + 2
    let to = at + length
    if (to - from > constants.UnixPathMax) return putExtractFailure(out, invalidArgument)
    if (to > from && bytes[from] !== 0) {
      const end = bytes.indexOf(0, from)
      if (end >= 0 && end < to) to = end
    }
    out.put(', Addr: ')
    putQuoted(out, bytes, from, to, era)
  }
