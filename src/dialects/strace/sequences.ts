/** Lists in memory: arrays, vectors of strings, iovecs. */
import type { Frame } from '../../record/frame.ts'
import { readUnsigned } from '../../record/numbers.ts'
import type { Bases } from '../../types/evaluate.ts'
import { Bound } from '../../types/plan.ts'
import type { TextBuffer } from '../text-buffer.ts'
import type { Printer } from './print.ts'
import { putAddress } from './scalars.ts'
import { printBytes, printCString } from './strings.ts'
import type { Style } from './style.ts'

const wordOf = (frame: Frame): number => (frame.arch === 'i386' ? 4 : 8)

/** `... /* 0x7f00 *​/`: where a list could not be read on. */
function unreadable(out: TextBuffer, address: number): void {
  out.put('... /* ')
  putAddress(out, address)
  out.put(' */')
}

/** `[a, b, ...]`: as many as the string limit allows unless all is asked for, and never more than `most`. */
export function printArray(
  out: TextBuffer,
  frame: Frame,
  address: number,
  count: number,
  stride: number,
  element: Printer,
  bases: Bases,
  style: Style,
  most: number = Number.POSITIVE_INFINITY,
): boolean {
  if (count === 0) {
    out.put('[]')
    return true
  }
  if (count * stride >= 2 ** 64 || frame.available(address) < stride) return false
  out.putChar('[')
  for (let i = 0; i < count; i++) {
    if (i > 0) out.put(', ')
    if (i >= most) {
      out.put('...')
      break
    }
    const at = frame.find(address + i * stride, stride)
    if (at < 0) {
      unreadable(out, address + i * stride)
      break
    }
    if (!style.verbose && i >= style.stringLimit) {
      out.put('...')
      break
    }
    element(out, frame, at, bases)
  }
  out.putChar(']')
  return true
}

/** argv: `["ls", "-l"]`; an environment is its address and a count unless all is asked for. */
export function printStrings(
  out: TextBuffer,
  frame: Frame,
  address: number,
  env: boolean,
  style: Style,
): boolean {
  const word = wordOf(frame)
  if (frame.available(address) < word) return false
  if (env && !style.verbose) {
    let n = 0
    for (;;) {
      const at = frame.find(address + n * word, word)
      if (at < 0 || readUnsigned(frame.view, at, word) === 0) break
      n++
    }
    const cut = frame.find(address + n * word, word) < 0
    putAddress(out, address)
    out.put(` /* ${n} var${n === 1 ? '' : 's'}${cut ? ', unterminated' : ''} */`)
    return true
  }
  out.putChar('[')
  for (let i = 0; ; i++) {
    const at = frame.find(address + i * word, word)
    const string = at < 0 ? 0 : readUnsigned(frame.view, at, word)
    if (at >= 0 && string === 0) break
    if (i > 0) out.put(', ')
    if (at < 0) {
      unreadable(out, address + i * word)
      break
    }
    if (!style.verbose && i >= style.stringLimit) {
      out.put('...')
      break
    }
    if (!printCString(out, frame, string, style.stringLimit, style, Bound.wholeStringBytes))
      out.hex(frame.view.getUint32(at, true), word === 8 ? frame.view.getUint32(at + 4, true) : 0)
  }
  out.putChar(']')
  return true
}

/** Prints `length` bytes of content at an address; false when they cannot be read. */
type Content = (
  out: TextBuffer,
  frame: Frame,
  address: number,
  length: number,
  limit: number,
  style: Style,
) => boolean

/** `[{iov_base="…", iov_len=3}]`; `limit` bytes of content over all of them, below zero: addresses in place of content. */
export function printIovecs(
  out: TextBuffer,
  frame: Frame,
  address: number,
  count: number,
  limit: number,
  style: Style,
  print: Content = printBytes,
): boolean {
  // A count whose bytes no address space holds.
  if (count * 16 >= 2 ** 64) return false
  if (count === 0) {
    out.put('[]')
    return true
  }
  const word = wordOf(frame)
  if (frame.available(address) < word * 2) return false
  let left = limit
  out.putChar('[')
  for (let i = 0; i < count; i++) {
    if (i > 0) out.put(', ')
    const at = frame.find(address + i * word * 2, word * 2)
    if (at < 0) {
      unreadable(out, address + i * word * 2)
      break
    }
    if (!style.verbose && i >= style.stringLimit) {
      out.put('...')
      break
    }
    const base = readUnsigned(frame.view, at, word)
    const length = readUnsigned(frame.view, at + word, word)
    const content = Math.min(length, left)
    left -= content
    out.put('{iov_base=')
    if (base === 0) out.put('NULL')
    else if (limit < 0 || !print(out, frame, base, content, style.stringLimit, style))
      out.hex(frame.view.getUint32(at, true), word === 8 ? frame.view.getUint32(at + 4, true) : 0)
    out.put(', iov_len=')
    if (Number.isSafeInteger(length)) out.dec(length)
    else out.put(frame.view.getBigUint64(at + 8, true).toString())
    out.putChar('}')
  }
  out.putChar(']')
  return true
}
