/**
 * What memory gVisor's specifiers read, as capture plans: gVisor looks at arguments by its own table, also where the
 * kernel would not (a futex's timeout whatever the operation, an event that is about to be deleted), and never twice.
 */
import { prctl_options } from '../../abi/sets.ts'
import type { Expr, Op, Plan } from '../../types/plan.ts'
import { type Era, type GvisorArch, gvisorCall } from './eras.ts'
import { layout } from './layouts.ts'
import { maxAddress } from './specifiers/sockets.ts'
import { calls } from './tables/calls.ts'
import { constants } from './tables/errors.ts'

interface Reads {
  readonly enter?: readonly Op[]
  readonly exit?: readonly Op[]
}

const number = (value: number): Expr => ({ kind: 'const', value })
const argument = (index: number): Expr => ({ kind: 'arg', index, bits: 64 })
const count = (index: number): Expr => ({ kind: 'arg', index, bits: 32 })
const field = (offset: number): Expr => ({ kind: 'field', up: 0, offset, size: 8 })
const result: Expr = { kind: 'ret' }

const copy = (at: Expr, length: Expr | number, max: number | 'data' = 4096): Op => ({
  op: 'copy',
  at,
  length: typeof length === 'number' ? number(length) : length,
  max,
})
const fixed = (index: number, size: number): Op => copy(argument(index), size)
/** A vector, and at most `limit` bytes of what it leads to. */
const vector = (at: Expr, entries: Expr, limit: number | Expr): Op => ({
  op: 'iovecs',
  at,
  count: entries,
  limit: typeof limit === 'number' ? number(limit) : limit,
  overrun: true,
})

/** The most descriptors of one poll that are looked at, and the most bytes of descriptor sets. */
const mostPolled = 1 << 15

/** What specifier `name` of argument `index` reads. */
function reads(name: string, index: number, arch: GvisorArch, limit: number, era: Era): Reads {
  const at = argument(index)
  const sized = (struct: string): number => layout(struct, arch).size
  const before = (...enter: Op[]): Reads => ({ enter })
  const after = (...exit: Op[]): Reads => ({ exit })
  const both = (...ops: Op[]): Reads => ({ enter: ops, exit: ops })
  switch (name) {
    case 'FD':
      return before({ op: 'fd', fd: count(index) })
    case 'ReadBuffer':
      return after(copy(at, result, 'data'))
    case 'WriteBuffer':
      return before(copy(at, argument(index + 1), 'data'))
    case 'SetSockOptVal':
      return before(copy(at, argument(index + 1), 'data'))
    case 'GetSockOptVal':
      return after(copy(at, { kind: 'deref', index: index + 1 }, 'data'), fixed(index + 1, 4))
    case 'WriteIOVec':
      return before(vector(at, count(index + 1), limit))
    case 'ReadIOVec':
      return {
        enter: era === 'head' ? [vector(at, count(index + 1), 0)] : [],
        exit: [vector(at, count(index + 1), { kind: 'min', a: result, b: number(limit) })],
      }
    case 'IOVec':
      return before(vector(at, count(index + 1), 0))
    case 'SendMsgHdr':
      return before(message(at, arch, limit))
    case 'RecvMsgHdr':
      return { enter: [message(at, arch, 0)], exit: [message(at, arch, limit)] }
    case 'Path':
      return before({ op: 'string', at, max: constants.PATH_MAX })
    case 'PostPath':
      return after({ op: 'string', at, max: constants.PATH_MAX })
    case 'ExecveStringVector':
      return before({ op: 'strings', at, env: false, whole: true })
    case 'PipeFDs':
      return after(fixed(index, 8))
    case 'Uname':
      return after(fixed(index, sized('new_utsname')))
    case 'Stat':
      return after(fixed(index, sized('stat')))
    case 'Rusage':
      return after(fixed(index, sized('rusage')))
    case 'SockAddr':
      return before(copy(at, count(index + 1), maxAddress))
    case 'PostSockAddr':
      return after(copy(at, { kind: 'deref', index: index + 1 }, maxAddress), fixed(index + 1, 4))
    case 'SockLen':
      return both(fixed(index, 4))
    case 'Timespec':
    case 'UTimeTimespec':
    case 'Utimbuf':
      return before(fixed(index, 16))
    case 'PostTimespec':
      return after(fixed(index, 16))
    case 'Timeval':
      return both(fixed(index, 16))
    case 'ItimerVal':
    case 'ItimerSpec':
      return before(fixed(index, 32))
    case 'PostItimerVal':
    case 'PostItimerSpec':
      return after(fixed(index, 32))
    case 'SigSet':
      return before(fixed(index, constants.SignalSetSize))
    case 'PostSigSet':
      return after(fixed(index, constants.SignalSetSize))
    case 'SigAction':
      return before(fixed(index, sized('kernel_sigaction')))
    case 'PostSigAction':
      return after(fixed(index, sized('kernel_sigaction')))
    case 'CapHeader':
      return before(fixed(index, sized('__user_cap_header_struct')))
    case 'CapData':
      return before(fixed(index, 2 * sized('__user_cap_data_struct')))
    case 'PostCapData':
      return after(
        fixed(index - 1, sized('__user_cap_header_struct')),
        fixed(index, 2 * sized('__user_cap_data_struct')),
      )
    case 'PollFDs': {
      const list = {
        op: 'array',
        at,
        count: count(index + 1),
        stride: sized('pollfd'),
        max: mostPolled,
      } as const
      const fd: Op = {
        op: 'fd',
        fd: { kind: 'field', up: 0, offset: layout('pollfd', arch).at('fd'), size: 4 },
      }
      return {
        enter: [{ ...list, each: [{ op: 'inside', offset: 0, ops: [fd] }] }],
        exit: [{ ...list, each: [] }],
      }
    }
    case 'SelectFDSet':
      return before(copy(at, { kind: 'bitset', a: count(0) }, 1 << 17))
    case 'EpollEvent':
      return before(fixed(index, sized('epoll_event')))
    case 'EpollEvents':
      // The text ends at the limit, and an event has fewer bytes than its text.
      return after(copy(at, { kind: 'times', a: result, by: sized('epoll_event') }, limit + 64))
    default:
      return {}
  }
}

/** A message's header, and what it leads to; `limit` 0: its vector alone. */
function message(at: Expr, arch: GvisorArch, limit: number): Op {
  const header = layout('msghdr', arch)
  const content: Op[] = []
  // The control data first: a long vector may take all the room that a record has.
  if (limit > 0)
    content.push(copy(field(header.at('msg_control')), field(header.at('msg_controllen')), limit))
  content.push(vector(field(header.at('msg_iov')), field(header.at('msg_iovlen')), limit))
  return {
    op: 'copy',
    at,
    length: number(header.size),
    max: header.size,
    then: [{ op: 'inside', offset: 0, ops: content }],
  }
}

/** A thread's name has 15 bytes and an end. */
const newName: Op = {
  op: 'if',
  when: {
    value: { kind: 'arg', index: 0, bits: 32 },
    test: 'oneOf',
    numbers: [prctl_options.values.PR_SET_NAME],
  },
  then: [{ op: 'string', at: argument(1), max: 16 }],
  else: [],
}

const workingDirectory: Op = { op: 'fd', fd: number(constants.AT_FDCWD) }

/** struct rlimit. */
const resourceLimit = (index: number): Op => fixed(index, 16)

/** What texts of later calls hang on, by call, beside what its own has. */
const alsoRead: { readonly [call: string]: Reads } = {
  // The head of a line shows the thread's name.
  prctl: { enter: [newName] },
  // Another root gives files other names; one that is told from the working directory on has to be known from there.
  chroot: { enter: [workingDirectory] },
  // Where a root leads is seen by who goes there.
  chdir: { exit: [workingDirectory] },
  // Lists of more descriptors than may be open are not looked at.
  setrlimit: { enter: [resourceLimit(1)] },
  getrlimit: { exit: [resourceLimit(1)] },
  prlimit64: { enter: [resourceLimit(2)], exit: [resourceLimit(3)] },
}

/** The plan of one call; undefined when gVisor does not know it, and shows its registers alone. */
export function gvisorPlan(arch: GvisorArch, sysno: number, limit: number, era: Era): Plan | undefined {
  const call = gvisorCall(arch, sysno, era)
  if (call === undefined) return undefined
  const all = call.specifiers.map((name, index) => reads(name, index, arch, limit, era))
  const also = alsoRead[call.name]
  if (also !== undefined) all.push(also)
  const enter = all.flatMap(r => r.enter ?? [])
  const exit = all.flatMap(r => r.exit ?? [])
  return { enter, exit, exitFailed: [] }
}

/** The plans of all calls of an architecture by number: plain data, for a capture to run beside or instead of the table's. */
export function gvisorPlans(
  arch: GvisorArch,
  limit: number,
  era: Era = 'head',
): { readonly [sysno: number]: Plan } {
  const plans: { [sysno: number]: Plan } = {}
  for (const sysno of Object.keys(calls[arch]!)) {
    const plan = gvisorPlan(arch, Number(sysno), limit, era)
    if (plan !== undefined) plans[Number(sysno)] = plan
  }
  return plans
}
