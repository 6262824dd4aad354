/** Decoders of what addresses lead to: strings, buffers and lists of them. */
import type { Frame } from '../record/frame.ts'
import { readUnsigned } from '../record/numbers.ts'
import { Data } from './data.ts'
import type { DecodeScope, PointeeDecoder, Progress, TextRole } from './decoder.ts'
import { takeElements } from './decoder.ts'
import { compileLength } from './evaluate.ts'
import type { Bytes, CString, Iovecs, Strings } from './language.ts'
import { Bound } from './plan.ts'
import { decodeText } from './text.ts'
import type { IovecValue } from './values.ts'

/** A string ended by NUL. */
export function cstringDecoder(type: CString, { progress, limit }: DecodeScope): PointeeDecoder {
  const most = type.path ? Bound.path : type.max
  const shown = type.path ? Bound.path : Math.min(type.max, limit)
  return (frame, address) => stringAt(frame, address, most, shown, progress, type.path ? 'path' : 'text')
}

function stringAt(
  frame: Frame,
  address: number,
  most: number,
  shown: number,
  progress: Progress,
  role: TextRole,
): string | null {
  const have = Math.min(frame.available(address), most)
  if (have === 0) return null
  const { at, bytes } = frame
  let end = at
  const last = at + have
  while (end < last && bytes[end] !== 0) end++
  progress.seen?.(role, at, end - at)
  if (end === last) {
    // Without an end: not a string for the kernel when memory ends there, else longer than what was copied.
    if (frame.faulted && have < most && have <= shown) return null
    progress.cut = true
  }
  if (end - at > shown) {
    end = at + shown
    progress.cut = true
  }
  return decodeText(bytes, at, end)
}

/** `length` bytes: a buffer, or a path that need not end with NUL. */
export function bytesDecoder(type: Bytes, scope: DecodeScope): PointeeDecoder {
  const length = compileLength(type.length, scope)
  const { progress, limit } = scope
  if (!type.path && !type.text)
    return (frame, address, bases) => dataAt(frame, address, length(frame, bases), limit, progress)
  const bound = type.path ? Bound.path : limit
  return (frame, address, bases) => {
    const wanted = length(frame, bases)
    const have = wanted > 0 ? frame.available(address) : 0
    if (wanted > 0 && have === 0) return null
    const most = Math.min(wanted, have, bound)
    if (most < wanted) progress.cut = true
    progress.seen?.(type.path ? 'path' : 'text', frame.at, Math.min(wanted, have))
    return textUpTo(frame, frame.at, most)
  }
}

/** Text of at most `length` bytes, which a NUL ends. */
export function textUpTo(frame: Frame, at: number, length: number): string {
  let end = at
  while (end < at + length && frame.bytes[end] !== 0) end++
  return decodeText(frame.bytes, at, end)
}

/** A copy of what was captured of `length` bytes at an address; null when nothing was. */
function dataAt(
  frame: Frame,
  address: number,
  length: number,
  limit: number,
  progress: Progress,
): Data | null {
  if (length <= 0 || limit === 0) {
    if (length > 0) progress.cut = true
    return Data.copy(frame.bytes, 0, 0, Math.max(0, length))
  }
  const have = frame.available(address)
  if (have === 0) return null
  const shown = Math.min(length, have, limit)
  progress.seen?.('payload', frame.at, Math.min(length, have))
  if (shown < length) progress.cut = true
  return Data.copy(frame.bytes, frame.at, shown, length)
}

const wordOf = (frame: Frame): number => (frame.arch === 'i386' ? 4 : 8)

/** A vector of pointers to strings, ended by NULL. */
export function stringsDecoder(type: Strings, { progress, limit }: DecodeScope): PointeeDecoder {
  const role = type.env ? 'env' : 'text'
  return (frame, address) => {
    const word = wordOf(frame)
    const strings: string[] = []
    for (; ; strings.length) {
      const at = frame.find(address + strings.length * word, word)
      const string = at < 0 ? 0 : readUnsigned(frame.view, at, word)
      if (at >= 0 && string === 0) return strings
      const text =
        at < 0 || takeElements(progress, 1, 1) === 0
          ? null
          : stringAt(frame, string, Bound.stringBytes, limit, progress, role)
      if (text === null) {
        // The strings of an environment are copied only when asked for.
        if (strings.length === 0) return null
        progress.cut = true
        return strings
      }
      strings.push(text)
    }
  }
}

/** Buffers in a row: together they hold `limit` bytes of content. */
export function iovecsDecoder(type: Iovecs, scope: DecodeScope): PointeeDecoder {
  const count = compileLength(type.count, scope)
  const moved = type.limit === undefined ? undefined : compileLength(type.limit, scope)
  const { progress, limit } = scope
  return (frame, address, bases) => {
    const wanted = count(frame, bases)
    const word = wordOf(frame)
    if (wanted > 0 && frame.available(address) < word * 2) return null
    const n = takeElements(progress, wanted, Bound.elements)
    let left = moved === undefined ? Number.POSITIVE_INFINITY : frame.failed ? -1 : moved(frame, bases)
    const buffers: IovecValue[] = []
    for (let i = 0; i < n; i++) {
      const at = frame.find(address + i * word * 2, word * 2)
      if (at < 0) {
        progress.cut = true
        break
      }
      const base = readUnsigned(frame.view, at, word)
      const length = readUnsigned(frame.view, at + word, word)
      const wide = (offset: number): bigint =>
        word === 8 ? frame.view.getBigUint64(offset, true) : BigInt(readUnsigned(frame.view, offset, word))
      const buffer = { base: wide(at), length: wide(at + word) }
      const content = Math.min(length, left)
      buffers.push({
        ...buffer,
        data: left < 0 || base === 0 ? null : dataAt(frame, base, content, limit, progress),
      })
      left = Math.max(left < 0 ? -1 : 0, left - content)
    }
    return buffers
  }
}
