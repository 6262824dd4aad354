/** What is generated agrees with the facts, with Linux's numbers, and with what is implemented. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { generateGvisor } from '../../../scripts/generate-gvisor.ts'
import { syscallNumbers } from '../../abi/syscalls.ts'
import { eras, gvisorCall, setEntries } from './eras.ts'
import { ProcessStates } from './process-states.ts'
import { specifiers } from './specifiers/index.ts'
import { calls } from './tables/calls.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const arches = ['amd64', 'arm64'] as const

interface Facts {
  readonly calls: { readonly [arch: string]: { readonly [nr: string]: readonly [string, string] } }
  readonly sets: {
    readonly [arch: string]: {
      readonly [set: string]: { readonly kind: string; readonly entries: [string, string][] }
    }
  }
}
const facts = JSON.parse(readFileSync(`${root}data/gvisor/tables.json`, 'utf8')) as Facts

test('the tables are those that the facts generate', () => {
  for (const [path, text] of generateGvisor()) assert.equal(readFileSync(root + path, 'utf8'), text, path)
})

test('calls and sets are gVisor’s', t => {
  for (const arch of arches) {
    const wanted = Object.entries(facts.calls[arch]!)
    const same = wanted.filter(([nr, [name, list]]) => {
      const call = gvisorCall(arch, Number(nr), 'head')
      return call?.name === name && call.specifiers.join(' ') === list
    })
    const sets = Object.entries(facts.sets[arch]!)
    const sameSets = sets.filter(([name, { kind, entries }]) => {
      const of = kind.startsWith('alias:') ? facts.sets[arch]![kind.slice(6)]!.entries : entries
      return (
        JSON.stringify(setEntries(arch, name, 'head')) === JSON.stringify(of.map(([n, v]) => [n, Number(v)]))
      )
    })
    t.diagnostic(
      `${arch}: ${same.length} of ${wanted.length} calls, ${sameSets.length} of ${sets.length} sets`,
    )
    assert.equal(same.length, wanted.length)
    assert.equal(sameSets.length, sets.length)
  }
})

test('calls have Linux’s numbers', () => {
  for (const arch of arches) {
    const numbers: { readonly [name: string]: number } = syscallNumbers[arch]
    // Names that gVisor spells otherwise than Linux's headers.
    const differ = Object.entries(calls[arch]!).filter(
      ([nr, [name]]) => numbers[name] !== undefined && numbers[name] !== Number(nr),
    )
    assert.deepEqual(differ, [])
  }
})

test('every specifier is there, on both architectures and in all eras', () => {
  for (const arch of arches)
    for (const era of eras) {
      const known = specifiers({ arch, era, limit: 1024, escapePaths: false, processes: new ProcessStates() })
      for (const nr of Object.keys(calls[arch]!))
        for (const name of gvisorCall(arch, Number(nr), era)?.specifiers ?? [])
          assert.ok(known[name] !== undefined, `${name} of call ${nr}`)
    }
})

test('eras: what came later is not there before', () => {
  assert.equal(gvisorCall('amd64', 439, 'head')?.name, 'faccessat2')
  assert.equal(gvisorCall('amd64', 439, '2022'), undefined)
  assert.equal(gvisorCall('amd64', 436, '2021'), undefined)
  assert.deepEqual(gvisorCall('amd64', 266, '2021')?.specifiers, ['Path', 'Hex', 'Path'])
  assert.deepEqual(gvisorCall('amd64', 9, '2021')?.specifiers, ['Hex', 'Hex', 'Hex', 'Hex', 'FD', 'Hex'])
  const value = (era: '2021' | 'head') => new Map(setEntries('amd64', 'OpenFlagSet', era)).get('O_SYNC')
  assert.deepEqual([value('2021'), value('head')], [0x101000, 0x100000])
  // A set that is another's alias differs with it.
  const icmp = eras.map(era =>
    setEntries('arm64', 'SocketProtocol[AF_INET=2]', era).some(([name]) => name === 'IPPROTO_ICMPV6'),
  )
  assert.deepEqual(
    icmp,
    eras.map(era => era === 'head'),
  )
})
