/** Buffers, vectors of buffers, and vectors of strings. */
import type { Frame } from '../../../record/frame.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import type { Era } from '../eras.ts'
import { putQuoted } from '../go-quote.ts'
import {
  after,
  badAddress,
  high,
  invalidArgument,
  low,
  putFailure,
  putPointer,
  putRegister,
  type Setting,
  type Specifier,
  type Specifiers,
  userSpaceEnd,
  type Write,
  wide,
  wideAt,
} from '../specifier.ts'
import { constants } from '../tables/errors.ts'

export function bufferSpecifiers(setting: Setting): Specifiers {
  const { limit } = setting
  const written = (): Write => (out, frame, index) =>
    putDump(out, frame, index, wide(frame, index + 1), setting)
  const vector = (content: (frame: Frame) => number | null): Write => {
    return (out, frame, index) =>
      putIovecs(
        out,
        frame,
        setting,
        low(frame, index),
        high(frame, index),
        low(frame, index + 1) | 0,
        content(frame),
      )
  }
  const dots: Write = out => out.put('...')
  const withoutContent = vector(() => null)
  return {
    ReadBuffer: after((out, frame, index) => putDump(out, frame, index, result(frame), setting)),
    WriteBuffer: { enter: written(), exit: dots },
    ReadIOVec: {
      enter: setting.era === 'head' ? withoutContent : putRegister,
      exit: vector(frame => Math.min(result(frame), limit)),
    },
    WriteIOVec: { enter: vector(() => limit), exit: dots },
    IOVec: { enter: withoutContent, exit: dots },
    ExecveStringVector: stringVector(setting),
  }
}

/** The call's result as an unsigned number. */
export const result = (frame: Frame): number => wideAt(frame, frame.result)

/** Buffer `index` of `length` bytes: nothing when it is empty, else as much as the limit allows. */
export function putDump(
  out: TextBuffer,
  frame: Frame,
  index: number,
  length: number,
  { limit, hidesData, era }: Setting,
): void {
  const shown = Math.min(length, limit)
  if (shown === 0) return
  if (hidesData) {
    out.put('{base=')
    putRegister(out, frame, index)
    out.put(`, len=${BigInt(length)}}`)
    return
  }
  putRegister(out, frame, index)
  const address = wide(frame, index)
  const known = frame.find(address, shown) >= 0 ? shown : frame.available(address)
  if (known < shown && frame.faulted) return putFailure(out, 'decoding string')
  // Less than that was copied only where a recording was made for less.
  out.putChar(' ')
  putQuoted(out, frame.bytes, frame.at, frame.at + known, era)
  if (known < length) out.put('...')
}

/**
 * The vector at an address, given in halves. `budget`: so many bytes of content are shown over all entries; null
 * shows none.
 */
export function putIovecs(
  out: TextBuffer,
  frame: Frame,
  setting: Setting,
  addressLow: number,
  addressHigh: number,
  entries: number,
  budget: number | null,
): void {
  out.hex(addressLow, addressHigh)
  if (entries < 0 || entries > constants.UIO_MAXIOV)
    return putFailure(out, 'decoding iovecs', 'invalid iovcnt')
  const known = entries === 0 ? 0 : frame.available(addressLow + addressHigh * 0x1_0000_0000)
  const start = frame.at
  const problem = badEntry(frame, setting, start, entries, known)
  if (problem !== null) return putFailure(out, 'decoding iovecs', problem)
  out.putChar(' ')
  let transferable: number = constants.MAX_RW_COUNT
  const showsContent = budget !== null && !setting.hidesData
  let left = budget ?? 0
  let cut = false
  for (let i = 0; i < entries; i++) {
    const at = start + i * 16
    const base = wideAt(frame, at)
    // No call moves more than this, so gVisor shortens the entry that reaches it, and leaves later ones without a length.
    const length = Math.min(wideAt(frame, at + 8), transferable)
    transferable -= length
    out.put(i === 0 ? '{base=' : ', {base=')
    putPointer(out, base)
    out.put(', len=')
    out.dec(length)
    if (showsContent && length > 0) {
      // Once an entry does not fit, what is left is shown of it and of each later one: as many bytes, even where
      // the entry itself has fewer.
      if (length > left) cut = true
      out.put(', ')
      putContent(out, frame, base, cut ? left : length, cut, setting.era)
      if (!cut) left -= length
    }
    out.putChar('}')
  }
}

/** Why gVisor, which reads one entry after the other, refuses a vector of which `known` bytes can be read; null when it does not. */
function badEntry(
  frame: Frame,
  setting: Setting,
  start: number,
  entries: number,
  known: number,
): string | null {
  for (let i = 0; i < entries; i++) {
    const at = start + i * 16
    if ((i + 1) * 16 > known) return badAddress
    if ((frame.view.getUint32(at + 12, true) & 0x8000_0000) !== 0) return invalidArgument
    if (wideAt(frame, at) + wideAt(frame, at + 8) > userSpaceEnd[setting.arch]) return badAddress
  }
  return null
}

/** An entry's content, as far as it can be read. */
function putContent(
  out: TextBuffer,
  frame: Frame,
  base: number,
  length: number,
  cut: boolean,
  era: Era,
): void {
  const at = length === 0 ? 0 : frame.find(base, length)
  if (at >= 0) {
    putQuoted(out, frame.bytes, at, at + length, era)
    if (cut) out.put('...')
    return
  }
  const readable = Math.min(frame.available(base), length)
  putQuoted(out, frame.bytes, frame.at, frame.at + readable, era)
  out.put(frame.faulted ? `..., error decoding string: ${badAddress}` : '...')
}

/** Limits of an argument vector: of one string, and of all of them with their ends. */
const maxString = 128 * 1024
const maxStrings = 2 * 1024 * 1024
/** Addresses from here on no capture looks at. */
const beyondAll = 2 ** 53

const stringVector = ({ era }: Setting): Specifier => ({
  enter(out, frame, index) {
    putRegister(out, frame, index)
    const start = out.length
    out.put(' [')
    const address = wide(frame, index)
    let left = maxStrings
    for (let i = 0; ; i++) {
      const slot = frame.find(address + i * 8, 8)
      const string = slot < 0 ? -1 : wideAt(frame, slot)
      if (string === 0) break
      const available = string < 0 ? 0 : frame.available(string)
      const { at, faulted } = frame
      const end = available === 0 ? -1 : frame.bytes.indexOf(0, at)
      // A string that does not fit into what is left is too long; there is no memory for the one after that which filled it.
      const most = Math.min(maxString, left)
      const whole = end >= 0 && end < at + available && end - at < most
      // No record has room for all that gVisor prints: there is more, of which nothing is known.
      const cut =
        string < 0
          ? frame.available(address) > 0 && !frame.faulted
          : available > 0
            ? !faulted && available < most
            : string < beyondAll && !frame.isUnreadable(string)
      if (!whole && cut && left > 0) {
        out.put(i > 0 ? ', ...' : '...')
        break
      }
      const problem =
        string < 0
          ? badAddress
          : left === 0
            ? 'out of memory'
            : whole
              ? null
              : faulted && available < most
                ? badAddress
                : 'file name too long'
      if (problem !== null) {
        out.length = start
        return out.put(` {error copying vector: ${problem}}`)
      }
      left -= end + 1 - at
      if (i > 0) out.put(', ')
      putQuoted(out, frame.bytes, at, end, era)
    }
    out.putChar(']')
  },
})
