/** Recordings keep every register that a notation shows. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { syscallNumbers } from '../src/abi/syscalls.ts'
import { eras, gvisorCall } from '../src/dialects/gvisor/eras.ts'
import { archNames } from '../src/record/layout.ts'
import { keptArguments } from '../src/record/unused-arguments.ts'
import { declarationOf } from '../src/syscalls/index.ts'

test('of all calls, the registers that declarations or gVisor name are kept', () => {
  for (const [index, arch] of archNames.entries())
    for (const [name, sysno] of Object.entries(syscallNumbers[arch])) {
      const kept = keptArguments(index, sysno)
      assert.ok(Object.keys(declarationOf(name, arch).args).length <= kept, `${arch} ${name}: ${kept}`)
      if (kept === 6) continue
      assert.notEqual(arch, 'i386')
      for (const era of eras) {
        const shown = gvisorCall(arch === 'arm64' ? arch : 'amd64', sysno, era)
        // gVisor shows all registers of a call that it does not know.
        assert.ok(shown !== undefined && shown.specifiers.length <= kept, `${arch} ${name}: ${kept}, ${era}`)
      }
    }
})

test('of what is no known call, all are', () => {
  for (const sysno of [423, 424, 1000, 0x4000_0000, 0xffff_ffff]) assert.equal(keptArguments(0, sysno), 6)
  assert.equal(keptArguments(2, syscallNumbers.i386.close), 6)
  assert.equal(keptArguments(200, 3), 6)
  assert.equal(keptArguments(0, syscallNumbers.amd64.close), 1)
})
