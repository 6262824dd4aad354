/** The kernel's own BTF, and such as nobody should send. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { Btf } from './btf.ts'

const kernel = '/sys/kernel/btf/vmlinux'

/** A structure `outer` of a number, an unnamed union with `deep`, and bit fields, as the format has it. */
function small(): Buffer {
  const strings = Buffer.from('\0int\0outer\0first\0deep\0flag\0name\0')
  const at = (name: string) => strings.indexOf(`\0${name}\0`) + 1
  const words = (...list: number[]) => {
    const bytes = Buffer.alloc(4 * list.length)
    list.forEach((word, i) => {
      bytes.writeUInt32LE(word >>> 0, 4 * i)
    })
    return bytes
  }
  const types = Buffer.concat([
    words(at('int'), 1 << 24, 4, 32), // 1: int
    words(0, (5 << 24) | 1, 4, at('deep'), 1, 0), // 2: union { int deep; }
    // 3: struct outer, whose offsets hold widths too
    words(at('outer'), 0x84000003 | 0, 12, at('first'), 1, 0, 0, 2, 32, at('flag'), 1, (3 << 24) | 64),
    words(at('name'), 8 << 24, 3), // 4: typedef struct outer name
  ])
  const header = Buffer.alloc(24)
  header.writeUInt16LE(0xeb9f, 0)
  header[2] = 1
  header.writeUInt32LE(24, 4)
  header.writeUInt32LE(types.length, 12)
  header.writeUInt32LE(types.length, 16)
  header.writeUInt32LE(strings.length, 20)
  return Buffer.concat([header, types, strings])
}

test('members, also of unnamed unions and beside bit fields', () => {
  const btf = new Btf(small())
  const outer = btf.find('struct', 'outer')
  assert.equal(outer, 3)
  assert.equal(btf.size(outer), 12)
  assert.deepEqual(btf.member(outer, 'first'), { offset: 0, type: 1 })
  assert.deepEqual(btf.member(outer, 'deep'), { offset: 4, type: 1 })
  assert.deepEqual(btf.member(outer, 'flag'), { offset: 8, type: 1 })
  assert.equal(btf.member(outer, 'dee'), undefined)
  assert.equal(btf.member(outer, 'first.more'), undefined)
  assert.equal(btf.find('typedef', 'outer'), 0)
  assert.equal(btf.find('typedef', 'name'), 4)
})

test('the running kernel', t => {
  if (!existsSync(kernel)) {
    t.skip(`there is no ${kernel}`)
    return
  }
  const btf = new Btf(readFileSync(kernel))
  const task = btf.find('struct', 'task_struct')
  const pid = btf.member(task, 'pid')!
  // pid_t tgid stands behind it, in every kernel so far.
  assert.equal(btf.member(task, 'tgid')!.offset, pid.offset + 4)
  assert.ok(btf.member(task, 'thread_info.flags') !== undefined || process.arch !== 'x64')
  assert.ok(btf.size(task) > 1000)
  assert.equal(btf.parameters(btf.find('typedef', 'btf_trace_sys_enter')), 2)
  assert.equal(btf.parameters(btf.find('typedef', 'btf_trace_signal_deliver')), 3)
  assert.equal(btf.find('struct', 'no_such_structure'), 0)
})

test('damaged bytes are refused or read without harm', () => {
  const whole = small()
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length), (at, byte, length) => {
      const bytes = Buffer.from(whole.subarray(0, length))
      if (at < length) bytes[at] = byte
      try {
        const btf = new Btf(bytes)
        for (const name of ['outer', 'name', 'int']) {
          const id = btf.find('struct', name)
          btf.size(id)
          btf.parameters(id)
          for (const path of ['first', 'deep', 'first.deep']) btf.member(id, path)
        }
      } catch (error) {
        assert.ok(error instanceof RangeError, String(error))
      }
    }),
  )
  assert.throws(() => new Btf(new Uint8Array(100)), RangeError)
})
