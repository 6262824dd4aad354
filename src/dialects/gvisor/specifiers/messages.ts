/** Messages of sendmsg and recvmsg: their vectors and control messages. */
import type { Frame } from '../../../record/frame.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import { putUnsigned } from '../go-numbers.ts'
import { type Layout, layout } from '../layouts.ts'
import {
  findBytes,
  putFailure,
  putRegister,
  type Setting,
  type Specifiers,
  valuesOf,
  type Write,
  wide,
  wideAt,
} from '../specifier.ts'
import { constants } from '../tables/errors.ts'
import { putIovecs } from './buffers.ts'
import { putInt64 } from './times.ts'

export function messageSpecifiers(setting: Setting): Specifiers {
  const whole = message(setting, true)
  const bare = message(setting, false)
  return { SendMsgHdr: { enter: whole, exit: bare }, RecvMsgHdr: { enter: bare, exit: whole } }
}

function message(setting: Setting, content: boolean): Write {
  const header = layout('msghdr', setting.arch)
  const name = header.at('msg_name')
  const nameLength = header.at('msg_namelen')
  const vector = header.at('msg_iov')
  const vectorLength = header.at('msg_iovlen')
  const control = header.at('msg_control')
  const controlLength = header.at('msg_controllen')
  const flags = header.at('msg_flags')
  const controls = controlMessages(setting)
  return (out, frame, index) => {
    putRegister(out, frame, index)
    const at = frame.find(wide(frame, index), header.size)
    if (at < 0) return putFailure(out, 'decoding msghdr')
    const { view } = frame
    const pointer = (offset: number): void =>
      out.hex(view.getUint32(at + offset, true), view.getUint32(at + offset + 4, true))
    out.put(' {name=')
    pointer(name)
    out.put(', namelen=')
    out.dec(view.getUint32(at + nameLength, true))
    out.put(', iovecs=')
    putIovecs(
      out,
      frame,
      setting,
      view.getUint32(at + vector, true),
      view.getUint32(at + vector + 4, true),
      wideAt(frame, at + vectorLength),
      content ? setting.limit : null,
    )
    if (content) {
      out.put(', control={')
      controls(out, frame, at + control, at + controlLength)
      out.putChar('}')
    } else {
      out.put(', control=')
      pointer(control)
      out.put(', control_len=')
      putUnsigned(out, view.getUint32(at + controlLength, true), view.getUint32(at + controlLength + 4, true))
    }
    out.put(', flags=')
    out.dec(view.getInt32(at + flags, true))
    out.putChar('}')
  }
}

/** Control messages; `pointer` and `size` say where in the frame their address and their length stand. */
function controlMessages(
  setting: Setting,
): (out: TextBuffer, frame: Frame, pointer: number, size: number) => void {
  const header = layout('cmsghdr', setting.arch)
  const types = new Map<number, ControlType>()
  const names = valuesOf(setting, 'controlMessageType', 'decimal')
  for (const [type, content] of Object.entries(contents)) types.set(Number(type), content)
  return (out, frame, pointer, size) => {
    const { view } = frame
    out.hex(view.getUint32(pointer, true), view.getUint32(pointer + 4, true))
    const length = wideAt(frame, size)
    if (length > setting.limit) {
      out.put(' (error decoding control: invalid length (')
      putUnsigned(out, view.getUint32(size, true), view.getUint32(size + 4, true))
      return out.put('))')
    }
    const start = findBytes(frame, setting, wideAt(frame, pointer), length)
    if (start < 0) return putFailure(out, 'decoding control')
    out.putChar(' ')
    putMessages(out, frame, start, start + length, header, names, types)
  }
}

/** What is shown of a known type's data; `size` is what it takes at least. */
interface ControlType {
  readonly size: number
  readonly put: (out: TextBuffer, frame: Frame, at: number, length: number) => void
}

const contents: { readonly [type: number]: ControlType } = {
  1: {
    size: 0,
    put(out, { view }, at, length) {
      out.put(', content: ')
      for (
        let i = 0;
        i + constants.SizeOfControlMessageRight <= length;
        i += constants.SizeOfControlMessageRight
      ) {
        if (i > 0) out.putChar(',')
        out.dec(view.getInt32(at + i, true))
      }
    },
  },
  2: {
    size: 12,
    put(out, { view }, at) {
      out.put(', pid: ')
      out.dec(view.getInt32(at, true))
      out.put(', uid: ')
      out.dec(view.getUint32(at + 4, true))
      out.put(', gid: ')
      out.dec(view.getUint32(at + 8, true))
    },
  },
  29: {
    size: constants.SizeOfTimeval,
    put(out, frame, at) {
      out.put(', Sec: ')
      putInt64(out, frame, at)
      out.put(', Usec: ')
      putInt64(out, frame, at + 8)
    },
  },
}

function putMessages(
  out: TextBuffer,
  frame: Frame,
  from: number,
  to: number,
  header: Layout,
  names: ReturnType<typeof valuesOf>,
  types: ReadonlyMap<number, ControlType>,
): void {
  const { view } = frame
  const headerSize = BigInt(header.size)
  for (let at = from; at < to; ) {
    if (at > from) out.put(', ')
    if (to - at < header.size) return out.put('{invalid control message (too short)}')
    // A length is an int64: what does not fit one is negative, and what is left without the header may wrap around.
    const length = Number(BigInt.asIntN(64, view.getBigInt64(at + header.at('cmsg_len'), true) - headerSize))
    const level = view.getInt32(at + header.at('cmsg_level'), true)
    const type = view.getInt32(at + header.at('cmsg_type'), true)
    const known = level === constants.SOL_SOCKET ? types.get(type) : undefined
    out.put('{level=')
    if (level === constants.SOL_SOCKET) out.put('SOL_SOCKET')
    else out.dec(level)
    out.put(', type=')
    if (type < 0) out.dec(type)
    else names(out, type, 0)
    out.put(', length=')
    putUnsigned(
      out,
      view.getUint32(at + header.at('cmsg_len'), true),
      view.getUint32(at + header.at('cmsg_len') + 4, true),
    )
    at += header.size
    if (length > to - at) return out.put(', content extends beyond buffer}')
    if (length < 0) return out.put(', content too short}')
    if (known !== undefined) {
      if (length < known.size) out.put(', content too short')
      else known.put(out, frame, at, length)
    }
    out.putChar('}')
    at += (length + 7) & ~7
  }
}
