/** What came of waiting: descriptors that are ready, the time left, or that it ran out. */
import * as sets from '../../../abi/sets.ts'
import type { Frame } from '../../../record/frame.ts'
import { bitsetBytes, readAddress } from '../../../types/evaluate.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import { nameTable, printFlags } from '../names.ts'
import type { ResultPrinter, ResultPrinters } from '../results.ts'
import type { Style } from '../style.ts'

// strace gathers this text in 1024 bytes: what does not fit any more is left out.
const room = { element: 996, member: 1000, timeout: 940 } as const
const pollfdBytes = 8
const mostSets = 1 << 20

const argument = (frame: Frame, index: number): number =>
  readAddress(frame.view, frame.args + index * 8, frame.arch)

/** `[{fd=3, revents=POLLIN}]`: those of the descriptors that something happened to. */
function ready(out: TextBuffer, frame: Frame, style: Style): void {
  const { view } = frame
  const address = argument(frame, 0)
  const count = view.getUint32(frame.args + 8, true)
  const events = [nameTable(sets.pollflags, frame.arch)]
  const have = Math.floor(frame.available(address) / pollfdBytes)
  const start = frame.at
  let shown = 0
  const begin = out.length
  out.putByte(91)
  for (let i = 0; i < Math.min(count, have); i++) {
    const at = start + i * pollfdBytes
    const revents = view.getUint16(at + 6, true)
    if (revents === 0) continue
    if (shown > 0) out.put(', ')
    if (!style.verbose && shown >= style.stringLimit) {
      out.put('...')
      break
    }
    shown++
    const before = out.length
    out.put(`{fd=${view.getInt32(at, true)}, revents=`)
    printFlags(out, events, revents, 0, style)
    out.putByte(125)
    if (out.length - begin > room.element) {
      out.length = before
      out.put('...')
      break
    }
  }
  out.putByte(93)
}

/** `left {tv_sec=0, tv_usec=97}`: false where there was no timeout. */
function left(
  out: TextBuffer,
  frame: Frame,
  index: number,
  fraction: string,
  separator: string,
  begin: number,
  unread = false,
): boolean {
  if (out.length - begin >= room.timeout) return false
  const address = argument(frame, index)
  if (unread && address !== 0) {
    out.put(`${separator}left 0x${address.toString(16)}`)
    return true
  }
  // Newer calls of 32-bit programs have times of 64 bits too, and then so much memory was copied.
  const wide = address === 0 ? -1 : frame.find(address, 16)
  const at = wide >= 0 || address === 0 || frame.arch !== 'i386' ? wide : frame.find(address, 8)
  if (at < 0) return false
  const { view } = frame
  const [seconds, rest] =
    wide >= 0
      ? [view.getBigInt64(at, true), view.getBigInt64(at + 8, true)]
      : [view.getInt32(at, true), view.getInt32(at + 4, true)]
  out.put(`${separator}left {tv_sec=${seconds}, ${fraction}=${rest}}`)
  return true
}

const isNone = (frame: Frame): boolean => frame.view.getUint32(frame.result, true) === 0

const poll =
  (timeout?: number): ResultPrinter =>
  (out, frame, style) => {
    if (isNone(frame)) return out.put(' (Timeout)')
    if (style.unread) return
    out.put(' (')
    const begin = out.length
    ready(out, frame, style)
    if (timeout !== undefined) left(out, frame, timeout, 'tv_nsec', ', ', begin)
    out.putByte(41)
  }

/** `in [3], out [4]`. */
const select =
  (fraction: string): ResultPrinter =>
  (out, frame, style) => {
    if (isNone(frame)) return out.put(' (Timeout)')
    const nfds = Math.min(frame.view.getInt32(frame.args, true), mostSets)
    out.put(' (')
    const begin = out.length
    let some = false
    ;['in', 'out', 'except'].forEach((name, i) => {
      const address = argument(frame, i + 1)
      const at = address === 0 || nfds <= 0 ? -1 : frame.find(address, bitsetBytes(nfds))
      if (at < 0) return
      let members = 0
      for (let fd = 0; fd < nfds; fd++) {
        if ((frame.bytes[at + (fd >> 3)]! & (1 << (fd & 7))) === 0) continue
        if (out.length - begin >= room.member) break
        if (members === 0) out.put(`${some ? ', ' : ''}${name} [`)
        else out.putByte(32)
        members++
        out.dec(fd)
      }
      if (members > 0) out.putByte(93)
      some ||= members > 0
    })
    left(out, frame, 4, fraction, some ? ', ' : '', begin, style.unread)
    out.putByte(41)
  }

export const pollingResults: ResultPrinters = {
  poll: poll(),
  ppoll: poll(2),
  select: select('tv_usec'),
  pselect6: select('tv_nsec'),
}
