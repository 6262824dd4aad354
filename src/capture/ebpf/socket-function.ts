/** Functions of plan programs that note what a socket is, and which process a pidfd stands for. */
import { addrfams } from '../../abi/sets.ts'
import { Enter, Range } from '../../record/layout.ts'
import type { BpfAssembler, Label } from './bpf-assembler.ts'
import { Helper } from './bpf-constants.ts'
import { inScratch, Scratch } from './capture-layout.ts'
import { follow } from './kernel-reads.ts'
import { mostStretch, mostUnixName, NoteKind, SocketNote } from './note-layout.ts'
import type { PlanFunctions } from './plan-functions.ts'
import { nextRange, record } from './plan-ranges.ts'
import { leave } from './program-parts.ts'

/** Where the members of one structure begin and end that the thread that reads wants to have. */
export function stretch(members: { readonly [name: string]: number }, last: number): [number, number] {
  const offsets = Object.values(members)
  const first = Math.min(...offsets) & ~7
  const bytes = Math.max(...offsets) + last - first
  if (bytes > mostStretch) throw new RangeError('members of a socket that are too far apart')
  return [first, bytes]
}
/** Bytes of an IPv6 address; the longest member. */
export const addressBytes = 16

const { AF_UNIX, AF_INET, AF_INET6, AF_NETLINK } = addrfams.values
const IPPROTO_TCP = 6
/** Where the range begins. */
const start = -16

/** noteSocket(fd, file). */
export function noteSocket(functions: PlanFunctions, a: BpfAssembler): void {
  const { files, sockets } = functions.notes!.places
  const [out, internet, internet6, unix, netlink, done] = a.newLabels(6)
  a.mov('r8', 'r1')
  a.mov('r7', 'r2')
  record(a, out)
  nextRange(a, out)
  a.store(8, 'r10', start, 'r5')
  a.store(8, 'r4', Range.address, 'r8')
  a.store(4, 'r4', Range.kind, NoteKind.socket)
  a.store(4, 'r4', Range.length, SocketNote.bytes)
  for (let at = 0; at < SocketNote.bytes; at += 8) a.store(8, 'r4', Range.bytes + at, 0)
  follow(a, 'r7', files.file.own, 8, out)
  follow(a, 'r7', sockets.socket.sock, 8, out)
  a.jump('r7', '==', 0, out)
  const [first, bytes] = stretch(sockets.common, addressBytes)
  copy(a, 'r7', first, bytes, SocketNote.common, out)
  a.mov('r9', 'r7')
  follow(a, 'r9', sockets.common.family, 2, out)
  a.jump('r9', '==', AF_INET, internet)
  a.jump('r9', '==', AF_INET6, internet6)
  a.jump('r9', '==', AF_UNIX, unix)
  a.jump('r9', '==', AF_NETLINK, netlink)
  a.goto(done)

  a.label(internet6)
  a.mov('r9', 'r7')
  follow(a, 'r9', sockets.internet6.own, 8, out)
  copy(a, 'r9', sockets.own6.source, addressBytes, SocketNote.source6, out)
  a.label(internet)
  const [from, length] = stretch(sockets.internet, 8)
  copy(a, 'r7', from, length, SocketNote.internet, out)
  a.mov('r9', 'r7')
  follow(a, 'r9', sockets.protocol.number, 2, out)
  a.jump('r9', '!=', IPPROTO_TCP, done)
  copy(a, 'r7', sockets.tcp.terms, 2, SocketNote.terms, out)
  a.goto(done)

  a.label(netlink)
  copy(a, 'r7', sockets.netlink.port, 4, SocketNote.port, out)
  copy(a, 'r7', sockets.protocol.number, 2, SocketNote.protocol, out)
  a.goto(done)

  a.label(unix)
  noteUnix(functions, a, out)

  a.label(done)
  a.load(8, 'r5', 'r10', start)
  a.alu('r5', '+=', Range.bytes + SocketNote.bytes)
  a.store(8, 'r6', inScratch(Scratch.at), 'r5')
  countRange(a)
  a.label(out)
  leave(a)
}

/** The peer and the name of the Unix socket at r7. */
function noteUnix(functions: PlanFunctions, a: BpfAssembler, out: Label): void {
  const { sockets } = functions.notes!.places
  const [noPeer, unnamed, fits] = a.newLabels(3)
  a.mov('r9', 'r7')
  follow(a, 'r9', sockets.unix.peer, 8, out)
  a.jump('r9', '==', 0, noPeer)
  // One that nobody has accepted has no inode yet.
  follow(a, 'r9', sockets.sock.socket, 8, noPeer)
  a.jump('r9', '==', 0, noPeer)
  copy(a, 'r9', sockets.pair.inode - sockets.pair.socket, 8, SocketNote.peer, out)
  a.label(noPeer)
  a.mov('r9', 'r7')
  follow(a, 'r9', sockets.unix.address, 8, out)
  a.jump('r9', '==', 0, unnamed)
  a.mov('r8', 'r9')
  follow(a, 'r8', sockets.unixAddress.length, 4, out)
  // With its family in front.
  a.jump('r8', '<=', 2, unnamed)
  a.alu('r8', '-=', 2)
  a.jump('r8', '<=', mostUnixName, fits)
  a.mov('r8', mostUnixName)
  a.label(fits)
  place(a, SocketNote.length, out)
  a.store(4, 'r1', 0, 'r8')
  place(a, SocketNote.name, out)
  a.mov('r2', 'r8')
  a.mov('r3', 'r9')
  a.alu('r3', '+=', sockets.unixAddress.name + 2)
  a.call(Helper.probe_read_kernel)
  a.label(unnamed)
}

/** r1: the address of byte `offset` of the range's content. */
function place(a: BpfAssembler, offset: number, out: Label): void {
  nextRange(a, out)
  a.mov('r1', 'r4')
  a.alu('r1', '+=', Range.bytes + offset)
}

/** Copies `bytes` bytes at `from` + `offset` to byte `to` of the range's content. */
function copy(
  a: BpfAssembler,
  from: 'r7' | 'r9',
  offset: number,
  bytes: number,
  to: number,
  out: Label,
): void {
  place(a, to, out)
  a.mov('r2', bytes)
  a.mov('r3', from)
  a.alu('r3', '+=', offset)
  a.call(Helper.probe_read_kernel)
  a.jump('r0', '!=', 0, out)
}

function countRange(a: BpfAssembler): void {
  a.load(4, 'r1', 'r6', Enter.ranges)
  a.alu('r1', '+=', 1)
  a.store(4, 'r6', Enter.ranges, 'r1')
}

/** noteProcess(fd, pid): the first of its numbers is that of the first pid namespace, which is ours. */
export function noteProcess(functions: PlanFunctions, a: BpfAssembler): void {
  const { pid, number } = functions.notes!.places.processes
  const [out, gone] = a.newLabels(2)
  a.mov('r8', 'r1')
  a.mov('r7', 'r2')
  record(a, out)
  a.mov('r9', 'r7')
  // No process has it any more.
  follow(a, 'r9', pid.tasks, 8, out)
  a.jump('r9', '==', 0, gone)
  follow(a, 'r7', pid.numbers + number.number, 4, out)
  a.mov('r9', 'r7')
  a.label(gone)
  a.mov('r1', NoteKind.process)
  a.mov('r2', 'r8')
  a.mov('r3', 'r9')
  a.mov('r4', 0)
  a.mov('r5', 0)
  functions.call('noteLater')
  a.label(out)
  leave(a)
}

/** noteLater(kind, key, three numbers): what the thread that reads makes a note of. */
export function noteLater(_functions: PlanFunctions, a: BpfAssembler): void {
  const [out] = a.newLabels(1)
  a.mov('r7', 'r1')
  a.mov('r8', 'r2')
  a.mov('r9', 'r3')
  a.store(8, 'r10', -16, 'r4')
  a.store(8, 'r10', -24, 'r5')
  record(a, out)
  nextRange(a, out)
  a.store(8, 'r4', Range.address, 'r8')
  a.store(4, 'r4', Range.length, 12)
  a.store(4, 'r4', Range.kind, 'r7')
  a.store(4, 'r4', Range.bytes, 'r9')
  a.load(8, 'r1', 'r10', -16)
  a.store(4, 'r4', Range.bytes + 4, 'r1')
  a.load(8, 'r1', 'r10', -24)
  a.store(4, 'r4', Range.bytes + 8, 'r1')
  a.store(4, 'r4', Range.bytes + 12, 0)
  a.alu('r5', '+=', Range.bytes + 16)
  a.store(8, 'r6', inScratch(Scratch.at), 'r5')
  countRange(a)
  a.label(out)
  leave(a)
}
