/** What came of waiting: descriptors that are ready, the time left, or that it ran out. */
import * as sets from '../../../abi/sets.ts'
import type { Frame } from '../../../record/frame.ts'
import { bitsetBytes, readAddress } from '../../../types/evaluate.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import { nameTable, printFlags } from '../names.ts'
import { pointedAt } from '../presentations/arguments.ts'
import type { PrintScope } from '../print.ts'
import type { Style } from '../style.ts'
import type { Result, Results } from './result.ts'

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
  out.putChar('[')
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
    out.putChar('}')
    if (out.length - begin > room.element) {
      out.length = before
      out.put('...')
      break
    }
  }
  out.putChar(']')
}

/** Writes `left {tv_sec=0, tv_usec=97}`, and before it what separates it; nothing where there was no timeout, or no room. */
type Left = (out: TextBuffer, frame: Frame, separator: string, begin: number) => void

const left = (scope: PrintScope, name: string): Left => {
  const time = pointedAt(scope, name)
  const index = scope.args.findIndex(arg => arg.name === name)
  return (out, frame, separator, begin) => {
    if (out.length - begin >= room.timeout) return
    const address = argument(frame, index)
    if (address === 0) return
    const before = out.length
    out.put(`${separator}left `)
    if (scope.style.unread) out.put(`0x${address.toString(16)}`)
    else if (!time(out, frame, [])) out.length = before
  }
}

const isNone = (frame: Frame): boolean => frame.view.getUint32(frame.result, true) === 0

const poll =
  (timeout?: string): Result =>
  scope => {
    const { style } = scope
    const rest = timeout === undefined ? undefined : left(scope, timeout)
    return (out, frame) => {
      if (isNone(frame)) return out.put(' (Timeout)')
      if (style.unread) return
      out.put(' (')
      const begin = out.length
      ready(out, frame, style)
      rest?.(out, frame, ', ', begin)
      out.putChar(')')
    }
  }

/** `in [3], out [4]`. */
const select: Result = scope => {
  const rest = left(scope, 'timeout')
  return (out, frame) => {
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
        else out.putChar(' ')
        members++
        out.dec(fd)
      }
      if (members > 0) out.putChar(']')
      some ||= members > 0
    })
    rest(out, frame, some ? ', ' : '', begin)
    out.putChar(')')
  }
}

export const pollingResults: Results = {
  poll: poll(),
  ppoll: poll('tmo_p'),
  select,
  pselect6: select,
}
