/** Ports and addresses of the internet's families: `htons(80)`, `inet_addr("127.0.0.1")`, `inet_pton(AF_INET6, "::1", &sin6_addr)`. */
import type { TextBuffer } from '../../text-buffer.ts'
import { quoteText } from '../quote.ts'
import type { Style } from '../style.ts'
import { interfaceIndex } from './interfaces.ts'
import { type AddressContext, type Raw, withRaw } from './raw.ts'

export function port(out: TextBuffer, raw: Raw, at: number, style: Style): void {
  withRaw(out, raw, at, at + 2, style, () => out.put(`htons(${raw.view.getUint16(at, false)})`))
}

function networkLong(out: TextBuffer, raw: Raw, at: number, style: Style): void {
  withRaw(out, raw, at, at + 4, style, () => out.put(`htonl(${raw.view.getUint32(at, false)})`))
}

/** `name=inet_addr("…")`. */
export function inet4(out: TextBuffer, raw: Raw, at: number, style: Style): void {
  withRaw(out, raw, at, at + 4, style, () => {
    out.put('inet_addr(')
    quoteText(out, dotted(raw.bytes, at), style)
    out.putChar(')')
  })
}

/** A field that holds an IPv6 address: C's way to fill it in, with the field's name last. */
export function inet6Field(out: TextBuffer, raw: Raw, at: number, name: string, style: Style): void {
  if (style.constants === 'abbrev') return networkToAddress(out, raw, at, style, `, &${name}`)
  out.put(`${name}=`)
  inet6(out, raw, at, style)
}

/** `inet_pton(AF_INET6, "…")`. */
export function inet6(out: TextBuffer, raw: Raw, at: number, style: Style): void {
  withRaw(out, raw, at, at + 16, style, () => networkToAddress(out, raw, at, style, ''))
}

function networkToAddress(out: TextBuffer, raw: Raw, at: number, style: Style, rest: string): void {
  out.put('inet_pton(AF_INET6, ')
  quoteText(out, colons(raw, at), style)
  out.put(`${rest})`)
}

const dotted = (bytes: Uint8Array, at: number): string => bytes.subarray(at, at + 4).join('.')

/** An IPv6 address as inet_ntop writes it. */
function colons({ bytes, view }: Raw, at: number): string {
  const words: number[] = []
  for (let i = 0; i < 16; i += 2) words.push(view.getUint16(at + i, false))
  let best = 0
  let length = 0
  for (let i = 0; i < 8; i++) {
    let n = 0
    while (i + n < 8 && words[i + n] === 0) n++
    if (n > length) [best, length] = [i, n]
    i += n
  }
  if (length < 2) return words.map(w => w.toString(16)).join(':')
  const embeds = best === 0 && (length === 6 || (length === 5 && words[5] === 0xffff))
  const hex = (from: number, to: number): string[] => words.slice(from, to).map(w => w.toString(16))
  const tail = embeds ? [...hex(length, 6), dotted(bytes, at + 12)] : hex(best + length, 8)
  return `${hex(0, best).join(':')}::${tail.join(':')}`
}

/** sockaddr_in after the family. */
export function sockaddrIn(
  out: TextBuffer,
  raw: Raw,
  at: number,
  _length: number,
  { style }: AddressContext,
): void {
  out.put(', sin_port=')
  port(out, raw, at + 2, style)
  out.put(', sin_addr=')
  inet4(out, raw, at + 4, style)
}

/** sockaddr_in6 after the family; the scope came later than the rest, so it may be missing. */
export function sockaddrIn6(
  out: TextBuffer,
  raw: Raw,
  at: number,
  length: number,
  { style }: AddressContext,
): void {
  out.put(', sin6_port=')
  port(out, raw, at + 2, style)
  out.put(', sin6_flowinfo=')
  networkLong(out, raw, at + 4, style)
  out.put(', ')
  inet6Field(out, raw, at + 8, 'sin6_addr', style)
  if (length <= 24) return
  out.put(', sin6_scope_id=')
  const scope = raw.view.getUint32(at + 24, true)
  // Only link-local addresses have an interface as their scope: fe80::/10 and ff02::/16 (ff12::…).
  const linkLocal =
    raw.bytes[at + 8] === 0xfe
      ? (raw.bytes[at + 9]! & 0xc0) === 0x80
      : raw.bytes[at + 8] === 0xff && (raw.bytes[at + 9]! & 15) === 2
  if (linkLocal) interfaceIndex(out, scope, style)
  else out.dec(scope)
}
