/** poll, select and epoll: what is waited for, and what has happened. */
import type { Frame } from '../../../record/frame.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import { putSignedHex, signHalf } from '../go-numbers.ts'
import { layout } from '../layouts.ts'
import {
  badAddress,
  before,
  findBytes,
  flagsOf,
  invalidArgument,
  low,
  putFailure,
  putPointer,
  putRegister,
  type Setting,
  type Specifiers,
  type Write,
  wide,
} from '../specifier.ts'
import { result } from './buffers.ts'
import { descriptorText } from './files.ts'

export function pollingSpecifiers(setting: Setting): Specifiers {
  return {
    PollFDs: { enter: pollDescriptors(setting, false), exit: pollDescriptors(setting, true) },
    SelectFDSet: before(descriptorSet(setting)),
    EpollEvent: before(epollEvent(setting)),
    EpollEvents: {
      enter(out, frame, index) {
        putRegister(out, frame, index)
        out.put(' {}')
      },
      exit: epollEvents(setting),
    },
  }
}

function pollDescriptors(setting: Setting, withResults: boolean): Write {
  const { size, at: place } = layout('pollfd', setting.arch)
  const events = flagsOf(setting, 'PollEventSet')
  const name = descriptorText(setting)
  const eventsAt = place('events')
  const revents = place('revents')
  const putEvents = (out: TextBuffer, frame: Frame, at: number): void => {
    const value = frame.view.getInt16(at, true)
    events(out, value, signHalf(value))
  }
  return (out, frame, index) => {
    const address = wide(frame, index)
    if (address === 0) return out.put('null')
    putRegister(out, frame, index)
    const count = low(frame, index + 1)
    // A list of more descriptors than may be open is refused unread.
    if (count > setting.processes.limits.of(frame.pid))
      return putFailure(out, 'decoding pollfds', invalidArgument)
    const start = count === 0 ? 0 : frame.find(address, count * size)
    if (start < 0) return putFailure(out, 'decoding pollfds')
    out.put(' [')
    for (let i = 0; i < count; i++) {
      const at = start + i * size
      out.put(i === 0 ? '{FD: ' : ', {FD: ')
      name(out, frame, frame.view.getInt32(at, true))
      out.put(', Events: ')
      putEvents(out, frame, at + eventsAt)
      out.put(', REvents: ')
      if (withResults) putEvents(out, frame, at + revents)
      else out.put('...')
      out.putChar('}')
    }
    out.putChar(']')
  }
}

/** The members of a set of descriptors below the first argument. */
const descriptorSet =
  (setting: Setting): Write =>
  (out, frame, index) => {
    const count = low(frame, 0) | 0
    const address = wide(frame, index)
    if (count < 0) {
      putRegister(out, frame, index)
      return out.put(' (negative nfds)')
    }
    if (address === 0) return out.put('null')
    putRegister(out, frame, index)
    const at = findBytes(frame, setting, address, Math.ceil(count / 8))
    if (at < 0) return putFailure(out, 'decoding fdset')
    out.put(' [')
    let first = true
    for (let fd = 0; fd < count; fd++) {
      if ((frame.bytes[at + (fd >> 3)]! & (1 << (fd & 7))) === 0) continue
      if (!first) out.putChar(' ')
      first = false
      out.dec(fd)
    }
    out.putChar(']')
  }

/** One event: its flags, and its data as two signed words. */
function eventText(setting: Setting): (out: TextBuffer, frame: Frame, at: number) => void {
  const flags = flagsOf(setting, 'epollEventEvents')
  const data = layout('epoll_event', setting.arch).at('data')
  return (out, { view }, at) => {
    out.put('{events=')
    flags(out, view.getUint32(at, true), 0)
    out.put(' data=[')
    putSignedHex(out, view.getInt32(at + data, true))
    out.put(', ')
    putSignedHex(out, view.getInt32(at + data + 4, true))
    out.put(']}')
  }
}

function epollEvent(setting: Setting): Write {
  const { size } = layout('epoll_event', setting.arch)
  const event = eventText(setting)
  return (out, frame, index) => {
    putRegister(out, frame, index)
    const at = frame.find(wide(frame, index), size)
    if (at < 0) return out.put(` {error reading event: ${badAddress}}`)
    out.putChar(' ')
    event(out, frame, at)
  }
}

function epollEvents(setting: Setting): Write {
  const { size } = layout('epoll_event', setting.arch)
  const event = eventText(setting)
  return (out, frame, index) => {
    const start = out.length
    const address = wide(frame, index)
    putRegister(out, frame, index)
    out.put(' {')
    const happened = result(frame)
    for (let i = 0, from = address; i < happened; i++) {
      const at = frame.find(from, size)
      if (at < 0) {
        // gVisor stays where it could not read, and says so for each entry that is missing; we stop at what fits a line.
        out.put('{error reading event at ')
        putPointer(out, from)
        out.put(`: ${badAddress}}`)
        if (out.length - start >= setting.limit) break
        continue
      }
      event(out, frame, at)
      if (out.length - start >= setting.limit) {
        out.put('...')
        break
      }
      from += size
    }
    out.putChar('}')
  }
}
