/** Times, intervals, and what a process has used. */
import type { Frame } from '../../../record/frame.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import { putSigned } from '../go-numbers.ts'
import { layout } from '../layouts.ts'
import {
  after,
  before,
  both,
  high,
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

export function timeSpecifiers(setting: Setting): Specifiers {
  const timespec = structure(16, 'decoding timespec', putTimespec)
  const timeval = structure(16, 'decoding timeval', putTimeval)
  const intervalValue = interval('decoding timeval', putTimeval)
  const intervalSpec = interval('decoding timespec', putTimespec)
  return {
    Timespec: before(timespec),
    PostTimespec: after(timespec),
    UTimeTimespec: before(structure(16, 'decoding timespec', putUtimeTimespec)),
    Timeval: both(timeval),
    ItimerVal: before(intervalValue),
    PostItimerVal: after(intervalValue),
    ItimerSpec: before(intervalSpec),
    PostItimerSpec: after(intervalSpec),
    Utimbuf: before(structure(16, 'decoding utimbuf', putUtimbuf)),
    Rusage: after(rusage(setting)),
  }
}

/** The signed 64-bit number at an offset of the frame. */
export function putInt64(out: TextBuffer, { view }: Frame, at: number): void {
  putSigned(out, view.getUint32(at, true), view.getUint32(at + 4, true))
}

function putPair(out: TextBuffer, frame: Frame, at: number, first: string, second: string): void {
  out.put(first)
  putInt64(out, frame, at)
  out.put(second)
  putInt64(out, frame, at + 8)
  out.putChar('}')
}
type WriteAt = (out: TextBuffer, frame: Frame, at: number) => void
const putTimespec: WriteAt = (out, frame, at) => putPair(out, frame, at, '{sec=', ' nsec=')
const putTimeval: WriteAt = (out, frame, at) => putPair(out, frame, at, '{sec=', ' usec=')
const putUtimbuf: WriteAt = (out, frame, at) => putPair(out, frame, at, '{actime=', ', modtime=')

const putUtimeTimespec: WriteAt = (out, frame, at) => {
  const nanoseconds = frame.view.getUint32(at + 8, true)
  const name =
    frame.view.getUint32(at + 12, true) !== 0
      ? undefined
      : nanoseconds === constants.UTIME_NOW
        ? 'UTIME_NOW'
        : nanoseconds === constants.UTIME_OMIT
          ? 'UTIME_OMIT'
          : undefined
  if (name === undefined) return putTimespec(out, frame, at)
  out.put('{sec=')
  putInt64(out, frame, at)
  out.put(` nsec=${name}}`)
}

/** Two times in a row, each with its own address and its own failure. */
function interval(what: string, write: WriteAt): Write {
  const one = (out: TextBuffer, frame: Frame, index: number, offset: number): void => {
    // In halves, since a wild pointer has more bits than a number.
    const sum = low(frame, index) + offset
    out.hex(sum >>> 0, (high(frame, index) + (sum > 0xffff_ffff ? 1 : 0)) >>> 0)
    const at = frame.find(wide(frame, index) + offset, 16)
    if (at < 0) return putFailure(out, what)
    out.putChar(' ')
    write(out, frame, at)
  }
  return (out, frame, index) => {
    if (wide(frame, index) === 0) return out.put('null')
    putRegister(out, frame, index)
    out.put(' {interval=')
    one(out, frame, index, 0)
    out.put(', value=')
    one(out, frame, index, 16)
    out.putChar('}')
  }
}

/** Counters as Go's struct names them, in the structure's order. */
const counters = [
  'MaxRSS:',
  'IXRSS:',
  'IDRSS:',
  'ISRSS:',
  'MinFlt:',
  'MajFlt:',
  'NSwap:',
  'InBlock:',
  'OuBlock:',
  'MsgSnd:',
  'MsgRcv:',
  'NSignals:',
  'NVCSw:',
  'NIvCSw:',
]

function rusage(setting: Setting): Write {
  const { size, at: place } = layout('rusage', setting.arch)
  const first = place('ru_maxrss')
  // Since the structs carry a mark of their layout, Go prints that blank field too.
  const blank = setting.era === 'head' ? '_:{_:{}} ' : ''
  return structure(size, 'decoding rusage', (out, frame, at) => {
    out.put(`{${blank}UTime:{${blank}`)
    putPair(out, frame, at + place('ru_utime'), 'Sec:', ' Usec:')
    out.put(` STime:{${blank}`)
    putPair(out, frame, at + place('ru_stime'), 'Sec:', ' Usec:')
    for (let i = 0; i < counters.length; i++) {
      out.putChar(' ')
      out.put(counters[i]!)
      putInt64(out, frame, at + first + i * 8)
    }
    out.putChar('}')
  })
}
