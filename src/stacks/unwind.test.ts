import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { ElfFile } from './elf-file.ts'
import { frameRules } from './frame-rules.ts'
import { mappingAt, parseMappings } from './mappings.ts'
import { ElfFiles, machines, unwind } from './unwind.ts'

const folder = mkdtempSync(join(tmpdir(), 'sysglass-'))
after(() => rmSync(folder, { recursive: true }))
const shell = realpathSync('/bin/sh')

test('executable mappings with names are found by address', () => {
  const list = parseMappings(readFileSync('/proc/self/maps', 'latin1'))
  assert.ok(list.length > 2)
  for (const mapping of list) {
    assert.equal(mappingAt(list, mapping.start), mapping)
    assert.equal(mappingAt(list, mapping.end - 1), mapping)
    assert.notEqual(mappingAt(list, mapping.end), mapping)
  }
  assert.equal(mappingAt(list, 0), undefined)
})

test('every function of a shared library has rules', () => {
  const { name } =
    parseMappings(readFileSync('/proc/self/maps', 'latin1')).find(m => /\/libc[.-]/.test(m.name)) ?? {}
  assert.ok(name, 'node has a C library of its own')
  const file = ElfFile.open(name)!
  assert.equal(file.symbolAt(0), null)
  let known = 0
  for (let offset = 0x30000; offset < 0x130000; offset += 0x100) {
    const address = file.addressOf(offset)
    if (address !== undefined && frameRules(file, address) !== null) known++
  }
  assert.ok(known > 2000, String(known))
  file.close()
})

test('no file is too odd', () => {
  const bytes = readFileSync(shell)
  const path = join(folder, 'odd')
  const changes = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 40 })
  const headers = fc.array(fc.tuple(fc.nat(1000), fc.nat(255)), { maxLength: 10 })
  fc.assert(
    fc.property(changes, headers, fc.nat(bytes.length), (anywhere, early, length) => {
      const odd = Buffer.from(bytes)
      for (const [at, value] of [...anywhere, ...early]) odd[at] = value
      writeFileSync(path, length % 3 === 0 ? odd.subarray(0, length) : odd)
      const stack = new Uint8Array(4096).map((_, i) => anywhere[i % anywhere.length]![1])
      const mappings = [{ start: 0x1000_0000, end: 0x1010_0000, offset: 0, name: path }]
      const registers = new Map(Array.from({ length: 17 }, (_, n) => [n, 0x7000_0000 + n * 8]))
      registers.set(16, 0x1000_0000 + anywhere[0]![0])
      const copy = { address: 0x7000_0000, view: new DataView(stack.buffer) }
      assert.ok(unwind(machines.amd64, registers, copy, mappings, new ElfFiles()).length <= 256)
    }),
    { numRuns: 150 },
  )
})
