/** What control messages carry, by level and type. */
import * as sets from '../../abi/sets.ts'
import type { Frame } from '../../record/frame.ts'
import type { ArchName } from '../../record/layout.ts'
import type { TextBuffer } from '../text-buffer.ts'
import { interfaceIndex } from './addresses/interfaces.ts'
import { inet4 } from './addresses/internet.ts'
import { hash } from './addresses/raw.ts'
import { bracketed } from './lists.ts'
import type { PrintScope } from './print.ts'
import { processId } from './process-ids.ts'
import { quote } from './quote.ts'
import { descriptor } from './scalars.ts'
import { printAddress } from './specials/sockaddr.ts'

/** Writes `, cmsg_data=…`, or nothing where there is none to see. */
export type ControlData = (
  out: TextBuffer,
  frame: Frame,
  at: number,
  length: number,
  level: number,
  type: number,
) => void
type Data = (out: TextBuffer, frame: Frame, at: number, length: number, scope: PrintScope) => void
/** A kind of data, and the bytes without which it is left out (or, `partial`, written as ???). */
type Kind = { readonly least: number; readonly partial?: true; readonly print: Data }
type Kinds = { readonly [type: number]: Kind }

const id = (n: number): string => (n === 0xffffffff ? '-1' : String(n))

const descriptors: Data = (out, frame, at, length, { style }) =>
  bracketed(out, Math.floor(length / 4), style, i =>
    descriptor(out, frame, frame.view.getInt32(at + i * 4, true), style),
  )
const credentials: Data = (out, frame, at, _length, { style }) => {
  const { view } = frame
  out.put('{pid=')
  processId(out, frame, view.getInt32(at, true), 'pid', style)
  out.put(`, uid=${id(view.getUint32(at + 4, true))}, gid=${id(view.getUint32(at + 8, true))}}`)
}
const text: Data = (out, frame, at, length, { style }) => quote(out, frame.bytes, at, at + length, style)
/** A time of two words. */
const time = (fraction: string, word: number): Data => {
  const number = (view: DataView, at: number) =>
    word === 8 ? view.getBigInt64(at, true) : view.getInt32(at, true)
  return (out, { view }, at) =>
    out.put(`{tv_sec=${number(view, at)}, ${fraction}=${number(view, at + word)}}`)
}
const times = (word: number): Data => {
  const one = time('tv_nsec', word)
  return (out, frame, at, _length, scope) =>
    bracketed(out, 3, { ...scope.style, verbose: true }, i =>
      one(out, frame, at + i * 2 * word, 2 * word, scope),
    )
}
const bytes: Data = (out, frame, at, length, { style }) =>
  bracketed(out, length, style, i => hash(out, frame.bytes[at + i]!))
const words =
  (signed: boolean): Data =>
  (out, { view }, at, length, { style }) =>
    bracketed(out, Math.floor(length / 4), style, i =>
      out.dec(signed ? view.getInt32(at + i * 4, true) : view.getUint32(at + i * 4, true)),
    )
const packetInfo: Data = (out, frame, at, _length, { style }) => {
  out.put('{ipi_ifindex=')
  interfaceIndex(out, frame.view.getUint32(at, true), style)
  out.put(', ipi_spec_dst=')
  inet4(out, frame, at + 4, style)
  out.put(', ipi_addr=')
  inet4(out, frame, at + 8, style)
  out.putChar('}')
}
const extendedError: Data = (out, frame, at, _length, scope) => {
  const { view, bytes: b } = frame
  out.put(
    `{ee_errno=${view.getUint32(at, true)}, ee_origin=${b[at + 4]}, ee_type=${b[at + 5]}, ee_code=${b[at + 6]}`,
  )
  out.put(`, ee_info=${view.getUint32(at + 8, true)}, ee_data=${view.getUint32(at + 12, true)}, offender=`)
  printAddress(out, frame, at + 16, 16, scope)
  out.putChar('}')
}
const destination: Data = (out, frame, at, length, scope) => printAddress(out, frame, at, length, scope)

const s = sets.scmvals.values
const timeKind = (fraction: string, word: number): Kind => ({
  least: 2 * word,
  partial: true,
  print: time(fraction, word),
})
const timesKind = (word: number): Kind => ({ least: 6 * word, partial: true, print: times(word) })
/** `word`: bytes of a long of the program, which are those of times that were there before 2038 was thought of. */
const socketKinds = (word: number): Kinds => ({
  [s.SCM_RIGHTS]: { least: 4, print: descriptors },
  [s.SCM_CREDENTIALS]: { least: 12, print: credentials },
  [s.SCM_SECURITY]: { least: 1, print: text },
  [s.SO_TIMESTAMP_OLD]: timeKind('tv_usec', word),
  [s.SO_TIMESTAMP_NEW]: timeKind('tv_usec', 8),
  [s.SO_TIMESTAMPNS_OLD]: timeKind('tv_nsec', word),
  [s.SO_TIMESTAMPNS_NEW]: timeKind('tv_nsec', 8),
  [s.SO_TIMESTAMPING_OLD]: timesKind(word),
  [s.SO_TIMESTAMPING_NEW]: timesKind(8),
})
const socketKindsOf: { readonly [arch in ArchName]: Kinds } = {
  amd64: socketKinds(8),
  arm64: socketKinds(8),
  i386: socketKinds(4),
}
const i = sets.ip_cmsg_types.values
const ofInternet: Kinds = {
  [i.IP_TOS]: { least: 1, print: bytes },
  [i.IP_TTL]: { least: 4, print: words(false) },
  [i.SCM_SECURITY]: { least: 1, print: text },
  [i.IP_RECVOPTS]: { least: 1, print: bytes },
  [i.IP_RETOPTS]: { least: 1, print: bytes },
  [i.IP_PKTINFO]: { least: 12, print: packetInfo },
  [i.IP_RECVERR]: { least: 32, print: extendedError },
  [i.IP_ORIGDSTADDR]: { least: 16, print: destination },
  [i.IP_CHECKSUM]: { least: 4, print: words(false) },
}

export const controlData = (scope: PrintScope): ControlData => {
  const { SOL_SOCKET, SOL_IP } = sets.socketlayers.values
  const ofSocket = socketKindsOf[scope.arch]
  return (out, frame, at, length, level, type) => {
    const kind = level === SOL_SOCKET ? ofSocket[type] : level === SOL_IP ? ofInternet[type] : undefined
    if (kind === undefined || length === 0 || (length < kind.least && !kind.partial)) return
    out.put(', cmsg_data=')
    if (length < kind.least) out.put('???')
    else kind.print(out, frame, at, length, scope)
  }
}
