/** Which descriptors of a tracee are netlink sockets, of which protocol, and what numbers in their messages stand for. */
import { netlink_protocols } from '../../abi/sets.ts'
import { libc } from '../../libc/libc.ts'
import { NativeMemory } from '../../libc/native-memory.ts'
import { Header, Range, RangeKind } from '../../record/layout.ts'
import type { RecordBuilder } from '../plans/record-builder.ts'
import { genericFamilies } from './generic-families.ts'
import { copyDescriptor } from './pidfd.ts'
import { interfacesBehind } from './socket-interfaces.ts'

const socketLevel = 1
const option = { domain: 39, protocol: 38 } as const
const netlinkFamily = 16
/** A protocol that nobody has: of a socket without an address strace cannot tell which it is. */
const unknownProtocol = 0xffffffff

let scratch: NativeMemory | undefined
const value = 0
const length = 8
const name = 16

/** Notes the protocol of the netlink socket `fd`; false when it is something else. Five calls of the kernel, and one for each interface. */
export function noteNetlink(record: RecordBuilder, fd: number): boolean {
  if (fd < 0 || !record.hasRoom(4)) return false
  const pid = record.view.getUint32(record.offset + Header.pid, true)
  const copy = copyDescriptor(pid, fd)
  if (copy < 0) return false
  const protocol = netlinkProtocol(copy)
  const generic = protocol === netlink_protocols.values.NETLINK_GENERIC
  const interfaces = protocol < 0 || generic ? '' : interfacesBehind(copy, pid)
  libc.close(copy)
  if (protocol < 0) return false
  record.view.setUint32(record.at + Range.bytes, protocol, true)
  record.note(RangeKind.netlink, fd, 4)
  noteLines(record, RangeKind.interfaces, fd, interfaces)
  if (generic) noteLines(record, RangeKind.families, fd, genericFamilies())
  return true
}

/** Notes lines that there are. */
export function noteLines(record: RecordBuilder, kind: number, fd: number, lines: string): void {
  if (lines === '' || !record.hasRoom(lines.length)) return
  record.bytes.set(Buffer.from(lines, 'latin1'), record.at + Range.bytes)
  record.note(kind, fd, lines.length)
}

function netlinkProtocol(fd: number): number {
  scratch ??= new NativeMemory(64)
  if (numberOf(scratch, fd, option.domain) !== netlinkFamily) return -1
  scratch.view.setUint32(length, 12, true)
  const named = libc.getsockname(fd, scratch.address + name, scratch.address + length) === 0
  return named && scratch.view.getUint32(name + 4, true) !== 0
    ? numberOf(scratch, fd, option.protocol)
    : unknownProtocol
}

function numberOf(scratch: NativeMemory, fd: number, what: number): number {
  scratch.view.setUint32(length, 4, true)
  return libc.getsockopt(fd, socketLevel, what, scratch.address + value, scratch.address + length) === 0
    ? scratch.view.getInt32(value, true)
    : -1
}
