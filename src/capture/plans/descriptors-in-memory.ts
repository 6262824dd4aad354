/** Where structures that only their printers know in full have descriptors. */
import { constants } from 'node:os'
import {
  addrfams,
  nl_route_types,
  rtnl_ifla_xdp_attrs,
  rtnl_link_attrs,
  scmvals,
  siginfo_codes,
  socketlayers,
  xdp_sockaddr_flags,
} from '../../abi/sets.ts'
import { align4 } from '../../record/layout.ts'
import { bitsetBytes, type DescriptorHolder } from '../../types/plan.ts'
import { eachAttribute, messageHeader } from './netlink-messages.ts'
import type { RecordBuilder } from './record-builder.ts'

export type NoteDescriptor = (record: RecordBuilder, fd: number) => void

export type NoteForeign = (
  record: RecordBuilder,
  fd: number,
  owner: number,
  byProcess: boolean,
  slot: number,
) => void

/** A step that notes the descriptors in the innermost range, which is of a set of `count` bits or one of the others. */
export function noteDescriptors(
  of: DescriptorHolder,
  count: (record: RecordBuilder) => number,
  note: NoteDescriptor,
  word: number,
): (record: RecordBuilder) => void {
  switch (of) {
    case 'bitset':
      return record => noteBits(record, count(record), note)
    case 'messages':
      return record => noteMessages(record, note, word)
    case 'siginfo':
      return record => noteReady(record, note, word)
    case 'address':
      return record => noteShared(record, note)
    case 'netlink':
      return record => noteInLinkMessages(record, note)
  }
}

/** More than a set of select's has. */
const mostBits = 8192

/** Notes the descriptors whose bits are set in the innermost range. */
function noteBits(record: RecordBuilder, count: number, note: NoteDescriptor): void {
  const { base } = record
  // A set that cannot be read whole is none.
  if (record.limit - base < bitsetBytes(count)) return
  const end = Math.min(mostBits, count)
  for (let fd = 0; fd < end; fd++)
    if (((record.bytes[base + (fd >> 3)]! >> (fd & 7)) & 1) !== 0) note(record, fd)
}

/** The kernel passes no more than 253 in one message; a program may claim many more. */
const mostPassed = 4096

/** Notes the descriptors that the control messages of the innermost range carry. */
function noteMessages(record: RecordBuilder, note: NoteDescriptor, word: number): void {
  const { limit, view } = record
  const { SOL_SOCKET } = socketlayers.values
  const { SCM_RIGHTS } = scmvals.values
  const header = word + 8
  let left = mostPassed
  for (let at = record.base; at + header <= limit; ) {
    const length = record.number(at, word)
    if (length < header) return
    const end = Math.min(at + length, limit)
    if (view.getUint32(at + word, true) === SOL_SOCKET && view.getUint32(at + word + 4, true) === SCM_RIGHTS)
      for (let fd = at + header; fd + 4 <= end && left > 0; fd += 4, left--)
        note(record, view.getInt32(fd, true))
    at += Math.ceil(length / word) * word
  }
}

/** A signal may tell that a descriptor is ready: with SIGIO, or whatever F_SETSIG says. */
function noteReady(record: RecordBuilder, note: NoteDescriptor, word: number): void {
  const { base, limit, view } = record
  const place = base + (word === 8 ? 24 : 16)
  if (place + 4 > limit) return
  const code = view.getInt32(base + 8, true)
  if (
    code === siginfo_codes.values.SI_SIGIO ||
    (code > 0 && view.getInt32(base, true) === constants.signals.SIGIO)
  )
    note(record, view.getInt32(place, true))
}

/** An address of express data path sockets may have the descriptor of another one. */
function noteShared(record: RecordBuilder, note: NoteDescriptor): void {
  const { base, limit, view } = record
  if (base + 16 > limit || view.getUint16(base, true) !== addrfams.values.AF_XDP) return
  if ((view.getUint16(base + 2, true) & xdp_sockaddr_flags.values.XDP_SHARED_UMEM) !== 0)
    note(record, view.getInt32(base + 12, true))
}

/** struct nlmsghdr, and struct ifinfomsg behind it, where attributes of a link begin. */
const linkHeader = 32
/** No more messages, and no more descriptors in them, are looked at. */
const mostInLinks = 64

/** Notes the descriptors in messages about links: of a network namespace, of the program to run and of the one that is expected to be there. */
function noteInLinkMessages(record: RecordBuilder, note: NoteDescriptor): void {
  const { base, limit, view } = record
  let left = mostInLinks
  let descriptors = mostInLinks
  const noteIt = (from: number, end: number): void => {
    if (from + 4 <= end && descriptors-- > 0) note(record, view.getInt32(from, true))
  }
  const { RTM_NEWLINK, RTM_SETLINK } = nl_route_types.values
  const { IFLA_NET_NS_FD, IFLA_XDP } = rtnl_link_attrs.values
  const { IFLA_XDP_FD, IFLA_XDP_EXPECTED_FD } = rtnl_ifla_xdp_attrs.values
  const noteProgram = (type: number, from: number, end: number): void => {
    if (type === IFLA_XDP_FD || type === IFLA_XDP_EXPECTED_FD) noteIt(from, end)
  }
  for (let at = base; at + linkHeader <= limit && left > 0; left--) {
    const length = view.getUint32(at, true)
    if (length < messageHeader.bytes) return
    const type = view.getUint16(at + 4, true)
    if (type >= RTM_NEWLINK && type <= RTM_SETLINK) {
      const end = Math.min(at + length, limit)
      eachAttribute(view, at + linkHeader, end, (attribute, from, to) => {
        if (attribute === IFLA_NET_NS_FD) noteIt(from, to)
        if (attribute === IFLA_XDP) eachAttribute(view, from, to, noteProgram)
      })
    }
    at += align4(length)
  }
}
