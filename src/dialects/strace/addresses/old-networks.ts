/** Addresses of networks that few still have: amateur radio, IPX, X.25, RxRPC. */
import * as sets from '../../../abi/sets.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import { nameTable, printValue } from '../names.ts'
import { quote } from '../quote.ts'
import type { Style } from '../style.ts'
import { port, sockaddrIn, sockaddrIn6 } from './internet.ts'
import { type AddressContext, hash, numbered, quoteHex, quoteText, type Raw, twoDigits } from './raw.ts'

const callBytes = 7
const mostDigipeaters = 8

/** The bits of the last byte that are the station's number; the others are clear. */
const stationBits = 0x1e

/**
 * Six characters shifted left, and a station number. A call sign that is well formed stands for itself (`*` for none
 * at all); of others the bytes are shown, and what they say in a comment, where it can be said.
 */
function callSign(out: TextBuffer, { bytes }: Raw, at: number, { constants }: Style): void {
  let end = at + 6
  while (end > at && bytes[end - 1]! >> 1 === 32) end--
  const characters = [...bytes.subarray(at, end)].map(b => b >> 1)
  const name = String.fromCharCode(...characters)
  const last = bytes[at + 6]!
  const station = (last & stationBits) >> 1
  const clean = (last & ~stationBits) === 0 && bytes.subarray(at, at + 6).every(b => (b & 1) === 0)
  const none = name === '' && station === 0
  const formed = clean && (none || /^[A-Z0-9]+$/.test(name))
  const text = none ? '*' : `${name}-${station}`
  if (formed && constants === 'abbrev') return out.put(text)
  out.put('{ax25_call=')
  quoteHex(out, bytes, at, at + callBytes)
  out.putChar('}')
  // A star or a slash might end the comment.
  if (characters.some(c => c < 32 || c >= 127 || c === 42 || c === 47)) return
  if (!(formed && constants === 'raw')) out.put(` /* ${text} */`)
}

/** The short structure, or the one with the stations on the way when more bytes or stations are given. */
export function sockaddrAx25(
  out: TextBuffer,
  raw: Raw,
  at: number,
  length: number,
  { style }: AddressContext,
): void {
  const count = raw.view.getInt32(at + 12, true)
  const near = (): void => {
    out.put('sax25_call=')
    callSign(out, raw, at + 2, style)
    out.put(`, sax25_ndigis=${count}`)
  }
  out.put(', ')
  if (length <= 16 && count === 0) {
    near()
    return
  }
  out.put('fsa_ax25={')
  near()
  out.putChar('}')
  const room = Math.min(Math.floor((length - 16) / callBytes), mostDigipeaters)
  if (count > 0) {
    const claimed = Math.min(count, mostDigipeaters)
    out.put(', fsa_digipeater=[')
    for (let i = 0; i < Math.min(claimed, room); i++) {
      if (i > 0) out.put(', ')
      callSign(out, raw, at + 16 + i * callBytes, style)
    }
    if (claimed > room) out.put(room > 0 ? ', ...' : '...')
    out.putChar(']')
  }
  if (length > 16 + room * callBytes) out.put(', ...')
}

export function sockaddrIpx(
  out: TextBuffer,
  raw: Raw,
  at: number,
  _length: number,
  { style }: AddressContext,
): void {
  const { view, bytes } = raw
  out.put(', sipx_port=')
  port(out, raw, at + 2, style)
  out.put(', sipx_network=htonl(')
  hash(out, view.getUint32(at + 4, false))
  out.put(`), sipx_node=[${[...bytes.subarray(at + 8, at + 14)].map(twoDigits).join(', ')}]`)
  out.put(`, sipx_type=${twoDigits(bytes[at + 14]!)}`)
  if (bytes[at + 15] !== 0) out.put(`, sipx_zero=0x${bytes[at + 15]!.toString(16)}`)
}

export function sockaddrX25(
  out: TextBuffer,
  { bytes }: Raw,
  at: number,
  _length: number,
  { style }: AddressContext,
): void {
  out.put(', sx25_addr={x25_addr=')
  quoteText(out, bytes, at + 2, at + 18, style)
  out.putChar('}')
}

export function sockaddrRxrpc(
  out: TextBuffer,
  raw: Raw,
  at: number,
  length: number,
  context: AddressContext,
): void {
  const { view, bytes } = raw
  const { style, arch } = context
  const families = [nameTable(sets.addrfams, arch)]
  out.put(', srx_service=')
  printValue(
    out,
    [nameTable(sets.rxrpc_services, arch)],
    view.getUint16(at + 2, true),
    0,
    numbered(style),
    '???_SERVICE',
  )
  out.put(', transport_type=')
  printValue(out, [nameTable(sets.socktypes, arch)], view.getUint16(at + 4, true), 0, style)
  const claimed = view.getUint16(at + 6, true)
  const size = Math.min(claimed, length - transportAt)
  const transport = at + transportAt
  const family = view.getUint16(transport, true)
  const inner = transports[family]
  out.put(`, transport_len=${claimed}, transport={`)
  if (inner !== undefined) out.put(`${inner.name}={${inner.name}_`)
  out.put('family=')
  printValue(out, families, family, 0, style)
  if (inner !== undefined && size >= inner.least) inner.print(out, raw, transport, size, context)
  else if (size > 2) {
    out.put(', ')
    quote(out, bytes, transport + 2, transport + size, style)
  }
  out.put(inner === undefined ? '}' : '}}')
}

/** Where the address is that the service is reached at. */
const transportAt = 8
const transports: {
  readonly [family: number]: {
    readonly name: string
    readonly least: number
    readonly print: typeof sockaddrIn
  }
} = {
  [sets.addrfams.values.AF_INET]: { name: 'sin', least: 16, print: sockaddrIn },
  [sets.addrfams.values.AF_INET6]: { name: 'sin6', least: 24, print: sockaddrIn6 },
}
