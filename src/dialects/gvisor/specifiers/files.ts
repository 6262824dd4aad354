/** Descriptors, paths, and what stat tells. */
import type { Frame } from '../../../record/frame.ts'
import { RangeKind } from '../../../record/layout.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import { putSigned, putUnsigned, signHalf } from '../go-numbers.ts'
import { putEscaped } from '../go-quote.ts'
import { goTime } from '../go-time.ts'
import { layout } from '../layouts.ts'
import {
  after,
  before,
  low,
  putFailure,
  putRegister,
  type Setting,
  type Specifiers,
  structure,
  type Write,
  wide,
} from '../specifier.ts'
import { constants } from '../tables/errors.ts'
import { modeText } from './numbers.ts'

export function fileSpecifiers(setting: Setting): Specifiers {
  const path = pathText(setting)
  const name = descriptorText(setting)
  return {
    FD: before((out, frame, index) => name(out, frame, low(frame, index) | 0)),
    Path: before(path),
    PostPath: after(path),
    PipeFDs: after(pipeDescriptors),
    Stat: after(stat(setting)),
  }
}

/** Bytes that are no quoted text: raw, or (for a terminal) escaped. */
const putName = (
  setting: Setting,
): ((out: TextBuffer, bytes: Uint8Array, from: number, to: number) => void) =>
  setting.escapePaths
    ? (out, bytes, from, to) => putEscaped(out, bytes, from, to, 0, setting.era)
    : (out, bytes, from, to) => out.copyBytes(bytes, from, to)

/** A descriptor with what it refers to, as noted when the call began. */
export function descriptorText(setting: Setting): (out: TextBuffer, frame: Frame, fd: number) => void {
  const put = putName(setting)
  /** The note found last, as its process names the file. */
  const putFound = (out: TextBuffer, { pid, bytes, noteAt }: Frame, length: number): void => {
    const outside = setting.processes.roots.leading(pid, bytes, noteAt, length)
    if (outside === length && length > 0) out.putChar('/')
    else put(out, bytes, noteAt + outside, noteAt + length)
  }
  return (out, frame, fd) => {
    if (fd === constants.AT_FDCWD) {
      out.put('AT_FDCWD ')
      const length = frame.findNote(RangeKind.cwd, 0)
      if (length >= 0) putFound(out, frame, length)
      return
    }
    out.hex(fd, signHalf(fd))
    const length = frame.findNote(RangeKind.fdPath, fd >>> 0)
    if (length < 0) return out.put(' (bad FD)')
    out.putChar(' ')
    putFound(out, frame, length)
  }
}

function pathText(setting: Setting): Write {
  const put = putName(setting)
  const nothing = setting.era !== '2021'
  return (out, frame, index) => {
    const address = wide(frame, index)
    if (address === 0 && nothing) return out.put('<null>')
    putRegister(out, frame, index)
    const available = Math.min(frame.available(address), constants.PATH_MAX)
    const { at } = frame
    const end = available === 0 ? -1 : frame.bytes.indexOf(0, at)
    if (end >= 0 && end < at + available) {
      out.putChar(' ')
      put(out, frame.bytes, at, end)
    } else putFailure(out, 'decoding path', available < constants.PATH_MAX ? undefined : 'file name too long')
  }
}

const pipeDescriptors: Write = (out, frame, index) => {
  putRegister(out, frame, index)
  const at = frame.find(wide(frame, index), 8)
  if (at < 0) return putFailure(out, 'decoding fds')
  out.put(' [')
  out.dec(frame.view.getInt32(at, true))
  out.putChar(' ')
  out.dec(frame.view.getInt32(at + 4, true))
  out.putChar(']')
}

function stat(setting: Setting): Write {
  const { size, at: place } = layout('stat', setting.arch)
  const mode = modeText(setting)
  /** Numbers in the order of the text; arm64 has some of 32 bits. */
  const wideLinks = setting.arch === 'amd64'
  const offset = (field: string) => place(`st_${field}`)
  const nlink = offset('nlink')
  const blksize = offset('blksize')
  const times = ['atime', 'mtime', 'ctime'].map(name => ({
    name: `, ${name}=`,
    seconds: offset(name),
    nanoseconds: offset(`${name}_nsec`),
  }))
  return structure(size, 'decoding stat', (out, { view }, at) => {
    const unsigned64 = (label: string, to: number): void => {
      out.put(label)
      putUnsigned(out, view.getUint32(at + to, true), view.getUint32(at + to + 4, true))
    }
    const signed64 = (label: string, to: number): void => {
      out.put(label)
      putSigned(out, view.getUint32(at + to, true), view.getUint32(at + to + 4, true))
    }
    const unsigned32 = (label: string, to: number): void => {
      out.put(label)
      out.dec(view.getUint32(at + to, true))
    }
    unsigned64('{dev=', offset('dev'))
    unsigned64(', ino=', offset('ino'))
    out.put(', mode=')
    mode(out, view.getUint32(at + offset('mode'), true))
    if (wideLinks) unsigned64(', nlink=', nlink)
    else unsigned32(', nlink=', nlink)
    unsigned32(', uid=', offset('uid'))
    unsigned32(', gid=', offset('gid'))
    unsigned64(', rdev=', offset('rdev'))
    signed64(', size=', offset('size'))
    out.put(', blksize=')
    if (wideLinks) putSigned(out, view.getUint32(at + blksize, true), view.getUint32(at + blksize + 4, true))
    else out.dec(view.getInt32(at + blksize, true))
    signed64(', blocks=', offset('blocks'))
    for (const { name, seconds, nanoseconds } of times) {
      out.put(name)
      out.put(goTime(view.getBigInt64(at + seconds, true), view.getBigInt64(at + nanoseconds, true)))
    }
    out.putChar('}')
  })
}
