import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import fc from 'fast-check'
import { demangle } from './cxx-names.ts'

/** Symbols of every kind that the rules know; what they say is c++filt's to tell. */
const symbols = [
  '_Z1fv',
  '_Z1fiPKc',
  '_ZN2ns1AIiE1fERKSt6vectorINSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEESaIS8_EEi',
  '_ZNKSt6vectorIiSaIiEE4sizeEv',
  '_ZNSt6vectorIiSaIiEEC1Ev',
  '_ZN3FooD0Ev',
  '_ZN3FoocvbEv',
  '_ZN3FooixEi',
  '_ZNK3FooclEv',
  '_ZN12_GLOBAL__N_13fooEv',
  '_ZL7stat_fnPFiiE',
  '_Z3addIiET_S0_S0_',
  '_Z6invokeIJidPKcEEvDpT_',
  '_ZZ4mainENKUliE_clEi',
  '_ZTV3Foo',
  '_ZTI3Foo',
  '_ZGVZ1fvE1x',
  '_ZThn8_N1B1fEv',
  '_Z1fM1AFivE',
  '_Z1fM1Ai',
  '_Z1fRA5_i',
  '_Z1fPA5_A6_i',
  '_Z1fILi5EEvv',
  '_Z1fILb1EEvv',
  '_ZN1A1BIXadL_Z1fvEEEE',
  '_ZNSolsEi',
  '_ZStlsISt11char_traitsIcEERSt13basic_ostreamIcT_ES5_PKc',
  '_ZNSaIcEC2Ev',
  '_Z1fDn',
  '_Z1fOi',
  '_ZN1AaSEOS_',
  '_ZNKR1A1fEv',
  '_ZnwmPv',
  '_Z1fz',
  '_ZN1f3barEi.constprop.0',
]

const filter = (names: readonly string[]): string[] =>
  spawnSync('c++filt', ['-i'], { input: `${names.join('\n')}\n`, encoding: 'latin1' })
    .stdout.trimEnd()
    .split('\n')
const haveFilter = spawnSync('c++filt', ['--version']).status === 0

test('names are those of c++filt', { skip: haveFilter ? false : 'no c++filt on this machine' }, () => {
  const expected = filter(symbols)
  // What is not understood is left as it is, and never half right.
  const left = symbols.filter((s, i) => demangle(s) === s && expected[i] !== s)
  assert.deepEqual(left, ['_ZN1A1BIXadL_Z1fvEEEE'])
  assert.deepEqual(
    symbols.filter(s => !left.includes(s)).map(demangle),
    expected.filter((_, i) => !left.includes(symbols[i]!)),
  )
})

test('other symbols stay as they are', () => {
  for (const name of ['main', '', '_Z', '_ZN', '_start', '_Zxyz']) assert.equal(demangle(name), name)
})

test('no symbol is too odd', () => {
  const letters = fc.constantFrom(...'_ZNKStSaITEiPRJDpM0123456789FCL')
  fc.assert(
    fc.property(fc.array(letters, { maxLength: 60 }), tail => {
      assert.equal(typeof demangle(`_Z${tail.join('')}`), 'string')
    }),
    { numRuns: 3000 },
  )
})
