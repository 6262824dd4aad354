/** Socket addresses as values. */
import * as sets from '../abi/sets.ts'
import { Data } from './data.ts'
import { namesByNumber } from './decode-numbers.ts'
import { layoutOf } from './resolve.ts'
import { decodeText } from './text.ts'
import type { SocketAddress } from './values.ts'

const families = namesByNumber([sets.addrfams], 'amd64')
const { AF_UNIX, AF_INET, AF_INET6, AF_NETLINK } = sets.addrfams.values
export const familyBytes = 2
const in4 = layoutOf('sockaddr_in', 'amd64').fields
const in6 = layoutOf('sockaddr_in6', 'amd64').fields
const netlink = layoutOf('sockaddr_nl', 'amd64').fields
/** An IPv6 address without its scope is one, too: the field came later (RFC 2133). */
const least6 = layoutOf('sockaddr_in6', 'amd64').size - 4

/** `length` bytes (2 or more, all of them there) at `at` as an address. */
export function socketAddress(bytes: Uint8Array, view: DataView, at: number, length: number): SocketAddress {
  const family = view.getUint16(at, true)
  switch (family) {
    case AF_UNIX:
      return unixAddress(bytes, at + familyBytes, at + length)
    case AF_INET:
      if (length < layoutOf('sockaddr_in', 'amd64').size) break
      return {
        family: 'AF_INET',
        address: bytes.subarray(at + in4.sin_addr!.offset, at + in4.sin_addr!.offset + 4).join('.'),
        port: view.getUint16(at + in4.sin_port!.offset, false),
      }
    case AF_INET6:
      if (length < least6) break
      return {
        family: 'AF_INET6',
        address: internet6(view, at + in6.sin6_addr!.offset),
        port: view.getUint16(at + in6.sin6_port!.offset, false),
        flowinfo: view.getUint32(at + in6.sin6_flowinfo!.offset, false),
        scopeId: length < least6 + 4 ? 0 : view.getUint32(at + in6.sin6_scope_id!.offset, true),
      }
    case AF_NETLINK:
      if (length < layoutOf('sockaddr_nl', 'amd64').size) break
      return {
        family: 'AF_NETLINK',
        pid: view.getUint32(at + netlink.nl_pid!.offset, true),
        groups: view.getUint32(at + netlink.nl_groups!.offset, true),
      }
  }
  const rest = length - familyBytes
  const data = Data.copy(bytes, at + familyBytes, rest, rest)
  // An address too short for its family has the family's number, so that whoever asks for the name finds all fields.
  const decoded = family === AF_INET || family === AF_INET6 || family === AF_NETLINK
  return { family: decoded ? family : (families.get(family) ?? family), data } as SocketAddress
}

function unixAddress(bytes: Uint8Array, from: number, to: number): SocketAddress {
  if (to > from && bytes[from] === 0)
    return { family: 'AF_UNIX', path: decodeText(bytes, from + 1, to), abstract: true }
  let end = from
  while (end < to && bytes[end] !== 0) end++
  return { family: 'AF_UNIX', path: decodeText(bytes, from, end), abstract: false }
}

/** The shortest spelling (RFC 5952): the longest run of zeros, of two or more, is `::`. */
function internet6(view: DataView, at: number): string {
  const words = Array.from({ length: 8 }, (_, i) => view.getUint16(at + 2 * i, false))
  let start = 0
  let longest = 1
  for (let i = 0; i < 8; i++) {
    let n = 0
    while (i + n < 8 && words[i + n] === 0) n++
    if (n > longest) [start, longest] = [i, n]
  }
  if (start === 0 && longest === 5 && words[5] === 0xffff)
    return `::ffff:${words[6]! >> 8}.${words[6]! & 255}.${words[7]! >> 8}.${words[7]! & 255}`
  const text = (part: readonly number[]): string => part.map(w => w.toString(16)).join(':')
  return longest < 2 ? text(words) : `${text(words.slice(0, start))}::${text(words.slice(start + longest))}`
}
