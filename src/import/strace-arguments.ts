/** Arguments in strace's text, back to registers and memory, by the call's declaration and the way in which strace shows it. */
import { presentations } from '../dialects/strace/presentations.ts'
import { defaultStyle } from '../dialects/strace/style.ts'
import type { ArchName } from '../record/layout.ts'
import { otherNames } from '../syscalls/for-32-bits.ts'
import { declarationOf } from '../syscalls/index.ts'
import type { Node, Ref, Test } from '../types/language.ts'
import { argIndex, callScope, casesOf, resolveName, type Scope } from '../types/resolve.ts'
import type { Arguments } from './record-maker.ts'
import { KnownValues } from './strace-values.ts'

export interface StraceArguments {
  /** What was known as the call began. */
  readonly entered: Arguments
  /** What it wrote. */
  readonly written: Pick<Arguments, 'memory' | 'paths'>
  /** How many arguments have a text that is not what the call's should be: their registers are 0. */
  readonly odd: number
}

interface Shown {
  readonly label: string
  readonly index: number
  readonly type: Node
}
interface KnownCall {
  readonly scope: Scope
  readonly shown: readonly Shown[]
}

const knownCalls = new Map<string, KnownCall>()

function knownCall(arch: ArchName, name: string): KnownCall {
  const key = `${arch} ${name}`
  let known = knownCalls.get(key)
  if (known === undefined) {
    const scope = callScope(arch, declarationOf(name, arch))
    const presented = presentations[otherNames[name] ?? name]?.({ ...scope, style: defaultStyle })
    const shown = (presented ?? scope.args.map(({ name }) => ({ label: '', arg: name })))
      // Those that go on with another one tell what the call made of it.
      .filter(one => !('joined' in one && one.joined === true))
      .map(({ label, arg }) => {
        const index = argIndex(scope, arg)
        return { label: label === '' ? '' : `${label}=`, index, type: scope.args[index]!.type }
      })
    known = { scope, shown }
    knownCalls.set(key, known)
  }
  return known
}

/** Reads the parts of a call's list of arguments. */
export function readStraceArguments(arch: ArchName, name: string, parts: readonly string[]): StraceArguments {
  const { scope, shown } = knownCall(arch, name)
  const registers: bigint[] = new Array<bigint>(scope.args.length).fill(0n)
  const entered = new KnownValues(arch)
  const written = new KnownValues(arch, entered)
  let odd = 0
  let at = 0
  for (const { label, index, type: declared } of shown) {
    const type = chosen(declared, scope, registers)
    if (type.kind === 'absent') continue
    const part = parts[at]
    if (part === undefined) break
    // An argument that is shown only now and then has a label: what does not bear it is another's.
    if (label !== '' && !part.startsWith(label)) continue
    at++
    const value = readArgument(part.slice(label.length), type, entered, written)
    if (value === null) odd++
    else registers[index] = BigInt.asUintN(64, value)
  }
  return { entered: { registers, memory: entered.memory, paths: entered.paths }, written, odd }
}

function readArgument(text: string, type: Node, entered: KnownValues, written: KnownValues): bigint | null {
  if (type.kind !== 'pointer') return entered.number(text, type)
  return (type.when === 'in' ? entered : written).pointer(text, type.to)
}

/** The type that an argument has beside what the others are known to be. */
function chosen(type: Node, scope: Scope, registers: readonly bigint[]): Node {
  if (type.kind === 'when') {
    const holds = testHolds(type.test, scope, registers)
    return chosen(holds ? type.type : type.otherwise, scope, registers)
  }
  if (type.kind === 'select') {
    const number = chooser(type.on, scope, registers)
    const found = number === undefined ? undefined : casesOf(type, scope).find(([n]) => n >>> 0 === number)
    return chosen(found?.[1] ?? type.otherwise, scope, registers)
  }
  return type
}

/** The number that a choice hangs on, where it is an argument's. */
function chooser(ref: Ref, scope: Scope, registers: readonly bigint[]): number | undefined {
  if ('arg' in ref) return Number(BigInt.asUintN(32, registers[argIndex(scope, ref.arg)] ?? 0n))
  if (!('part' in ref)) return undefined
  const whole = chooser(ref.part, scope, registers)
  return whole === undefined ? undefined : (whole & ref.mask) >>> ref.shift
}

function testHolds(test: Test, scope: Scope, registers: readonly bigint[]): boolean {
  if ('netlink' in test || !('arg' in test.ref)) return !('netlink' in test)
  const { ref } = test
  const value = registers[argIndex(scope, ref.arg)] ?? 0n
  const number = (name: string | number): bigint => BigInt.asUintN(64, BigInt(resolveName(scope, ref, name)))
  if ('anyBit' in test) return test.anyBit.some(name => (value & number(name)) === number(name))
  if ('oneOf' in test) return test.oneOf.some(name => value === number(name))
  return !test.noneOf.some(name => value === number(name))
}
