/** How messages through sockets look where their types do not say it. */
import type { Frame } from '../../../record/frame.ts'
import { readAddress } from '../../../types/evaluate.ts'
import { layoutOf } from '../../../types/resolve.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import { messagePrinter } from '../messages.ts'
import type { Presentation, Presentations } from '../presentations.ts'
import type { Printer } from '../print.ts'
import { addressNumber, putAddress } from '../scalars.ts'
import { argumentsWith, entered } from './arguments.ts'
import { filledAddress } from './sockets.ts'

const recvfrom: Presentation = scope => [
  ...argumentsWith(scope, { src_addr: null, addrlen: null }),
  ...filledAddress(scope, ['src_addr', 'addrlen'], 4),
]

/** The structure before the call, and as it is now (-1: it cannot be read). */
function places(frame: Frame, address: number, size: number): { before: number; at: number } {
  const before = address !== 0 && frame.availableAtEnter(address) >= size ? frame.at : -1
  return { before, at: address === 0 ? -1 : frame.find(address, size) }
}

/** The kernel takes no more at once. */
const mostMessages = 1024
const signedAt = (frame: Frame, at: number): number => frame.view.getInt32(at, true)

/** A call that failed tells only how much room it had for an address. */
const recvmsg: Presentation = scope => {
  const print = messagePrinter(scope)
  const layout = layoutOf('msghdr', scope.arch)
  const nameLength = layout.fields.msg_namelen!.offset
  const address = (frame: Frame): number => readAddress(frame.view, frame.args + 8, scope.arch)
  const known = (frame: Frame): boolean => places(frame, address(frame), layout.size).before >= 0
  const msg: Printer = (out, frame, at, bases) => {
    const { before, at: now } = places(frame, address(frame), layout.size)
    if (before < 0 || now < 0) return addressNumber(out, frame, at, 8)
    if (frame.failed) return out.put(`{msg_namelen=${signedAt(frame, before + nameLength)}}`)
    print(out, frame, { at: now, before }, readAddress(frame.view, frame.result, 'amd64'), bases)
  }
  const [sockfd, ...rest] = argumentsWith(scope, { msg: null })
  return [sockfd!, { label: '', arg: 'msg', print: msg, waits: known }, ...rest]
}

/** `[{msg_hdr={…}, msg_len=8}, …]`: of those that went through the length is known too. */
function messages(receiving: boolean): Presentation {
  return scope => {
    const { style, arch } = scope
    const print = messagePrinter(scope)
    const layout = layoutOf('mmsghdr', arch)
    const lengthAt = layout.fields.msg_len!.offset
    const msgvec: Printer = (out, frame, at, bases) => {
      const address = readAddress(frame.view, at, arch)
      const claimed = frame.view.getUint32(frame.args + 16, true)
      const done = frame.failed || frame.result < 0 ? 0 : frame.view.getUint32(frame.result, true)
      const count = receiving ? done : claimed
      if (address === 0 || (receiving && frame.failed)) return addressNumber(out, frame, at, 8)
      if (count > 0 && frame.find(address, layout.size) < 0) return addressNumber(out, frame, at, 8)
      out.putChar('[')
      for (let i = 0; i < count; i++) {
        if (i > 0) out.put(', ')
        if (i >= mostMessages || (!style.verbose && i >= style.stringLimit)) {
          out.put('...')
          break
        }
        const { before, at: now } = places(frame, address + i * layout.size, layout.size)
        if (now < 0) {
          unreadable(out, address + i * layout.size)
          break
        }
        const length = frame.view.getUint32(now + lengthAt, true)
        out.put('{msg_hdr=')
        print(
          out,
          frame,
          { at: now, before: receiving ? before : -1 },
          receiving ? length : Number.POSITIVE_INFINITY,
          bases,
        )
        if (i < done) out.put(`, msg_len=${length}`)
        out.putChar('}')
      }
      out.putChar(']')
    }
    return argumentsWith(scope, { msgvec })
  }
}

/** Its timeout as it was: what is left of it stands beside the result. */
const recvmmsg: Presentation = scope =>
  messages(true)(scope).map(shown => (shown.arg === 'timeout' ? entered(scope, 'timeout') : shown))

function unreadable(out: TextBuffer, address: number): void {
  out.put('... /* ')
  putAddress(out, address)
  out.put(' */')
}

export const messagePresentations: Presentations = {
  recvfrom,
  recvmsg,
  sendmmsg: messages(false),
  recvmmsg,
}
