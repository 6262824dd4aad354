import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { goNanoseconds } from '../import/runsc-line.ts'
import {
  disable,
  type EventMessage,
  enable,
  enableAll,
  eventFlag,
  initialize,
  logFlag,
  lookup,
  StraceWriter,
  SyscallTable,
  sinkEvent,
  sinkLog,
  type Task,
  UnknownCallError,
} from './index.ts'

const has = [0, 1, 257]
const newTable = (os = 'linux', arch = 'amd64'): SyscallTable => new SyscallTable(os, arch, has)
const shown = (table: SyscallTable, flag: number): number[] =>
  [0, 1, 2, 257, 1999, 2000, 2001, 1e9].filter(sysno => (table.flags(sysno) & flag) !== 0)
/** A task whose memory is all As. */
const taskThatLogs = (lines: string[], other: Partial<Task>): Task => ({
  pid: 1,
  tid: 1,
  name: 'task',
  workingDirectory: '/',
  readMemory: (_, into) => into.fill(65).length,
  fdPath: () => undefined,
  log: line => lines.push(line),
  ...other,
})
const missing = [2, 1999, 2000, 2001, 1e9]

test('maps are looked up by system and architecture', () => {
  assert.equal(lookup('linux', 'amd64')!.name(0), 'read')
  assert.equal(lookup('linux', 'arm64')!.name(63), 'read')
  assert.equal(lookup('linux', 'amd64')!.name(1999), 'sys_1999')
  assert.equal(lookup('linux', 'riscv64'), undefined)
  assert.equal(lookup('windows', 'amd64'), undefined)
})

test('names become numbers exactly', () => {
  const map = lookup('linux', 'amd64')!
  assert.equal(map.convertToSysno('openat'), 257)
  for (const name of ['', 'OPENAT', 'openat ', 'sys_257', 'toString'])
    assert.equal(map.convertToSysno(name), undefined)
  assert.equal(map.convertToSysnoMap(null), null)
  assert.deepEqual(map.convertToSysnoMap(['read', 'write']), new Set([0, 1]))
  assert.throws(() => map.convertToSysnoMap(['read', 'a"b']), { message: 'syscall "a\\"b" not found' })
})

test('enable shows the listed calls and those that are missing, to one sink', () => {
  const table = newTable()
  initialize([table])
  assert.deepEqual(shown(table, logFlag), [])
  enable([table], ['read', 'openat'], sinkLog)
  assert.deepEqual(
    shown(table, logFlag).sort((a, b) => a - b),
    [0, ...missing, 257].sort((a, b) => a - b),
  )
  assert.deepEqual(shown(table, eventFlag), [])
  enable([table], ['write'], sinkEvent)
  assert.ok(!shown(table, eventFlag).includes(0))
  assert.ok(shown(table, logFlag).includes(0))
  enable([table], ['write'], sinkLog)
  assert.ok(!shown(table, logFlag).includes(0))
  for (const none of [null, []]) {
    enable([table], none, sinkLog)
    assert.deepEqual(shown(table, logFlag), missing)
  }
  enableAll([table], sinkLog | sinkEvent)
  assert.equal(shown(table, logFlag).length, 8)
  disable([table], sinkLog)
  assert.deepEqual(shown(table, logFlag), [])
  assert.equal(shown(table, eventFlag).length, 8)
})

test('a name that is not known is an error, and changes nothing from there on', () => {
  const tables = [newTable(), newTable('linux', 'arm64'), newTable()]
  initialize(tables)
  // open is a call of amd64 alone.
  assert.throws(() => enable(tables, ['open'], sinkLog), UnknownCallError)
  assert.deepEqual(
    tables.map(t => shown(t, logFlag).length > 0),
    [true, false, false],
  )
})

test('tables without a map are passed over, but not when all is switched off', () => {
  const table = newTable('plan9')
  initialize([table])
  enable([table], ['anything'], sinkLog)
  enableAll([table], sinkLog)
  assert.deepEqual(shown(table, logFlag), [])
  table.enableAll(sinkLog)
  disable([table], sinkLog)
  assert.deepEqual(shown(table, logFlag), [])
})

test('one word a call: its two ends agree, whatever is switched in between', () => {
  const table = newTable()
  initialize([table])
  enableAll([table], sinkLog)
  const lines: string[] = []
  const task = taskThatLogs(lines, { tid: 2 })
  const strace = new StraceWriter('amd64')
  for (let n = 0; n < 1000; n++) {
    const context = strace.syscallEnter(task, 0, [3, 0x1000, 4], table.flags(0))
    if (n % 2 === 0) disable([table], sinkLog)
    else enableAll([table], sinkLog)
    strace.syscallExit(context, task, 4, 0)
  }
  assert.equal(lines.length, 1000)
  assert.deepEqual(
    lines.slice(0, 2).map(l => l.replace(/ \([0-9.]+.?s\)$/, ' (T)')),
    [
      '[   1:   2] task E read(0x3 (bad FD), 0x1000, 0x4)',
      '[   1:   2] task X read(0x3 (bad FD), 0x1000 "AAAA", 0x4) = 4 (0x4) (T)',
    ],
  )
})

test('both sinks are told the same of a call', () => {
  const lines: string[] = []
  const events: EventMessage[] = []
  const task = taskThatLogs(lines, { fdPath: () => '/file' })
  const strace = new StraceWriter('amd64', { logAppDataAllowed: false, onEvent: e => events.push(e) })
  const call = (sysno: number, args: number[], result: number | bigint, errno: number) =>
    strace.syscallExit(strace.syscallEnter(task, sysno, args, logFlag | eventFlag), task, result, errno)
  call(1, [3, 0x1000, 5000], 7, 5)
  call(2 ** 32 + 1, [1], -1n, 38)
  assert.deepEqual(
    lines.map(line => line.replace(/ \([0-9.]+[^ ]*s\)$/, ' (T)')),
    [
      '[   1:   1] task E write(0x3 /file, {base=0x1000, len=5000}, 0x1388)',
      '[   1:   1] task X write(0x3 /file, {base=0x1000, len=5000}, 0x1388) = -1 errno=5 (I/O error) (T)',
      '[   1:   1] task E sys_18446744073709551615(0x1, 0x0, 0x0, 0x0, 0x0, 0x0)',
      '[   1:   1] task X sys_18446744073709551615(0x1, 0x0, 0x0, 0x0, 0x0, 0x0) = -1 errno=38 (invalid system call number) (T)',
    ],
  )
  const ends = events.flatMap(({ info }) => (info.case === 'exit' ? [info.value] : []))
  assert.deepEqual(
    ends.map(end => [end.return, end.errNo]),
    [
      ['0x7', 5n],
      ['0xffffffffffffffff', 38n],
    ],
  )
  const elapsed = lines.flatMap(line => goNanoseconds(/ X .* \((\S+)\)$/.exec(line)?.[1] ?? '') ?? [])
  assert.deepEqual(
    ends.map(end => Number(end.elapsedNs)),
    elapsed,
  )
})

test('no call, register or memory is too odd', () => {
  const lines: string[] = []
  const strace = new StraceWriter('amd64', { onEvent: () => {} })
  fc.assert(
    fc.property(
      fc.oneof(fc.integer({ min: 0, max: 470 }), fc.nat()),
      fc.array(fc.oneof(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.nat(100)), { maxLength: 7 }),
      fc.uint8Array({ maxLength: 300 }),
      fc.integer(),
      fc.nat(4095),
      (sysno, args, memory, result, errno) => {
        const task: Task = {
          pid: 1,
          tid: 1,
          name: 'x',
          workingDirectory: '/',
          readMemory(address, into) {
            const part = memory.subarray(address % 7).subarray(0, into.length)
            into.set(part)
            return part.length
          },
          fdPath: fd => (fd % 2 === 0 ? `/${fd}` : undefined),
          log: line => lines.push(line),
        }
        const context = strace.syscallEnter(task, sysno, args, logFlag | eventFlag)
        strace.syscallExit(context, task, result, errno)
      },
    ),
    { numRuns: 3000 },
  )
  assert.equal(lines.length, 6000)
})
