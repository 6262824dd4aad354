/** Arguments in a line of gVisor's log, back to registers, memory and descriptors' paths, by the call's specifiers. */

import { type GvisorArch, gvisorCall } from '../dialects/gvisor/eras.ts'
import { constants } from '../dialects/gvisor/tables/errors.ts'
import { AT_FDCWD } from '../record/layout.ts'
import { goUnquote } from './go-unquote.ts'
import { type Arguments, type KnownMemory, unusedAddress } from './record-maker.ts'
import { messageReaders } from './runsc-messages.ts'
import { byNames, type Collected, firstNumber, hex, type Names, type Reader } from './runsc-reader.ts'
import { structureReaders } from './runsc-structures.ts'

const hexadecimal: Reader = { pattern: hex, read: firstNumber }
/** What is not taken apart: its address alone is known. */
const opaque: Reader = { pattern: '.*?', read: firstNumber }

const descriptor: Reader = {
  pattern: `(?:${hex}|AT_FDCWD)(?: .*?)?`,
  read(text, { paths }) {
    const [, number, path] = /^(0x[0-9a-f]+|AT_FDCWD)(?: (.*))?$/s.exec(text)!
    const value = number === 'AT_FDCWD' ? BigInt.asUintN(64, BigInt(AT_FDCWD)) : BigInt(number!)
    if (path !== undefined && path !== '(bad FD)') paths.push({ fd: Number(BigInt.asIntN(32, value)), path })
    return value
  },
}

const path: Reader = {
  pattern: `(?:${hex}(?: .*?)?|null|<null>)`,
  read(text, { memory }) {
    const [, number, content] = /^(0x[0-9a-f]+)(?: (.*))?$/s.exec(text) ?? []
    if (number === undefined) return 0n
    const address = BigInt(number)
    if (content !== undefined && !content.startsWith('(error '))
      memory.push({ address, bytes: Buffer.concat([Buffer.from(content, 'latin1'), Buffer.of(0)]) })
    return address
  },
}

/** `{base=P, len=N}`: gVisor was told to show nothing of what programs read and write. */
const buffer: Reader = {
  pattern: `(?:${hex} "(?:[^"\\\\]|\\\\.)*"(?:\\.\\.\\.)?|${hex}(?: \\(.*?\\))?|\\{base=${hex}, len=\\d+\\}|\\.\\.\\.|)`,
  read(text, { memory }) {
    const [, number, content] = /^(?:\{base=)?(0x[0-9a-f]+)(?: "(.*)"(?:\.\.\.)?)?/s.exec(text) ?? []
    if (number === undefined) return 0n
    const bytes = content === undefined ? undefined : goUnquote(content)
    if (bytes !== undefined) memory.push({ address: BigInt(number), bytes })
    return BigInt(number)
  },
}

/** So many pointers of a vector leave room in a record for strings. */
const mostPointers = 1 << 15

/** argv and its like: `0x7f10 ["a", "b"]`. The vector of pointers is made up: the log does not tell it. */
const strings: Reader = {
  pattern: `${hex}(?: \\[(?:"(?:[^"\\\\]|\\\\.)*"(?:, )?)*(?:\\.\\.\\.)?\\]| \\(.*?\\)| \\{error [^{}]*\\})?`,
  read(text, { memory }) {
    const [, number, list] = /^(0x[0-9a-f]+)(?: \[(.*)\])?$/s.exec(text) ?? []
    if (number === undefined) return firstNumber(text)
    const address = BigInt(number)
    const texts = [...(list ?? '').matchAll(/"((?:[^"\\]|\\.)*)"/gs)].map(([, one]) => goUnquote(one!))
    if (list === undefined || texts.includes(undefined)) return address
    const vector = Buffer.alloc((texts.length + 1) * 8)
    let next = unusedAddress('amd64')
    for (const { address, bytes } of memory) if (address >= next) next = address + BigInt(bytes.length)
    // Before its strings, of which a record may not have room for all.
    memory.push({ address, bytes: vector.subarray(0, mostPointers * 8) })
    for (const [i, bytes] of texts.entries()) {
      vector.writeBigUInt64LE(BigInt.asUintN(64, next), i * 8)
      memory.push({ address: next, bytes: Buffer.concat([bytes!, Buffer.of(0)]) })
      next += BigInt(bytes!.length + 1)
    }
    return address
  },
}

/** `NAME|NAME|0x8`. */
const named = (arch: GvisorArch, ...sets: readonly Names[]): Reader => ({
  pattern: '[^,]*?',
  read: byNames(arch, ...sets),
})

const readers = new Map<GvisorArch, { readonly [specifier: string]: Reader }>()

function readersOf(arch: GvisorArch): { readonly [specifier: string]: Reader } {
  let known = readers.get(arch)
  if (known === undefined) {
    known = {
      Hex: hexadecimal,
      Oct: { pattern: '0o[0-7]+', read: firstNumber },
      FD: descriptor,
      Path: path,
      PostPath: path,
      ExecveStringVector: strings,
      ReadBuffer: buffer,
      WriteBuffer: buffer,
      OpenFlags: named(arch, 'OpenMode', 'OpenFlagSet'),
      Mode: named(arch, 'fileType', 'modeExtraBits'),
      CloneFlags: named(arch, 'CloneFlagSet'),
      MmapProt: named(arch, 'ProtectionFlagSet'),
      MmapFlags: named(arch, 'MmapFlagSet'),
      CloseRangeFlags: named(arch, 'CloseRangeFlagSet'),
      PtraceRequest: named(arch, 'PtraceRequestSet'),
      ItimerType: named(arch, 'ItimerTypes'),
      EpollCtlOp: named(arch, 'epollCtlOps'),
      Signal: named(arch, 'signalNames'),
      SignalMaskAction: named(arch, 'signalMaskActions'),
      SockFamily: named(arch, 'SocketFamily'),
      SockType: named(arch, 'SocketType', 'SocketFlagSet'),
      SockFlags: named(arch, 'SocketFlagSet'),
      SockProtocol: named(
        arch,
        'SocketProtocol[AF_INET=2]',
        'SocketProtocol[AF_INET6=10]',
        'SocketProtocol[AF_NETLINK=16]',
      ),
      SockOptLevel: named(arch, 'sockOptLevels'),
      SockOptName: named(
        arch,
        'sockOptNames[SOL_IP=0]',
        'sockOptNames[SOL_SOCKET=1]',
        'sockOptNames[SOL_TCP=6]',
        'sockOptNames[SOL_IPV6=41]',
        'sockOptNames[SOL_NETLINK=270]',
      ),
      FutexOp: named(arch, 'FutexCmd', {
        FUTEX_CLOCK_REALTIME: constants.FUTEX_CLOCK_REALTIME,
        FUTEX_PRIVATE_FLAG: constants.FUTEX_PRIVATE_FLAG,
      }),
      ...structureReaders(arch),
      ...messageReaders(arch),
    }
    readers.set(arch, known)
  }
  return known
}

type Matched = Reader & { readonly whole: RegExp }

/** By call: ways to read its arguments, of which the first one counts that the text fits. */
const callReaders = new Map<string, readonly (readonly Matched[])[]>()

function waysToRead(arch: GvisorArch, sysno: number): readonly (readonly Matched[])[] {
  const all = readersOf(arch)
  const told = gvisorCall(arch, sysno, 'head')?.specifiers.map(specifier => all[specifier] ?? opaque)
  const ways: (readonly Reader[])[] = []
  if (told !== undefined) ways.push(told)
  // A path inside a structure may look like anything.
  if (told?.some(({ isLong }) => isLong)) ways.push(told.map(reader => (reader.isLong ? opaque : reader)))
  // What gVisor did not know yet when it wrote the log.
  ways.push(Array.from({ length: 6 }, () => hexadecimal))
  return ways.map(list =>
    list.map(reader => ({ ...reader, whole: new RegExp(`^(?:${reader.pattern})$`, 's') })),
  )
}

/** A call of gVisor's log; null when the text is not what such a call's line has. */
export function readArguments(arch: GvisorArch, sysno: number, text: string): Arguments | null {
  const key = `${arch} ${sysno}`
  let ways = callReaders.get(key)
  if (ways === undefined) callReaders.set(key, (ways = waysToRead(arch, sysno)))
  const flat = partEnds(text, true)
  let all: number[] | undefined
  for (const readers of ways) {
    const patterns = readers.map(({ whole }) => whole)
    let parts = divide(text, flat, patterns)
    if (parts === null) {
      all ??= partEnds(text, false)
      if (String(all) !== String(flat)) parts = divide(text, all, patterns)
    }
    if (parts === null) continue
    const into: Collected = { memory: [], paths: [] }
    const registers = readers.map((reader, i) => reader.read(parts[i]!, into))
    return { registers, ...into, memory: into.memory.map(cutPadding) }
  }
  return null
}

/** Padding ends where other memory begins that the line tells of: the length of an address may stand right behind it. */
function cutPadding(known: KnownMemory, _: number, all: readonly KnownMemory[]): KnownMemory {
  if (known.isPadded === undefined) return known
  let { length } = known.bytes
  for (const { address } of all)
    if (address > known.address) length = Math.min(length, Number(address - known.address))
  return { ...known, bytes: known.bytes.subarray(0, length) }
}

/** Characters that are looked at, over and over, before a line is given up. */
const mostLooked = 4 << 20

/** A text as so many parts with commas between them, each of which fits its pattern; the first ones as short as they can be. */
function divide(text: string, ends: readonly number[], patterns: readonly RegExp[]): string[] | null {
  if (patterns.length === 0) return text === '' ? [] : null
  const failed = new Set<number>()
  let looked = 0
  const from = (n: number, end: number): string[] | null => {
    const key = n * (ends.length + 1) + end
    if (failed.has(key)) return null
    const begin = end === 0 ? 0 : ends[end - 1]! + 2
    const isLast = n === patterns.length - 1
    for (let i = isLast ? ends.length - 1 : end; i < ends.length && looked < mostLooked; i++) {
      const part = text.slice(begin, ends[i])
      looked += part.length + 1
      if (!patterns[n]!.test(part)) continue
      const rest = isLast ? [] : from(n + 1, i + 1)
      if (rest !== null) return [part, ...rest]
    }
    failed.add(key)
    return null
  }
  return from(0, 0)
}

/**
 * Where a part may end: at commas that stand in no quotes (`flat`: nor in braces and brackets), and at the end. Paths are not
 * quoted, and may have any of that in them.
 */
function partEnds(text: string, flat: boolean): number[] {
  const ends: number[] = []
  const closing = flat ? closingBraces(text) : undefined
  for (let at = 0; at < text.length; at++) {
    const close = closing?.get(at)
    if (close !== undefined) at = close
    else if (text[at] === '"' && /[ [,]/.test(text[at - 1] ?? ' ')) at = closingQuote(text, at)
    else if (text[at] === ',' && text[at + 1] === ' ') ends.push(at)
  }
  ends.push(text.length)
  return ends
}

/** Where what begins with a brace or a bracket ends, as far as it does. */
function closingBraces(text: string): ReadonlyMap<number, number> {
  const closing = new Map<number, number>()
  const open: number[] = []
  for (let at = 0; at < text.length; at++) {
    const char = text[at]
    if (char === '"' && /[ [,]/.test(text[at - 1] ?? ' ')) at = closingQuote(text, at)
    else if ((char === '{' || char === '[') && /[ =[{]/.test(text[at - 1] ?? ' ')) open.push(at)
    else if ((char === '}' || char === ']') && text[open.at(-1) ?? -1] === (char === '}' ? '{' : '['))
      closing.set(open.pop()!, at)
  }
  return closing
}

/** Where a quoted text ends; where it does not, the quote is none. */
function closingQuote(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === '\\') i++
    else if (text[i] === '"') return i
  }
  return at
}
