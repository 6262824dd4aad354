import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { syscallNumbers } from '../abi/syscalls.ts'
import { oracleMissing, tracedNumbers } from '../cli/options/strace-oracle.ts'
import { Refusal } from './refusal.ts'
import { syscallClasses } from './syscall-classes.ts'
import { callTables, choosesCall, parseSyscallFilter, type SyscallFilter } from './syscall-filter.ts'

const amd64 = callTables('amd64')

function parse(text: string, tables = amd64): SyscallFilter {
  const filter = parseSyscallFilter(text, tables)
  assert.ok(!(filter instanceof Refusal), `${text} is refused: ${(filter as Refusal).message}`)
  return filter
}

function names(text: string, tables = amd64): string[] {
  const filter = parse(text, tables)
  assert.ok(filter.kind === 'set')
  return [...filter.names].sort()
}

test('names, numbers, classes and regular expressions add up', () => {
  assert.deepEqual(names('open,close'), ['close', 'open'])
  assert.deepEqual(names('0,01'), ['read', 'write'])
  assert.deepEqual(names('%pure,/^statfs$,,read,'), names('read,statfs,%pure'))
  assert.deepEqual(names('?nosuch,read'), ['read'])
  assert.deepEqual(names('?nosuch'), [])
  // A number that has a name in 32-bit programs alone, and one that has none.
  assert.deepEqual(names('408'), [])
  assert.ok(parseSyscallFilter('415', amd64) instanceof Refusal)
  assert.ok(parseSyscallFilter('408@64', amd64) instanceof Refusal)
})

test('all, none and !', () => {
  for (const text of ['all', '!none', '!!all']) assert.deepEqual(parse(text), { kind: 'all' })
  for (const text of ['none', '!all']) assert.deepEqual(names(text), [])
  const others = parse('!open')
  assert.ok(!choosesCall(others, 'open', true))
  assert.ok(choosesCall(others, 'close', true))
  assert.ok(choosesCall(others, 'syscall_0x3e8', false))
  assert.ok(!choosesCall(parse('open,all'), 'syscall_0x3e8', false))
})

test('a personality restricts', () => {
  const filter = parse('open@32,close@64,read')
  const chosen = (bits: 32 | 64) =>
    ['open', 'close', 'read'].filter(name => choosesCall(filter, name, true, bits))
  assert.deepEqual(chosen(64), ['close', 'read'])
  assert.deepEqual(chosen(32), ['open', 'read'])
  assert.ok(choosesCall(parse('mmap2'), 'mmap2', true, 32))
  assert.ok(choosesCall(parse('send,recv'), 'recv', true, 32))
})

test('names that Object has are no calls', () => {
  for (const text of ['constructor', '__proto__', 'toString', '%constructor']) {
    assert.ok(parseSyscallFilter(text, amd64) instanceof Refusal, text)
  }
})

test('other machines have other calls', () => {
  const arm64 = callTables('arm64')
  assert.ok(parseSyscallFilter('open', arm64) instanceof Refusal)
  assert.deepEqual(names('openat,%%stat', arm64), ['fstat', 'newfstatat', 'openat', 'statx'])
})

test('classes name calls that are', () => {
  const known = new Set([
    ...Object.keys(syscallNumbers.amd64),
    ...Object.keys(syscallNumbers.i386),
    'send',
    'recv',
  ])
  for (const [name, calls] of Object.entries(syscallClasses)) {
    assert.deepEqual(
      calls.filter(call => !known.has(call)),
      [],
      name,
    )
  }
})

const expressions = [
  ...Object.keys(syscallClasses),
  ...['%net', 'file', 'process', 'network', 'signal', 'ipc', 'desc', 'memory'],
  ...['all@64', 'all@32', 'all,open', 'open@64,close@32', '0', '1@32', '400', 'mmap2', '449', '512', '?foo'],
  ...['!open', '!%file', '!!open,close', '!400', 'none', '!all', '%file@64,%desc@32', '!file@32', '!?foo'],
  ...['/^open', '/[[:digit:]]$', '/(get|set)[ug]id', '/.@32', '/^.{4}$', '/(.)\\1', '/\\<read\\>', '/_'],
]

/** What the filter cannot tell: strace always sees these, and numbers that are not in its tables. */
const strace = {
  64: { last: 450, always: new Set([59, 322]) },
  32: { last: 450, always: new Set([11, 102, 117, 358]) },
}

test('the same calls are chosen as strace chooses', { skip: oracleMissing() ?? false }, () => {
  for (const text of expressions) {
    const filter = parse(text)
    for (const bits of [64, 32] as const) {
      const { last, always } = strace[bits]
      const table = bits === 64 ? amd64.wide : amd64.narrow
      const expected = tracedNumbers(['-e', `trace=${text}`], bits, last + 1)
      const named = [...table.names].filter(
        ([number]) => number >= 0 && number <= last && !always.has(number),
      )
      const differing = named.filter(
        ([number, name]) => choosesCall(filter, name, true, bits) !== expected.has(number),
      )
      // uretprobe came after strace 6.1.
      assert.deepEqual(
        differing.filter(([, name]) => name !== 'uretprobe'),
        [],
        `-e trace=${text} of ${bits}-bit programs`,
      )
    }
  }
})

test('the parts of a set, in any order and notation, mean the same set', () => {
  const all = Object.entries(syscallNumbers.amd64)
  const call = fc.constantFrom(...all)
  const notation = fc.constantFrom<(name: string, number: number) => string>(
    name => name,
    name => '?' + name,
    name => name + '@64',
    (_, number) => `${number}@64`,
    name => `/^${name}$`,
  )
  const separator = fc.constantFrom(',', ',,')
  fc.assert(
    fc.property(
      fc.array(fc.tuple(call, notation, separator), { minLength: 1, maxLength: 20 }),
      fc.boolean(),
      (parts, not) => {
        const chosen = new Set(parts.map(([[name]]) => name))
        const list = parts.map(([[name, number], write, comma]) => write(name, number) + comma).join('')
        // An alias of a class would win over the call.
        fc.pre(!parts.some(([[name]]) => name === 'signal' || name === 'ipc'))
        const filter = parse((not ? '!' : '') + list)
        for (const [name] of all)
          assert.equal(choosesCall(filter, name, true), chosen.has(name) !== not, name)
      },
    ),
  )
})

test('any text is a set or is refused', () => {
  const piece = fc.constantFrom(
    'open',
    '%',
    'file',
    '/',
    '!',
    '?',
    '@',
    '64',
    ',',
    'all',
    'none',
    '[',
    '(',
    '400',
  )
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(piece).map(pieces => pieces.join('')),
  )
  fc.assert(
    fc.property(text, set => {
      parseSyscallFilter(set, amd64)
    }),
  )
})
