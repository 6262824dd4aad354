import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Arch, syscallNumbers } from '../abi/syscalls.ts'
import type { Call, Node, Pointer } from '../types/language.ts'
import { makePlan } from '../types/make-plan.ts'
import type { Op, Plan } from '../types/plan.ts'
import { callScope } from '../types/resolve.ts'
import { otherNames } from './for-32-bits.ts'
import { i386Calls } from './i386.ts'
import { callName, declarationOf, table, unknownCall } from './index.ts'

const architectures = ['amd64', 'arm64', 'i386'] as const satisfies readonly Arch[]
const namesOf = (arch: Arch): string[] => Object.keys(syscallNumbers[arch])

/** The types that an argument may have, whatever hangs on others. */
function variants(type: Node): Node[] {
  if (type.kind === 'select') return [...Object.values(type.cases), type.otherwise].flatMap(variants)
  if (type.kind === 'when') return [...variants(type.type), ...variants(type.otherwise)]
  return [type]
}
const pointers = (type: Node): Pointer[] => variants(type).filter(v => v.kind === 'pointer')

/** Every step of a plan's phase, also those in branches. */
function steps(ops: readonly Op[]): Op[] {
  return ops.flatMap(op => {
    switch (op.op) {
      case 'if':
        return [op, ...steps(op.then), ...steps(op.else)]
      case 'switch':
        return [op, ...op.cases.flatMap(c => steps(c.ops)), ...steps(op.otherwise)]
      case 'inside':
        return [op, ...steps(op.ops)]
      case 'copy':
        return [op, ...steps(op.then ?? [])]
      case 'array':
        return [op, ...steps(op.each)]
      default:
        return [op]
    }
  })
}
const copies = (ops: readonly Op[], index: number): boolean =>
  steps(ops).some(op => 'at' in op && op.at.kind === 'arg' && op.at.index === index)
const phasesOf = (plan: Plan, { when }: Pointer): readonly (readonly Op[])[] =>
  when === 'in' ? [plan.enter] : when === 'out' ? [plan.exit] : [plan.enter, plan.exit]

for (const arch of architectures)
  describe(arch, () => {
    test('every number has a declaration', () => {
      const missing = namesOf(arch).filter(name => declarationOf(name, arch) === unknownCall)
      assert.deepEqual(missing, [])
    })

    test('numbers and names lead to one another', () => {
      for (const [name, number] of Object.entries(syscallNumbers[arch]))
        assert.equal(callName(arch, number), name)
      assert.equal(callName(arch, 100_000), undefined)
    })

    test('no call has more than six arguments', () => {
      for (const name of namesOf(arch))
        assert.ok(callScope(arch, declarationOf(name, arch)).args.length <= 6, name)
    })

    // A plan resolves each name that lengths, conditions and choices refer to: it throws where there is none.
    test('every declaration makes a plan', () => {
      for (const name of namesOf(arch)) {
        const { enter, exit, exitFailed } = makePlan(declarationOf(name, arch), arch)
        for (const phase of [enter, exit, exitFailed]) assert.ok(Array.isArray(phase), name)
      }
    })

    test('what a pointer leads to is copied', () => {
      for (const name of namesOf(arch)) {
        const declaration = declarationOf(name, arch)
        const plan = makePlan(declaration, arch)
        callScope(arch, declaration).args.forEach(({ name: argument, type }, index) => {
          for (const pointer of pointers(type))
            for (const phase of phasesOf(plan, pointer))
              assert.ok(copies(phase, index), `${name}: nothing copies ${argument} (${pointer.when})`)
        })
      }
    })

    test('a plan survives being cloned for a worker', () => {
      for (const name of namesOf(arch)) {
        const plan = makePlan(declarationOf(name, arch), arch)
        assert.deepEqual(structuredClone(plan), plan)
      }
    })
  })

describe('the table', () => {
  const known = new Set<string>(architectures.flatMap(namesOf))

  test('has no call that no architecture has', () => {
    assert.deepEqual(
      Object.keys(table).filter(name => !known.has(name)),
      [],
    )
    assert.deepEqual(
      [...Object.keys(i386Calls), ...Object.keys(otherNames)].filter(name => !(name in syscallNumbers.i386)),
      [],
    )
  })

  test('other names are those of calls that it has', () => {
    for (const [name, of] of Object.entries(otherNames)) {
      assert.ok(of in table, `${name}: ${of}`)
      assert.equal(name in table, false, name)
    }
  })

  test('is data: nothing in it is a function', () => {
    const look = (part: unknown, where: string, depth: number): void => {
      assert.notEqual(typeof part, 'function', where)
      if (typeof part !== 'object' || part === null || depth > 30) return
      for (const [key, value] of Object.entries(part)) look(value, `${where}.${key}`, depth + 1)
    }
    for (const [name, declaration] of Object.entries(table) as [string, Call][]) look(declaration, name, 0)
  })

  test('32-bit programs get times of the size that they had', () => {
    const bytesAt = (name: string): unknown =>
      steps(makePlan(declarationOf(name, 'i386'), 'i386').enter).flatMap(op =>
        op.op === 'copy' && op.length.kind === 'const' ? [op.length.value] : [],
      )
    assert.deepEqual(bytesAt('nanosleep'), [8])
    assert.deepEqual(bytesAt('clock_settime64'), [16])
  })
})
