/** The numbers that a made-up call may have where others hang on them. */
import type { ArchName } from '../record/layout.ts'
import type { Call, Ref } from '../types/language.ts'
import { condition } from '../types/plan-expressions.ts'
import { casesOf } from '../types/resolve.ts'
import { walkDeclaration } from './walk-declaration.ts'

/** A small number that is none of these. */
export function other(numbers: readonly number[]): number {
  let n = 1
  while (numbers.includes(n)) n++
  return n
}

/** The numbers that conditions and choices of a declaration ask a reference for. */
export function numbersAskedFor(declaration: Call, arch: ArchName): ReadonlyMap<string, readonly number[]> {
  const asked = new Map<string, Set<number>>()
  const bits = new Map<string, Ref>()
  const add = (ref: Ref, numbers: readonly number[]) => {
    const key = JSON.stringify(ref)
    const known = asked.get(key) ?? new Set()
    asked.set(key, known)
    for (const n of numbers) known.add(n)
  }
  walkDeclaration(declaration, arch, (type, scope) => {
    if (type.kind === 'select')
      add(
        type.on,
        casesOf(type, scope).map(([n]) => n),
      )
    if (type.kind === 'when' && !('netlink' in type.test)) {
      const test = condition(type.test, scope)
      if (test.test === 'netlink') return true
      add(type.test.ref, test.numbers)
      // Flags come in pairs as well: one condition may stand behind another.
      if (test.test === 'anyBit') bits.set(JSON.stringify(type.test.ref), type.test.ref)
    }
    return true
  })
  for (const [key, ref] of bits) {
    const single = [...(asked.get(key) ?? [])]
    add(ref, [0, ...single.flatMap((a, i) => single.slice(i + 1).map(b => Number(BigInt(a) | BigInt(b))))])
  }
  return new Map([...asked].map(([key, numbers]) => [key, [...numbers]]))
}
