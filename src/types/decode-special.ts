/** Decoders of structures that are more than fields: sets, addresses, directories, messages. */
import * as sets from '../abi/sets.ts'
import type { Frame } from '../record/frame.ts'
import { readUnsigned } from '../record/numbers.ts'
import { Data } from './data.ts'
import { namesByNumber, signalOf } from './decode-numbers.ts'
import { type Decoder, type DecodeScope, type PointeeDecoder, takeElements } from './decoder.ts'
import { bitsetBytes, compileLength } from './evaluate.ts'
import type { Special, SpecialName } from './language.ts'
import { Bound } from './plan.ts'
import { layoutOf } from './resolve.ts'
import { signalInfo, signalInfoBytes } from './signal-info.ts'
import { familyBytes, socketAddress } from './socket-address.ts'
import { decodeText } from './text.ts'
import type { ControlMessage, DirectoryEntry, NetlinkMessage, SignalName, WaitStatus } from './values.ts'

/** What stands in `length` bytes (in bits for fdset) at `at`; all of them are there. */
type Read = (frame: Frame, at: number, length: number) => unknown

/** A special that an address leads to. */
export function specialDecoder(type: Special, scope: DecodeScope): PointeeDecoder {
  const length = compileLength(type.length, scope)
  const read = readers[type.name](scope)
  const most = mostBytes[type.name] ?? Bound.struct
  const least = leastBytes[type.name] ?? 0
  const { progress } = scope
  return (frame, address, bases) => {
    const claimed = length(frame, bases)
    const have = frame.available(address)
    const { at } = frame
    if (type.name === 'fdset') {
      const bytes = bitsetBytes(claimed)
      return bytes === 0 || have < bytes ? null : read(frame, at, claimed)
    }
    // Lengths are signed for the kernel: a negative one is none.
    if (claimed < least || claimed > 0x7fffffff || have < Math.min(claimed, least)) return null
    const wanted = Math.min(claimed, most)
    if (have < Math.min(wanted, 1)) return null
    if (have < claimed) progress.cut = true
    return read(frame, at, Math.min(wanted, have))
  }
}

/** A special that a field of `size` bytes holds. */
export function specialAtDecoder(type: Special, scope: DecodeScope, size: number): Decoder {
  const length = compileLength(type.length, scope)
  const read = readers[type.name](scope)
  const bits = type.name === 'fdset' ? size * 8 : size
  const least = leastBytes[type.name] ?? 0
  return (frame, at, bases) => {
    const n = Math.min(length(frame, bases), bits)
    return n < least ? null : read(frame, at, n)
  }
}

const mostBytes: { readonly [name in SpecialName]?: number } = {
  sockaddr: 128,
  cpuset: 1024,
  dirents: Bound.data,
  dirents64: Bound.data,
  netlink: Bound.data,
}
const leastBytes: { readonly [name in SpecialName]?: number } = {
  sockaddr: 2,
  siginfo: signalInfoBytes,
  waitstatus: 4,
}

const readers: { readonly [name in SpecialName]: (scope: DecodeScope) => Read } = {
  sigset: () => (frame, at, length) => {
    const signals: SignalName[] = []
    for (const n of members(frame, at, Math.min(length, 8) * 8)) signals.push(signalOf(n + 1) as SignalName)
    return signals
  },
  fdset: () => members,
  cpuset: () => (frame, at, length) => members(frame, at, length * 8),
  sockaddr:
    ({ progress }) =>
    (frame, at, length) => {
      const isPath = frame.view.getUint16(at, true) === sets.addrfams.values.AF_UNIX
      if (isPath) progress.seen?.('path', at + familyBytes, length - familyBytes)
      return socketAddress(frame.bytes, frame.view, at, length)
    },
  siginfo:
    ({ arch }) =>
    (frame, at) =>
      signalInfo(frame.view, at, arch),
  waitstatus: () => (frame, at) => waitStatus(frame.view.getInt32(at, true)),
  cmsgs: controlMessages,
  dirents64: scope => directory(scope, true),
  dirents: scope => directory(scope, false),
  netlink: netlinkMessages,
}

/** The bits that are set, of `bits`. */
function members({ bytes }: Frame, at: number, bits: number): number[] {
  const set: number[] = []
  for (let n = 0; n < bits; n++) if ((bytes[at + (n >> 3)]! & (1 << (n & 7))) !== 0) set.push(n)
  return set
}

const stopped = 0x7f
const continued = 0xffff

/** A wait status taken apart, as the macros of wait(2) do. */
function waitStatus(status: number): WaitStatus {
  const low = status & 0x7f
  if (status === continued) return { status, continued: true }
  if ((status & 0xff) === stopped) return { status, stopped: signalOf((status >> 8) & 0x7f) }
  if (low === 0) return { status, exitCode: (status >> 8) & 0xff }
  return { status, signal: signalOf(low), coreDumped: (status & 0x80) !== 0 }
}

function controlMessages({ arch, progress }: DecodeScope): Read {
  const { size: header, fields } = layoutOf('cmsghdr', arch)
  const { cmsg_len, cmsg_level, cmsg_type } = fields
  const word = cmsg_len!.size
  const levels = namesByNumber([sets.socketlayers], arch)
  const types = namesByNumber([sets.scmvals], arch)
  const { SOL_SOCKET } = sets.socketlayers.values
  const { SCM_RIGHTS } = sets.scmvals.values
  return (frame, from, length) => {
    const { view, bytes } = frame
    const end = from + length
    const messages: ControlMessage[] = []
    for (let at = from; end - at >= header; ) {
      if (takeElements(progress, 1, 1) === 0) break
      const claimed = readUnsigned(view, at, word)
      const level = view.getInt32(at + cmsg_level!.offset, true)
      const type = view.getInt32(at + cmsg_type!.offset, true)
      const content = Math.max(0, Math.min(claimed, end - at) - header)
      progress.seen?.('payload', at + header, content)
      const message = {
        level: levels.get(level) ?? level,
        type: level === SOL_SOCKET ? (types.get(type) ?? type) : type,
        data: Data.copy(bytes, at + header, content, Math.max(content, claimed - header)),
      } as ControlMessage
      if (level === SOL_SOCKET && type === SCM_RIGHTS) {
        const fds = Array.from({ length: content >> 2 }, (_, i) => view.getInt32(at + header + i * 4, true))
        messages.push({ ...message, fds })
      } else messages.push(message)
      if (claimed < header) break
      at += Math.ceil(claimed / word) * word
    }
    return messages
  }
}

/** getdents64 has the type before the name; getdents in the last byte of an entry. */
function directory({ arch, progress }: DecodeScope, wide: boolean): Read {
  const { fields } = layoutOf('linux_dirent64', arch)
  const word = wide || arch !== 'i386' ? 8 : 4
  const lengthAt = 2 * word
  const nameAt = wide ? fields.d_name!.offset : lengthAt + 2
  const types = namesByNumber([sets.dirent_types], arch)
  return (frame, from, length) => {
    const { view, bytes } = frame
    const end = from + length
    const entries: DirectoryEntry[] = []
    for (let at = from; end - at > nameAt; ) {
      const size = view.getUint16(at + lengthAt, true)
      if (size <= nameAt || at + size > end || takeElements(progress, 1, 1) === 0) {
        progress.cut = true
        break
      }
      let nul = at + nameAt
      while (nul < at + size && bytes[nul] !== 0) nul++
      progress.seen?.('path', at + nameAt, nul - at - nameAt)
      const type = bytes[wide ? at + fields.d_type!.offset : at + size - 1]!
      const number = (place: number): bigint =>
        word === 8 ? view.getBigUint64(place, true) : BigInt(view.getUint32(place, true))
      entries.push({
        ino: number(at),
        off: wide || word === 8 ? view.getBigInt64(at + word, true) : number(at + word),
        type: types.get(type) ?? type,
        name: decodeText(bytes, at + nameAt, nul),
      } as DirectoryEntry)
      at += size
    }
    return entries
  }
}

function netlinkMessages({ arch, progress, limit }: DecodeScope): Read {
  const { size: header, fields } = layoutOf('nlmsghdr', arch)
  return (frame, from, length) => {
    const { view, bytes } = frame
    const end = from + length
    const messages: NetlinkMessage[] = []
    for (let at = from; end - at >= header; ) {
      if (takeElements(progress, 1, 1) === 0) break
      const claimed = view.getUint32(at, true)
      const content = Math.max(0, Math.min(claimed, end - at) - header)
      const shown = Math.min(content, limit)
      progress.seen?.('payload', at + header, content)
      if (shown < content) progress.cut = true
      messages.push({
        type: view.getUint16(at + fields.nlmsg_type!.offset, true),
        flags: view.getUint16(at + fields.nlmsg_flags!.offset, true),
        seq: view.getUint32(at + fields.nlmsg_seq!.offset, true),
        pid: view.getUint32(at + fields.nlmsg_pid!.offset, true),
        payload: Data.copy(bytes, at + header, shown, Math.max(content, claimed - header)),
      })
      if (claimed < header) break
      at += (claimed + 3) & ~3
      if (at < from) break
    }
    return messages
  }
}
