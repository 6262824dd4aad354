/** Values in strace's text, back to the bytes that they were, as far as the text tells. */
import * as sets from '../abi/sets.ts'
import { type ArchName, RangeFlag } from '../record/layout.ts'
import type { Node, Struct } from '../types/language.ts'
import { layoutOf, sizeOf } from '../types/resolve.ts'
import { type Arguments, type KnownMemory, unusedAddress } from './record-maker.ts'
import { namesOf, signalNumber } from './strace-names.ts'
import { readDescriptor, readNumber, readString, splitList, swap16 } from './strace-text.ts'

/** Structures in structures. */
const deepest = 8
/** Elements of a list that are made. */
const mostElements = 4096

/** What is found out about one call: memory of one moment, and paths behind descriptors. */
export class KnownValues {
  readonly memory: KnownMemory[] = []
  readonly paths: { fd: number; path: string }[] = []
  readonly #arch: ArchName
  readonly #place: { next: bigint }

  /** @param beside takes addresses from the same stretch, so that none is given twice */
  constructor(arch: ArchName, beside?: KnownValues) {
    this.#arch = arch
    this.#place = beside === undefined ? { next: unusedAddress(arch) } : beside.#place
  }

  get known(): Pick<Arguments, 'memory' | 'paths'> {
    return this
  }

  /** A number as a register or a field has it; null when the text is none that is understood. */
  number(text: string, type: Node): bigint | null {
    if (type.kind === 'int' && (type.role === 'fd' || type.role === 'dirfd')) {
      const read = readDescriptor(text)
      if (read !== null) {
        const fd = readNumber(read.number, namesOf(type, this.#arch))
        if (fd !== null && read.path !== null && read.path !== '')
          this.paths.push({ fd: Number(BigInt.asIntN(32, fd)), path: read.path })
        return fd
      }
    }
    if (type.kind === 'int' && type.role === 'waitstatus') return waitStatus(text)
    // Processes may have their name behind them.
    return readNumber(text.replace(/^(\d+)<[^<>]*>/, '$1'), namesOf(type, this.#arch))
  }

  /** The address that a pointer has; what stands there is noted when the text tells it. Null when the text is no pointer's. */
  pointer(text: string, to: Node): bigint | null {
    if (text === 'NULL') return 0n
    const hex = /^(0x[0-9a-f]{1,16})(?:\s*\/\*.*\*\/)?$/s.exec(text)
    if (hex !== null) return BigInt(hex[1]!)
    if (to.kind === 'cstring' || to.kind === 'bytes' || to.kind === 'chars' || text.startsWith('"')) {
      const string = readString(text)
      if (string === null) return null
      // Of a buffer one byte more is copied, which tells that there is more and is never shown.
      if (string.cut && to.kind === 'bytes')
        return this.put(Buffer.concat([string.bytes, Buffer.of(0x3f)]), RangeFlag.cut)
      return this.#string(string)
    }
    if (!/^[[{@~]/.test(text)) return null
    const bytes = this.#content(text, to, 0)
    return bytes === null ? this.#take(1) : this.put(bytes)
  }

  #string({ bytes, cut }: { readonly bytes: Buffer; readonly cut: boolean }): bigint {
    return cut ? this.put(bytes, RangeFlag.cut) : this.put(Buffer.concat([bytes, Buffer.of(0)]))
  }

  /** Notes bytes; where they are. */
  put(bytes: Uint8Array, flags = 0): bigint {
    const address = this.#take(bytes.length)
    this.memory.push({ address, bytes, flags })
    return address
  }

  #take(length: number): bigint {
    const address = this.#place.next
    this.#place.next += BigInt((length + 0x1f) & ~0xf)
    return address
  }

  /** The bytes of what is not a string; null where the text does not tell all of them. */
  #content(text: string, type: Node, depth: number): Buffer | null {
    if (depth > deepest) return null
    switch (type.kind) {
      case 'struct':
        return this.#struct(text, type, depth)
      case 'array':
        return this.#list(text, type.of, type.stride, depth)
      case 'strings':
        return this.#strings(text)
      case 'iovecs':
        return this.#iovecs(text)
      case 'special':
        return type.name === 'sockaddr' ? this.#socketAddress(text) : null
      case 'int':
      case 'flags':
      case 'enum':
      case 'mixed': {
        const [, inner] = /^\[(.*)\]$/s.exec(text) ?? []
        return inner === undefined ? null : this.#scalar(inner, type, sizeOf(type, this.#arch))
      }
      default:
        return null
    }
  }

  #scalar(text: string, type: Node, size: number): Buffer | null {
    const value = this.number(text, type)
    if (value === null || ![1, 2, 4, 8].includes(size)) return null
    const bytes = Buffer.alloc(8)
    bytes.writeBigUInt64LE(BigInt.asUintN(64, value))
    return bytes.subarray(0, size)
  }

  #list(text: string, of: Node, stride: number | undefined, depth: number): Buffer | null {
    if (!text.startsWith('[')) return null
    const { parts, end } = splitList(text, 1)
    if (end !== text.length - 1 || parts.length > mostElements) return null
    const size = stride ?? sizeOf(of, this.#arch)
    const elements: Buffer[] = []
    for (const part of parts) {
      const bytes = of.kind === 'struct' ? this.#content(part, of, depth + 1) : this.#scalar(part, of, size)
      if (bytes === null) return null
      elements.push(bytes)
    }
    return Buffer.concat(elements)
  }

  /** argv and its like: a vector of pointers, and what they lead to. */
  #strings(text: string): Buffer | null {
    const { parts, end } = splitList(text, 1)
    if (!text.startsWith('[') || end !== text.length - 1 || parts.length > mostElements) return null
    const word = this.#arch === 'i386' ? 4 : 8
    // What a list's end hides is not there.
    const cut = parts.at(-1) === '...'
    const strings = cut ? parts.slice(0, -1) : parts
    const vector = Buffer.alloc((strings.length + (cut ? 0 : 1)) * word)
    for (const [i, part] of strings.entries()) {
      const string = readString(part)
      if (string === null) return null
      const address = this.#string(string)
      if (word === 8) vector.writeBigUInt64LE(address, i * 8)
      else vector.writeUInt32LE(Number(address), i * 4)
    }
    return vector
  }

  #iovecs(text: string): Buffer | null {
    const layout = layoutOf('iovec', this.#arch)
    const { parts, end } = splitList(text, 1)
    if (!text.startsWith('[') || end !== text.length - 1 || parts.length > mostElements) return null
    const all = Buffer.alloc(parts.length * layout.size)
    for (const [i, part] of parts.entries()) {
      const fields = fieldsOf(part)
      const base = fields?.get('iov_base')
      const length = readNumber(fields?.get('iov_len') ?? '', () => undefined)
      if (base === undefined || length === null) return null
      const address = this.pointer(base, { kind: 'bytes', length: 0 } as unknown as Node)
      if (address === null) return null
      for (const [name, value] of [
        ['iov_base', address],
        ['iov_len', length],
      ] as const) {
        const { offset, size } = layout.fields[name]!
        putNumber(all, i * layout.size + offset, size, value)
      }
    }
    return all
  }

  #struct(text: string, type: Struct, depth: number): Buffer | null {
    const fields = fieldsOf(text)
    if (fields === null) return null
    const layout = layoutOf(type.layout, this.#arch)
    const bytes = Buffer.alloc(layout.size)
    for (const [name, value] of fields) {
      const place = layout.fields[name]
      const of = type.fields[name]
      if (place === undefined || of === undefined || place.offset + place.size > bytes.length) return null
      if (of.kind === 'pointer') {
        const address = this.pointer(value, of.to)
        if (address === null) return null
        putNumber(bytes, place.offset, place.size, address)
      } else if (of.kind === 'chars' || of.kind === 'bytes') {
        const string = readString(value)
        if (string === null) return null
        string.bytes.copy(bytes, place.offset, 0, place.size)
      } else if (of.kind === 'struct' || of.kind === 'array') {
        const inner = this.#content(value, of, depth + 1)
        if (inner === null || inner.length > place.size) return null
        inner.copy(bytes, place.offset)
      } else {
        const number = this.number(value, of)
        if (number === null) return null
        putNumber(bytes, place.offset, place.size, number)
      }
    }
    return bytes
  }

  #socketAddress(text: string): Buffer | null {
    const fields = fieldsOf(text)
    const field = (name: string): string => fields?.get(name) ?? ''
    const { AF_UNIX, AF_INET, AF_INET6 } = sets.addrfams.values
    const port = (name: string): number => Number(/^htons\((\d{1,5})\)$/.exec(field(name))?.[1] ?? 0) & 0xffff
    switch (field('sa_family')) {
      case 'AF_UNIX': {
        const path = readString(field('sun_path'))
        if (path === null) return null
        // As long as there is room for a name: the call says how much of it counts.
        const { size, fields: at } = layoutOf('sockaddr_un', this.#arch)
        const bytes = Buffer.alloc(Math.max(size, at.sun_path!.offset + path.bytes.length))
        bytes.writeUInt16LE(AF_UNIX)
        path.bytes.copy(bytes, at.sun_path!.offset)
        return bytes
      }
      case 'AF_INET': {
        const { size, fields: at } = layoutOf('sockaddr_in', this.#arch)
        const [, address] = /^inet_addr\("([\d.]{7,15})"\)$/.exec(field('sin_addr')) ?? []
        const parts = address?.split('.').map(Number)
        if (parts?.length !== 4) return null
        const bytes = Buffer.alloc(size)
        bytes.writeUInt16LE(AF_INET)
        bytes.writeUInt16LE(swap16(port('sin_port')), at.sin_port!.offset)
        Buffer.from(parts).copy(bytes, at.sin_addr!.offset)
        return bytes
      }
      case 'AF_INET6': {
        const { size, fields: at } = layoutOf('sockaddr_in6', this.#arch)
        // Written as a call's arguments: inet_pton(AF_INET6, "::1", &sin6_addr).
        const [, address] = /"([0-9a-f:.]{2,45})"/i.exec(field('inet_pton')) ?? []
        const words = internet6(address ?? '')
        if (words === null) return null
        const bytes = Buffer.alloc(size)
        bytes.writeUInt16LE(AF_INET6)
        bytes.writeUInt16LE(swap16(port('sin6_port')), at.sin6_port!.offset)
        for (const [i, word] of words.entries()) bytes.writeUInt16BE(word, at.sin6_addr!.offset + i * 2)
        return bytes
      }
      default:
        return null
    }
  }
}

export const putNumber = (bytes: Buffer, at: number, size: number, value: bigint): void => {
  const word = Buffer.alloc(8)
  word.writeBigUInt64LE(BigInt.asUintN(64, value))
  word.copy(bytes, at, 0, Math.min(8, size))
}

/** `{name=value, name=value}`; null where it is not that, or not all of it (`...`). */
export function fieldsOf(text: string): ReadonlyMap<string, string> | null {
  if (!text.startsWith('{')) return null
  const { parts, end } = splitList(text, 1)
  if (end !== text.length - 1) return null
  const fields = new Map<string, string>()
  for (const part of parts) {
    const at = part.search(/[=(]/)
    if (at <= 0) return null
    fields.set(part.slice(0, at), part[at] === '=' ? part.slice(at + 1) : part.slice(at))
  }
  return fields
}

/** What wait() gives, of `WIFEXITED(s) && WEXITSTATUS(s) == 3` and its like. */
function waitStatus(text: string): bigint | null {
  const [, code] = /^WIFEXITED\(s\) && WEXITSTATUS\(s\) == (\d{1,3})$/.exec(text) ?? []
  if (code !== undefined) return BigInt(Number(code) & 0xff) << 8n
  const [, signal, core] =
    /^WIFSIGNALED\(s\) && WTERMSIG\(s\) == (\w+)( && WCOREDUMP\(s\))?$/.exec(text) ?? []
  const killed = signal === undefined ? undefined : signalNumber(signal)
  if (killed !== undefined) return killed | (core === undefined ? 0n : 0x80n)
  const [, stop] = /^WIFSTOPPED\(s\) && WSTOPSIG\(s\) == (\w+)$/.exec(text) ?? []
  const stopped = stop === undefined ? undefined : signalNumber(stop)
  return stopped === undefined ? null : (stopped << 8n) | 0x7fn
}

/** The eight words of an IPv6 address. */
function internet6(text: string): number[] | null {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text)
  if (dotted !== null) {
    const [a, b, c, d] = dotted.slice(2).map(Number) as [number, number, number, number]
    if (Math.max(a, b, c, d) > 255) return null
    return internet6(`${dotted[1]}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`)
  }
  const [head, tail, more] = text.split('::')
  if (head === undefined || more !== undefined) return null
  const words = (part: string | undefined): number[] =>
    part === undefined || part === '' ? [] : part.split(':').map(word => Number.parseInt(word, 16))
  const [before, after] = [words(head), words(tail)]
  const zeros = 8 - before.length - after.length
  if (
    (tail === undefined ? zeros !== 0 : zeros < 1) ||
    [...before, ...after].some(w => !(w >= 0 && w <= 0xffff))
  )
    return null
  return [...before, ...new Array<number>(zeros).fill(0), ...after]
}
