/** A call's arguments and result as text: which arguments are written when, and under what label. */
import type { Frame } from '../../record/frame.ts'
import type { ArchName } from '../../record/layout.ts'
import { otherNames } from '../../syscalls/for-32-bits.ts'
import { joinHalves } from '../../types/decode-numbers.ts'
import { type Bases, compileRef, compileTest, type Holds } from '../../types/evaluate.ts'
import type { Call, Int, Node } from '../../types/language.ts'
import { argumentBytes, callScope, type Scope } from '../../types/resolve.ts'
import type { TextBuffer } from '../text-buffer.ts'
import { knownCases } from './names.ts'
import { staysUnread } from './pointees.ts'
import { presentations, type ShownArgument } from './presentations.ts'
import { type PrintScope, printer } from './print.ts'
import { printRawError, printResult, results } from './results.ts'
import type { Style } from './style.ts'

/** A call of one architecture made ready to print with one style. */
export interface CallPrinter {
  /** Writes arguments from number `from` on; before the call returned it stops at the first that only the exit knows. Returns where to go on, `count` when all are written. */
  args(out: TextBuffer, frame: Frame, from: number): number
  readonly count: number
  /** What came of the call is told behind its result: it stays unfinished where there is none. */
  readonly toldLate: boolean
  readonly name: string
  /** All its arguments are numbers. */
  readonly raw: boolean
  /** Writes what follows `= `. */
  result(out: TextBuffer, frame: Frame): void
  readonly never: boolean
}

interface Item {
  readonly label: string
  readonly print: (out: TextBuffer, frame: Frame, at: number, bases: Bases) => void
  readonly offset: number
  readonly absent: Holds
  readonly waits: Holds
  readonly lateComma: boolean
  readonly joined: boolean
}

/** Compiles the printer of a declaration. `hexadecimal`: all arguments, or these registers, as such numbers (-e raw). */
export function callPrinter(
  name: string,
  declaration: Call,
  arch: ArchName,
  style: Style,
  hexadecimal?: 'arguments' | readonly number[],
): CallPrinter {
  const raw = hexadecimal !== undefined
  const inRegisters = raw && hexadecimal !== 'arguments'
  const scope: PrintScope = { ...callScope(arch, declaration), style }
  // What leads to arguments in memory is not what is told of them.
  const own = declaration.inMemory === undefined ? (otherNames[name] ?? name) : ''
  const numbers =
    hexadecimal !== 'arguments'
      ? hexadecimal
      : // What is read from the stack is no argument.
        declaration.stack === undefined
        ? scope.args.map((_, index) => index)
        : []
  const shown = (): readonly ShownArgument[] =>
    presentations[own]?.(scope) ?? scope.args.map(a => ({ label: '', arg: a.name }))
  const items: Item[] =
    numbers?.map(hexadecimalItem) ??
    shown().flatMap(({ label, arg, print, waits, lateComma, joined }) => {
      const index = scope.args.findIndex(a => a.name === arg)
      const type = scope.args[index]!.type
      const unread = style.unread === true && type.kind === 'pointer' && staysUnread(type.to)
      // What the call made of it goes unread as well.
      if (unread && joined) return []
      const printOwn = unread ? undefined : print
      return {
        label: label === '' ? '' : `${label}=`,
        offset: index * 8,
        print: printOwn ?? argumentPrinter(type, scope),
        absent: absence(type, scope),
        waits: waits === true ? always : (waits ?? waiting(type, scope)),
        lateComma: lateComma === true,
        joined: joined === true,
      }
    })
  const bases: Bases = []
  const returns = returned(declaration.returns as unknown as Node, scope)
  const told = results[own]?.(scope)
  return {
    count: items.length,
    toldLate: !raw && told !== undefined && told.whole !== true,
    name,
    raw,
    never: declaration.never === true,
    args(out, frame, from) {
      // An enter that stopped in the middle has written its separator already.
      let separate = false
      for (let i = from; i < items.length; i++) {
        const item = items[i]!
        if (item.absent(frame, bases)) continue
        const stop = frame.result < 0 && item.waits(frame, bases)
        if (item.joined) separate = true
        else if (separate ? !(stop && item.lateComma) : item.lateComma && i > 0 && i === from) out.put(', ')
        if (stop) return i
        separate = true
        if (item.label !== '') out.put(item.label)
        item.print(out, frame, (inRegisters ? frame.registers : frame.args) + item.offset, bases)
      }
      return items.length
    },
    result: (out, frame) => {
      if (!raw || frame.result < 0) printResult(out, frame, returns(frame), style, told)
      else if (frame.failed) printRawError(out, frame.errno)
      else rawArgument(out, frame, frame.result, bases)
    },
  }
}

/** What a call returns, which may hang on an argument. */
function returned(type: Node, scope: Scope): (frame: Frame) => Int {
  if (type.kind !== 'select') return () => type as Int
  const on = compileRef(type.on, scope)
  const variant = knownCases(type, scope, node => node as Int)
  return frame => variant(on(frame, [])) ?? (type.otherwise as Int)
}

const hexadecimalItem = (index: number): Item => ({
  label: '',
  offset: index * 8,
  print: rawArgument,
  absent: never,
  waits: never,
  lateComma: false,
  joined: false,
})

const never: Holds = () => false
const always: Holds = () => true
const rawArgument: Item['print'] = (out, frame, at) => {
  const low = frame.view.getUint32(at, true)
  const high = frame.view.getUint32(at + 4, true)
  if ((low | high) === 0) out.putChar('0')
  else out.hex(low, high)
}

function argumentPrinter(type: Node, scope: PrintScope): Item['print'] {
  if (type.kind !== 'int' || type.halves === undefined)
    return printer(type, scope, argumentBytes(type, scope.arch))
  const { halves, signed } = type
  return (out, frame, at) => out.put(joinHalves(frame.view, at, halves, signed).toString())
}

/** Whether an argument is not there in this variant of the call. */
function absence(type: Node, scope: Scope): Holds {
  switch (type.kind) {
    case 'absent':
      return () => true
    case 'when': {
      const test = compileTest(type.test, scope)
      const then = absence(type.type, scope)
      const otherwise = absence(type.otherwise, scope)
      return (frame, bases) => (test(frame, bases) ? then : otherwise)(frame, bases)
    }
    case 'select':
      return choose(type, scope, t => absence(t, scope))
    default:
      return never
  }
}

/** Whether an argument can only be written once the call has returned. */
export function waiting(type: Node, scope: Scope): Holds {
  switch (type.kind) {
    case 'pointer': {
      const waits = type.when !== 'in' || holdsOut(type.to)
      return () => waits
    }
    case 'when': {
      // What hangs on the result is not known before it.
      if ('ref' in type.test && 'ret' in type.test.ref) return always
      const test = compileTest(type.test, scope)
      const then = waiting(type.type, scope)
      const otherwise = waiting(type.otherwise, scope)
      return (frame, bases) => (test(frame, bases) ? then : otherwise)(frame, bases)
    }
    case 'select':
      return choose(type, scope, t => waiting(t, scope))
    default:
      return never
  }
}

/** Whether a structure that the kernel reads leads to memory that it writes (an iovec in a msghdr). */
function holdsOut(type: Node): boolean {
  return (
    type.kind === 'struct' && Object.values(type.fields).some(f => f.kind === 'pointer' && f.when === 'out')
  )
}

function choose(type: Extract<Node, { kind: 'select' }>, scope: Scope, make: (t: Node) => Holds): Holds {
  const on = compileRef(type.on, scope)
  const variant = knownCases(type, scope, make)
  const otherwise = make(type.otherwise)
  return (frame, bases) => (variant(on(frame, bases)) ?? otherwise)(frame, bases)
}
