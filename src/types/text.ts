/** Bytes to strings: UTF-8 where it is, and nothing lost where it is not. */
import { isUtf8 } from 'node:buffer'

/** Longer texts are faster made by the engine than byte by byte. */
const short = 32

/**
 * `bytes` from `from` to `to` as a string. Bytes that are not UTF-8 become U+DC80 to U+DCFF (lone surrogates, which no
 * valid text holds), as Python has it: the bytes can be had back, see `encodeText`.
 */
export function decodeText(bytes: Uint8Array, from: number, to: number): string {
  if (to - from <= short) {
    let text = ''
    let at = from
    for (; at < to; at++) {
      const byte = bytes[at]!
      if (byte >= 0x80) break
      text += String.fromCharCode(byte)
    }
    if (at === to) return text
  }
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from)
  return isUtf8(buffer) ? buffer.toString('utf8') : escaped(buffer)
}

function escaped(bytes: Buffer): string {
  let text = ''
  let at = 0
  while (at < bytes.length) {
    const length = sequence(bytes, at)
    if (length === 0) text += String.fromCharCode(0xdc00 + bytes[at++]!)
    else {
      text += bytes.toString('utf8', at, at + length)
      at += length
    }
  }
  return text
}

/** The bytes of the well-formed sequence at `at`, 0 when there is none. */
function sequence(bytes: Buffer, at: number): number {
  const first = bytes[at]!
  const length =
    first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0
  return length > 0 && at + length <= bytes.length && isUtf8(bytes.subarray(at, at + length)) ? length : 0
}

/** Whether a string holds bytes that were not UTF-8. */
export const holdsRawBytes = (text: string): boolean => /[\udc80-\udcff]/u.test(text)

/** The bytes that `decodeText` made the string of. */
export function encodeText(text: string): Uint8Array {
  if (!holdsRawBytes(text)) return Buffer.from(text, 'utf8')
  const parts: Uint8Array[] = []
  for (const part of text.split(/([\udc80-\udcff])/u))
    parts.push(holdsRawBytes(part) ? Uint8Array.of(part.charCodeAt(0) - 0xdc00) : Buffer.from(part, 'utf8'))
  return Buffer.concat(parts)
}
