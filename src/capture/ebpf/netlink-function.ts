/** The function of plan programs that looks what socket is behind a descriptor. */
import { addrfams } from '../../abi/sets.ts'
import { Enter, Range, RangeKind } from '../../record/layout.ts'
import type { BpfAssembler } from './bpf-assembler.ts'
import { Helper } from './bpf-constants.ts'
import { inScratch, Scratch } from './capture-layout.ts'
import { follow } from './kernel-reads.ts'
import type { PlanFunctions } from './plan-functions.ts'
import { nextRange, record } from './plan-ranges.ts'
import { leave } from './program-parts.ts'

const S_IFMT = 0o170000
const S_IFSOCK = 0o140000
const netlinkFamily = addrfams.values.AF_NETLINK
/** A protocol that nobody has: of a socket without an address a tracer cannot tell which it is. */
const unknownProtocol = -1

/** noteNetlink(fd): whether a descriptor is a netlink socket, whose protocol is noted then. */
export function noteNetlink({ sockets }: PlanFunctions, a: BpfAssembler): void {
  const [out, named] = a.newLabels(2)
  if (sockets === null) return leave(a)
  a.mov32('r8', 'r1')
  record(a, out)
  a.call(Helper.get_current_task_btf)
  a.mov('r7', 'r0')
  /** r7: what stands at r7 + `offset`. */
  const step = (offset: number, bytes: 2 | 4 | 8): void => follow(a, 'r7', offset, bytes, out)
  const number = (offset: number, bytes: 2 | 4 | 8): void => {
    a.mov('r9', 'r7')
    step(offset, bytes)
  }
  step(sockets.files, 8)
  step(sockets.table, 8)
  number(sockets.count, 4)
  a.jump('r8', '>=', 'r7', out)
  a.mov('r7', 'r9')
  step(sockets.descriptors, 8)
  a.alu('r8', '<<=', 3)
  a.alu('r7', '+=', 'r8')
  a.alu('r8', '>>=', 3)
  step(0, 8)
  // A file, or NULL.
  a.jump('r7', '==', 0, out)
  a.store(8, 'r10', -8, 'r7')
  step(sockets.inode, 8)
  step(sockets.mode, 2)
  a.alu('r7', '&=', S_IFMT)
  a.jump('r7', '!=', S_IFSOCK, out)
  a.load(8, 'r7', 'r10', -8)
  step(sockets.own, 8)
  step(sockets.sock, 8)
  number(sockets.family, 2)
  a.jump('r7', '!=', netlinkFamily, out)
  a.mov('r7', 'r9')
  number(sockets.protocol, 2)
  a.store(8, 'r10', -8, 'r7')
  a.mov('r7', 'r9')
  step(sockets.port, 4)
  a.jump('r7', '!=', 0, named)
  a.mov('r1', unknownProtocol)
  a.store(8, 'r10', -8, 'r1')
  a.label(named)
  follow(a, 'r9', sockets.namespace, 8, out)
  follow(a, 'r9', sockets.namespaceNumber, 4, out)
  nextRange(a, out)
  a.store(8, 'r4', Range.address, 'r8')
  a.store(4, 'r4', Range.length, 4)
  a.store(4, 'r4', Range.kind, RangeKind.netlink)
  a.load(8, 'r1', 'r10', -8)
  a.store(8, 'r4', Range.bytes, 'r1')
  // Behind the note, for the thread that reads: the number of the network namespace.
  a.store(4, 'r4', Range.bytes + 4, 'r9')
  a.load(4, 'r1', 'r6', Enter.ranges)
  a.alu('r1', '+=', 1)
  a.store(4, 'r6', Enter.ranges, 'r1')
  a.alu('r5', '+=', Range.bytes + 8)
  a.store(8, 'r6', inScratch(Scratch.at), 'r5')
  a.mov('r0', 1)
  a.exit()
  a.label(out)
  leave(a)
}
