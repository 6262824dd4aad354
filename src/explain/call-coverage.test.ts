/** The table of calls has no hole: calls made up from the declarations, every variant, are captured, decoded and printed. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { syscallNumbers } from '../abi/syscalls.ts'
import { declarationOf } from '../syscalls/index.ts'
import { call, field, into, is, out, size, struct, uint, when } from '../types/language.ts'
import { callCoverage } from './call-coverage.ts'
import { uncaptured } from './captured-pointers.ts'
import { sampleVariants } from './sample-variants.ts'

describe('the table of calls', () => {
  for (const arch of ['amd64', 'arm64'] as const)
    test(`has no hole on ${arch}`, () => {
      for (const name of Object.keys(syscallNumbers[arch])) {
        const { gvisorKnows, ...holes } = callCoverage(name, arch)
        for (const [column, hole] of Object.entries(holes))
          assert.equal(hole, undefined, `${name}: ${column}`)
      }
    })

  test('captures every pointer that is declared for 32-bit programs', () => {
    for (const name of Object.keys(syscallNumbers.i386))
      assert.deepEqual(uncaptured(declarationOf(name, 'i386'), 'i386'), [], name)
  })

  test('a pointer that nothing copies is a hole', () => {
    const hidden = call({ size, at: into(struct('iovec', { iov_base: out(uint), iov_len: size })) }, size)
    assert.deepEqual(uncaptured(hidden, 'amd64'), ['a pointer (out) to int is not copied at the enter'])
  })

  test('a pointer that no variant reaches is a hole', () => {
    const twice = when(is('size', 1), when(is('size', 2), into(uint)))
    assert.deepEqual(uncaptured(call({ size, at: twice }, size), 'amd64'), [
      'a pointer (in) to int is in no sample',
    ])
  })

  test('every variant is in a sample', () => {
    const inner = struct('iovec', { iov_len: size, iov_base: when(is(field('iov_len'), 3, 4), into(uint)) })
    const variants = [...sampleVariants(call({ size, at: when(is('size', 7), into(inner)) }, size), 'amd64')]
    const seen = variants.map(({ args: [count = 0n], pointers }) => [count === 7n, pointers.length])
    for (const wanted of [
      [true, 2],
      [true, 1],
      [false, 0],
    ])
      assert.ok(
        seen.some(([seven, pointers]) => seven === wanted[0] && pointers === wanted[1]),
        String(wanted),
      )
  })
})
