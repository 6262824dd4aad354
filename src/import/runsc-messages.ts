/** Vectors, messages, addresses of sockets and options in a line of gVisor's log, back to their bytes. */

import type { GvisorArch } from '../dialects/gvisor/eras.ts'
import { layout } from '../dialects/gvisor/layouts.ts'
import { constants } from '../dialects/gvisor/tables/errors.ts'
import { RangeFlag } from '../record/layout.ts'
import { goUnquote } from './go-unquote.ts'
import {
  braces,
  byNames,
  type Collected,
  pointer,
  putNumber,
  quotedText,
  type Reader,
  signed,
  words,
} from './runsc-reader.ts'

const vectorBody = `(?:${braces(1)}(?:, ${braces(1)})*)?`

export function messageReaders(arch: GvisorArch): { readonly [specifier: string]: Reader } {
  const vector = pointer(vectorBody, vectorBytes)
  const message = pointer(braces(4), messageBytes(arch, vector))
  const addressOf = addressBytes(arch)
  const address = pointer(braces(1), (body, { memory }, address) => {
    const bytes = addressOf(body)
    if (bytes !== null) memory.push({ address, bytes, isPadded: true })
    return null
  })
  const option = pointer(`(?:\\{value=\\d+\\}|${quotedText}(?:\\.\\.\\.)?)`, optionBytes)
  return {
    WriteIOVec: vector,
    ReadIOVec: vector,
    IOVec: vector,
    SendMsgHdr: message,
    RecvMsgHdr: message,
    SockAddr: address,
    PostSockAddr: address,
    SockLen: pointer(braces(1), body => uint32(/^\{length=(\d+)\}$/.exec(body)?.[1])),
    SetSockOptVal: option,
    GetSockOptVal: option,
  }
}

function uint32(digits: string | undefined): Uint8Array | null {
  if (digits === undefined) return null
  const bytes = Buffer.alloc(4)
  putNumber(bytes, 0, 4, signed(digits))
  return bytes
}

function optionBytes(body: string): Uint8Array | null {
  const number = /^\{value=(\d+)\}$/.exec(body)?.[1]
  if (number !== undefined) return uint32(number)
  return goUnquote(/^"(.*)"(?:\.\.\.)?$/s.exec(body)?.[1] ?? '') ?? null
}

const entryPattern =
  /\{base=(0x[0-9a-f]+), len=(\d+)(?:, "((?:[^"\\]|\\.)*)"(?:\.\.\.)?(, error decoding string: [^{}]*)?)?\}/gs

function vectorBytes(body: string, { memory }: Collected): Uint8Array {
  const entries = [...body.matchAll(entryPattern)]
  for (const [, base, , text, failure] of entries) {
    const bytes = text === undefined ? undefined : goUnquote(text)
    if (bytes !== undefined && bytes.length > 0)
      memory.push({
        address: BigInt(base!),
        bytes,
        ...(failure === undefined ? {} : { flags: RangeFlag.fault }),
      })
  }
  return words(...entries.flatMap(([, base, length]) => [signed(base!), signed(length!)]))
}

function messageBytes(arch: GvisorArch, vector: Reader) {
  const header = layout('msghdr', arch)
  const pattern =
    /^\{name=(0x[0-9a-f]+), namelen=(\d+), iovecs=(0x[0-9a-f]+(?: .*)?), control=(?:\{(0x[0-9a-f]+) (.*)\}|(0x[0-9a-f]+), control_len=(\d+)), flags=(-?\d+)\}$/s
  const controls = controlBytes(arch)
  return (body: string, into: Collected): Uint8Array | null => {
    const match = pattern.exec(body)
    if (match === null) return null
    const [, name, nameLength, iovecs, shownControl, controlText, bareControl, controlLength, flags] = match
    const bytes = Buffer.alloc(header.size)
    putNumber(bytes, header.at('msg_name'), 8, signed(name!))
    putNumber(bytes, header.at('msg_namelen'), 4, signed(nameLength!))
    putNumber(bytes, header.at('msg_iov'), 8, vector.read(iovecs!, into))
    // Of a vector that could not be read nobody told how long it is, but for one that was too long.
    const entries = iovecs!.includes(' (error')
      ? iovecs!.includes('iovcnt')
        ? -1n
        : 1n
      : BigInt([...iovecs!.matchAll(entryPattern)].length)
    putNumber(bytes, header.at('msg_iovlen'), 8, entries)
    const control = shownControl ?? bareControl!
    putNumber(bytes, header.at('msg_control'), 8, signed(control))
    let length = signed(controlLength ?? '0')
    if (controlText !== undefined) {
      const messages = controls(controlText)
      length = messages.length
      if (messages.bytes.length > 0) into.memory.push({ address: BigInt(control), bytes: messages.bytes })
    }
    putNumber(bytes, header.at('msg_controllen'), 8, length)
    putNumber(bytes, header.at('msg_flags'), 4, signed(flags!))
    return bytes
  }
}

/** Control messages. What is in those of other types is not told: zeros stand for it. */
function controlBytes(arch: GvisorArch) {
  const { size, at } = layout('cmsghdr', arch)
  const types = byNames(arch, 'controlMessageType')
  const levels = byNames(arch, { SOL_SOCKET: constants.SOL_SOCKET })
  return (text: string): { readonly bytes: Uint8Array; readonly length: bigint } => {
    const failure = /^\(error decoding control: (?:invalid length \((\d+)\))?/.exec(text)
    // One that is there but cannot be read has some length.
    if (failure !== null) return { bytes: new Uint8Array(), length: signed(failure[1] ?? String(size)) }
    const parts: Buffer[] = []
    /** Where the next message begins, and the end of the last one: nothing needs to pad that. */
    let next = 0
    let end = 0
    for (const [, level, type, length, rest] of text.matchAll(
      /\{level=(-?\w+), type=(-?\w+), length=(\d+)((?:, [^{}]*)?)\}/g,
    )) {
      const claimed = Number(length)
      const isCut = rest!.includes('extends beyond') || claimed < size || next + claimed > mostControl
      const bytes = Buffer.alloc(isCut ? size : (claimed + 7) & ~7)
      putNumber(bytes, at('cmsg_len'), 8, signed(length!))
      putNumber(bytes, at('cmsg_level'), 4, levels(level!))
      putNumber(bytes, at('cmsg_type'), 4, types(type!))
      const width = type === 'SO_TIMESTAMP' ? 8 : 4
      for (const [i, number] of (rest!.match(/-?\d+/g) ?? []).entries())
        if (size + (i + 1) * width <= bytes.length) putNumber(bytes, size + i * width, width, signed(number))
      parts.push(bytes)
      end = next + (isCut ? size : claimed)
      next += bytes.length
      if (isCut) break
    }
    // What is left is less than a message's head.
    if (text.includes('{invalid control message')) {
      parts.push(Buffer.alloc(1))
      end = next + 1
    }
    return { bytes: Buffer.concat(parts), length: BigInt(end) }
  }
}

/** More of them is in no line. */
const mostControl = 1 << 20

/** No address is longer; behind what is told of one stand zeros, since its length is another argument. */
const mostAddress = 200

function addressBytes(arch: GvisorArch) {
  const family = byNames(arch, 'SocketFamily')
  return (body: string): Uint8Array | null => {
    const [, name, rest] = /^\{Family: (\w+)(?:, (.*))?\}$/s.exec(body) ?? []
    const bytes = Buffer.alloc(mostAddress)
    if (name === undefined || rest === undefined) return body.startsWith('{address too short') ? bytes : null
    putNumber(bytes, 0, 2, family(name))
    const [, path] = /^Addr: "(.*)"$/s.exec(rest) ?? []
    if (path !== undefined) {
      bytes.set((goUnquote(path) ?? new Uint8Array()).subarray(0, mostAddress - 2), 2)
      return bytes
    }
    const [, host, port] = /^Addr: ([0-9a-f.:]*), Port: (\d+)$/.exec(rest) ?? []
    const [, id, groups] = /^PortID: (\d+), Groups: (\d+)$/.exec(rest) ?? []
    if (host !== undefined) {
      const offset =
        name === 'AF_INET'
          ? layout('sockaddr_in', arch).at('sin_addr')
          : layout('sockaddr_in6', arch).at('sin6_addr')
      bytes.writeUInt16BE(Number(port) & 0xffff, 2)
      bytes.set(hostBytes(host), offset)
    } else if (id !== undefined) {
      const { at } = layout('sockaddr_nl', arch)
      putNumber(bytes, at('nl_pid'), 4, signed(id))
      putNumber(bytes, at('nl_groups'), 4, signed(groups!))
    }
    return bytes
  }
}

/** `1.2.3.4`, `1::2`; nothing for what is all zeros. */
function hostBytes(host: string): Uint8Array {
  if (!host.includes(':')) return Uint8Array.from(host === '' ? [] : host.split('.').slice(0, 4).map(Number))
  const [before = [], after = []] = host.split('::').map(part => (part === '' ? [] : part.split(':')))
  const zeros = host.includes('::')
    ? Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0')
    : []
  return Uint8Array.from(
    [...before, ...zeros, ...after].slice(0, 8).flatMap(group => {
      const value = Number.parseInt(group, 16)
      return [value >> 8, value & 255]
    }),
  )
}
