/** Decoded values as JSON text. */
import { isUtf8 } from 'node:buffer'
import { Data } from '../../types/data.ts'
import { encodeText, holdsRawBytes } from '../../types/text.ts'
import type { TextBuffer } from '../text-buffer.ts'

/** `"name":`, made once for each name: they are those of the table. */
const keys = new Map<string, Uint8Array>()

export function putKey(out: TextBuffer, name: string): void {
  let key = keys.get(name)
  if (key === undefined) keys.set(name, (key = Buffer.from(`${JSON.stringify(name)}:`)))
  out.putBytes(key)
}

/**
 * A value: numbers as they are, but above 2^53 in quotes, since few readers of JSON keep them whole; bytes as text where they
 * are UTF-8, else in base64. What is undefined is left out by whoever holds it.
 */
export function putValue(out: TextBuffer, value: unknown): void {
  switch (typeof value) {
    case 'number':
      return putNumber(out, value)
    case 'bigint':
      return putBigint(out, value)
    case 'string':
      return putText(out, value)
    case 'boolean':
      return out.put(value ? 'true' : 'false')
    case 'object':
      if (value === null) return out.put('null')
      if (value instanceof Data) return putData(out, value)
      if (Array.isArray(value)) return putList(out, value)
      return Object.isFrozen(value) ? putShared(out, value) : putObject(out, value)
    default:
      return out.put('null')
  }
}

function putNumber(out: TextBuffer, n: number): void {
  if (Number.isSafeInteger(n)) out.dec(n)
  else if (Number.isInteger(n)) putBigint(out, BigInt(n))
  else out.put(Number.isFinite(n) ? String(n) : 'null')
}

function putBigint(out: TextBuffer, n: bigint): void {
  const near = Number(n)
  if (Number.isSafeInteger(near)) return out.dec(near)
  out.putByte(quote)
  out.put(n.toString())
  out.putByte(quote)
}

const quote = 0x22
const backslash = 0x5c

/** A string; one that holds bytes that are not UTF-8 as an object, see `text.ts`. */
export function putText(out: TextBuffer, text: string): void {
  const length = text.length
  out.reserve(length + 2)
  const { bytes } = out
  let at = out.length
  bytes[at++] = quote
  for (let i = 0; i < length; i++) {
    const c = text.charCodeAt(i)
    if (c < 0x20 || c >= 0x7f || c === quote || c === backslash) return putUnusual(out, text)
    bytes[at++] = c
  }
  bytes[at++] = quote
  out.length = at
}

function putUnusual(out: TextBuffer, text: string): void {
  if (holdsRawBytes(text)) {
    out.put('{"base64":"')
    out.put(Buffer.from(encodeText(text)).toString('base64'))
    out.put('"}')
  } else out.putUtf8(quoted(text))
}

/** As JSON has it, and without what a terminal would obey: it knows control characters beyond ASCII's, too. */
const quoted = (text: string): string =>
  JSON.stringify(text).replace(/[\x7f-\x9f]/g, c => `\\u00${c.charCodeAt(0).toString(16)}`)

/** Text or `{"base64":…}`; with the whole length where not all is there. */
function putData(out: TextBuffer, data: Data): void {
  const clean = isUtf8(data)
  if (clean && !data.cut) return putText(out, data.text())
  out.put(clean ? '{"text":' : '{"base64":"')
  if (clean) out.putUtf8(quoted(data.text()))
  else {
    out.put(Buffer.from(data.buffer, data.byteOffset, data.length).toString('base64'))
    out.putByte(quote)
  }
  if (data.cut) {
    out.put(',"fullLength":')
    putNumber(out, data.fullLength)
  }
  out.putByte(0x7d)
}

function putList(out: TextBuffer, values: readonly unknown[]): void {
  out.putByte(0x5b)
  for (let i = 0; i < values.length; i++) {
    if (i > 0) out.putByte(0x2c)
    putValue(out, values[i])
  }
  out.putByte(0x5d)
}

function putObject(out: TextBuffer, value: object): void {
  out.putByte(0x7b)
  let some = false
  for (const name in value) {
    const member = (value as { readonly [name: string]: unknown })[name]
    if (member === undefined) continue
    if (some) out.putByte(0x2c)
    some = true
    putKey(out, name)
    putValue(out, member)
  }
  out.putByte(0x7d)
}

/** Frozen values are those that decoders give again and again: sets of flags. */
const shared = new WeakMap<object, Uint8Array>()

function putShared(out: TextBuffer, value: object): void {
  let text = shared.get(value)
  if (text === undefined) {
    const start = out.length
    putObject(out, value)
    text = out.bytes.slice(start, out.length)
    shared.set(value, text)
  } else out.putBytes(text)
}
