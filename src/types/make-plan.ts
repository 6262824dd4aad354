/** Declarations to capture plans: what to copy follows from the types alone. */
import { type ArgumentBlock, type MeantCall, wordsOf } from '../abi/argument-blocks.ts'
import type { ArchName } from '../record/layout.ts'
import type { Call, Node, Owner, Pointer, Struct, Test } from './language.ts'
import {
  Bound,
  type DescriptorHolder,
  type Expr,
  isPid,
  mostBits,
  type Op,
  type OwnerExpr,
  type PidHolder,
  type Plan,
} from './plan.ts'
import { argExpr, condition, lengthExpr, narrow, refExpr } from './plan-expressions.ts'
import { callScope, casesOf, layoutOf, type Scope, sizeOf } from './resolve.ts'

type Phase = 'enter' | 'exit' | 'exitFailed'

/** The capture plan of a call on an architecture. */
export function makePlan(declaration: Call, arch: ArchName): Plan {
  if (declaration.inMemory !== undefined) return planInMemory(declaration.inMemory, arch)
  return planIn(callScope(arch, declaration), declaration)
}

/** The plan of a call that stands for others: words that are arguments are copied at both ends, and lead on from there. */
function planInMemory({ block, calls }: NonNullable<Call['inMemory']>, arch: ArchName): Plan {
  const register = (index: number): Expr => ({ kind: 'arg', index, bits: 32 })
  const casesIn = (meant: ArgumentBlock['calls'], which: Phase): { value: number; ops: readonly Op[] }[] =>
    Object.entries(meant)
      .map(([choice, call]) => ({ value: Number(choice), ops: opsOf(call, which) }))
      .filter(({ ops }) => ops.length > 0)
  const opsOf = (meant: MeantCall, which: Phase): readonly Op[] => {
    const declaration = calls[meant.name]
    if (declaration === undefined) throw new Error(`no declaration of ${meant.name}`)
    const bytes = wordsOf(meant) * 4
    const words: Scope['structs'][number] = { layout: { size: bytes, fields: {} }, fields: {} }
    const scope: Scope = {
      ...callScope(arch, declaration),
      structs: bytes === 0 ? [] : [words],
      places: { of: meant.args, words },
    }
    const then = planIn(scope, declaration)[which]
    const result: readonly Op[] =
      meant.resultAt === undefined || which !== 'exit' ? [] : [copyOf(register(meant.resultAt), 4)]
    if (bytes === 0) return [...then, ...result]
    if (then.length === 0) return which === 'enter' ? [copyOf(register(block.at), bytes)] : result
    return [
      { ...copyOf(register(block.at), bytes), then: [{ op: 'inside', offset: 0, ops: then }] },
      ...result,
    ]
  }
  const phase = (which: Phase): readonly Op[] => {
    const cases = casesIn(block.calls, which)
    if (block.chosenBy === null) return cases[0]?.ops ?? []
    const choice = register(block.chosenBy)
    if (block.newer === undefined)
      return cases.length === 0 ? [] : [{ op: 'switch', on: choice, cases, otherwise: [] }]
    const on: Expr = { kind: 'part', a: choice, mask: 0xffff, shift: 0 }
    return [
      {
        op: 'if',
        when: {
          value: { kind: 'part', a: choice, mask: 0xffff_0000, shift: 16 },
          test: 'oneOf',
          numbers: [0],
        },
        then: [{ op: 'switch', on, cases, otherwise: [] }],
        else: [{ op: 'switch', on, cases: casesIn(block.newer, which), otherwise: [] }],
      },
    ]
  }
  return { enter: phase('enter'), exit: phase('exit'), exitFailed: phase('exitFailed') }
}

const copyOf = (at: Expr, bytes: number) =>
  ({ op: 'copy', at, length: { kind: 'const', value: bytes }, max: Bound.struct }) as const

function planIn(scope: Scope, declaration: Call): Plan {
  const { arch } = scope
  const phase = (which: Phase): Op[] =>
    scope.args.flatMap(({ type }, index) => argumentOps(type, argExpr(index, scope), scope, which))
  const returned = argumentOps(declaration.returns as unknown as Node, { kind: 'ret' }, scope, 'enter')
  const { stack } = declaration
  const offset = stack?.offsets[arch]
  const onStack =
    stack === undefined || offset === undefined
      ? []
      : pointeeOps(stack.type, { kind: 'plus', a: { kind: 'stack' }, by: offset }, scope, 'enter')
  return {
    enter: [...phase('enter'), ...onStack],
    exit: [...phase('exit'), ...returned],
    exitFailed: phase('exitFailed'),
    ...(declaration.never ? { never: true } : {}),
  }
}

const isDescriptor = (type: Node): boolean =>
  type.kind === 'int' && (type.role === 'fd' || type.role === 'dirfd')

const ownerExpr = (owner: Owner, scope: Scope): OwnerExpr =>
  'process' in owner
    ? { process: narrow(refExpr(owner.process, scope)), slot: owner.slot }
    : { pidfd: narrow(refExpr(owner.pidfd, scope)), slot: owner.slot }

/** What to copy for a value that stands in a register or a word `at`; `notes`: whether to note what ids it is. */
function argumentOps(
  type: Node,
  at: Expr,
  scope: Scope,
  phase: Phase,
  notes: boolean = phase === 'enter',
): readonly Op[] {
  switch (type.kind) {
    case 'int':
      if (type.runs !== undefined && phase === 'exit')
        return [{ op: 'virtualCpu', fd: narrow(refExpr(type.runs, scope)) }]
      // One of several types of an argument may be narrower than the register that holds them.
      if (!notes) return []
      if (type.owner !== undefined) return [{ op: 'fd', fd: narrow(at), owner: ownerExpr(type.owner, scope) }]
      if (isDescriptor(type)) return [{ op: 'fd', fd: narrow(at) }]
      return isPid(type.role) ? [{ op: 'pid', pid: narrow(at), of: type.role }] : []
    case 'pointer':
      return reads(type, phase) ? pointeeOps(type.to, at, scope, phase) : []
    case 'when':
      return branch(
        type.test,
        argumentOps(type.type, at, scope, phase, notes),
        argumentOps(type.otherwise, at, scope, phase, notes),
        scope,
      )
    case 'select': {
      const cases = casesOf(type, scope).map(([value, t]) => ({
        value,
        ops: argumentOps(t, at, scope, phase, notes),
      }))
      const otherwise = argumentOps(type.otherwise, at, scope, phase, notes)
      if (cases.every(c => c.ops.length === 0) && otherwise.length === 0) return []
      return [{ op: 'switch', on: refExpr(type.on, scope), cases, otherwise }]
    }
    case 'strings':
    case 'cstring':
    case 'bytes':
    case 'chars':
    case 'struct':
    case 'array':
    case 'iovecs':
    case 'special':
    case 'flags':
    case 'enum':
    case 'mixed':
    case 'inside':
    case 'absent':
      return []
  }
}

const reads = (pointer: Pointer, phase: Phase): boolean => {
  if (phase === 'enter') return pointer.when !== 'out'
  if (phase === 'exit') return pointer.when !== 'in'
  return pointer.when !== 'in' && pointer.evenFailed === true
}

/** What lies beyond the layout is copied as well. */
const reachesFurther = ({ least, tail }: Struct): boolean => least !== undefined || tail === true

/** What to copy at the address `at` for a node that stands there. */
function pointeeOps(type: Node, at: Expr, scope: Scope, phase: Phase): readonly Op[] {
  switch (type.kind) {
    case 'cstring':
      return [{ op: 'string', at, max: type.path ? Bound.path : 'data' }]
    case 'bytes':
      return [
        { op: 'copy', at, length: lengthExpr(type.length, scope), max: type.path ? Bound.path : 'data' },
      ]
    case 'strings':
      return [{ op: 'strings', at, env: type.env }]
    case 'iovecs': {
      const max: { max?: number } = type.netlink ? { max: Bound.data } : {}
      if (type.limit === undefined)
        return [{ op: 'iovecs', at, count: lengthExpr(type.count, scope), ...max }]
      // A call that failed moved nothing, but the vector may still be looked at.
      return [
        {
          op: 'iovecs',
          at,
          count: lengthExpr(type.count, scope),
          limit: phase === 'exitFailed' ? { kind: 'const', value: 0 } : lengthExpr(type.limit, scope),
          ...max,
        },
      ]
    }
    case 'special': {
      const length = lengthExpr(type.length, scope)
      const inBytes: Expr = type.name === 'fdset' ? { kind: 'bitset', a: length } : length
      const max = specialBytes[type.name] ?? Bound.struct
      const fds = descriptorsIn[type.name]
      const pids = pidsIn[type.name]
      const then: readonly Op[] = [
        ...(fds === undefined ? [] : [{ op: 'fds', of: fds, count: length } as const]),
        ...(pids === undefined ? [] : [{ op: 'pids', of: pids } as const]),
      ]
      return [
        {
          op: 'copy',
          at,
          length: inBytes,
          max,
          ...(then.length === 0 ? {} : { then }),
        },
      ]
    }
    case 'struct':
    case 'chars':
    case 'int':
    case 'flags':
    case 'enum':
    case 'mixed':
    case 'pointer': {
      const size = sizeOf(type, scope.arch)
      const claimed = type.kind === 'struct' && type.length !== undefined ? type : undefined
      const length: Expr =
        claimed === undefined
          ? { kind: 'const', value: size }
          : {
              kind: 'min',
              a: lengthExpr(claimed.length!, scope),
              b: { kind: 'const', value: reachesFurther(claimed) ? Bound.page : size },
            }
      const inner = rangeOps(type, scope, phase)
      return [
        inner.length === 0
          ? { op: 'copy', at, length, max: Bound.struct }
          : { op: 'copy', at, length, max: Bound.struct, then: inner },
      ]
    }
    case 'array': {
      const stride = type.stride ?? sizeOf(type.of, scope.arch)
      return [
        {
          op: 'array',
          at,
          count: lengthExpr(type.length, scope),
          stride,
          each: rangeOps(type.of, scope, phase),
          ...(type.most === undefined ? {} : { max: type.most }),
        },
      ]
    }
    case 'when':
      return branch(
        type.test,
        pointeeOps(type.type, at, scope, phase),
        pointeeOps(type.otherwise, at, scope, phase),
        scope,
      )
    case 'select':
      return [
        {
          op: 'switch',
          on: refExpr(type.on, scope),
          cases: casesOf(type, scope).map(([value, t]) => ({
            value,
            ops: pointeeOps(t, at, scope, phase),
          })),
          otherwise: pointeeOps(type.otherwise, at, scope, phase),
        },
      ]
    case 'inside':
    case 'absent':
      return []
  }
}

const descriptorsIn: { readonly [special: string]: DescriptorHolder } = {
  fdset: 'bitset',
  cmsgs: 'messages',
  siginfo: 'siginfo',
  sockaddr: 'address',
  netlink: 'netlink',
}

const pidsIn: { readonly [special: string]: PidHolder } = {
  siginfo: 'siginfo',
  cmsgs: 'messages',
  netlink: 'netlink',
  sockaddr: 'address',
}

/** Directories and netlink messages come in pieces larger than any structure; addresses have a limit of their own. */
const specialBytes: { readonly [special: string]: number } = {
  dirents: Bound.data,
  dirents64: Bound.data,
  netlink: Bound.data,
  cmsgs: Bound.control,
  sockaddr: 128,
  fdset: mostBits / 8,
}

/** What a copied range (or an element of one) leads on to. A scalar is entered as a structure of one unnamed field. */
function rangeOps(type: Node, scope: Scope, phase: Phase): readonly Op[] {
  if (type.kind === 'struct') return insideOps(type, 0, scope, phase)
  const ops = insideOps(type, 0, { ...scope, structs: [unnamed, ...scope.structs] }, phase)
  return ops.length === 0 ? [] : [{ op: 'inside', offset: 0, ops }]
}
const unnamed: Scope['structs'][number] = { layout: { size: 0, fields: {} }, fields: {} }

/** What a node copied at `offset` of the innermost range leads on to: descriptors and pointers in structures. */
function insideOps(type: Node, offset: number, scope: Scope, phase: Phase, width?: number): readonly Op[] {
  switch (type.kind) {
    case 'struct': {
      const layout = layoutOf(type.layout, scope.arch)
      const inner: Scope = { ...scope, structs: [{ layout, fields: type.fields }, ...scope.structs] }
      const ops = Object.entries(type.fields).flatMap(([name, t]) => {
        const place = layout.fields[name]
        if (place === undefined)
          throw new Error(`struct ${type.layout} has no field ${name} on ${scope.arch}`)
        return insideOps(t, place.offset, inner, phase, place.size)
      })
      return ops.length === 0 ? [] : [{ op: 'inside', offset, ops }]
    }
    case 'int':
    case 'pointer':
    case 'select':
    case 'when': {
      const at: Expr = { kind: 'field', up: 0, offset, size: width ?? sizeOf(type, scope.arch) }
      // Pointers inside a structure are followed whenever the structure is, unless they say otherwise.
      if (type.kind === 'pointer')
        return type.when === 'out' && phase === 'enter' ? [] : pointeeOps(type.to, at, scope, phase)
      // A variant that is a structure itself.
      if (type.kind === 'when' && type.type.kind === 'struct')
        return branch(
          type.test,
          insideOps(type.type, offset, scope, phase),
          insideOps(type.otherwise, offset, scope, phase, width),
          scope,
        )
      return argumentOps(type, at, scope, phase, true)
    }
    default:
      return []
  }
}

function branch(test: Test, then: readonly Op[], otherwise: readonly Op[], scope: Scope): readonly Op[] {
  if (then.length === 0 && otherwise.length === 0) return []
  return [{ op: 'if', when: condition(test, scope), then, else: otherwise }]
}
