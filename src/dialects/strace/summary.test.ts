import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Arch, syscallNumbers } from '../../abi/syscalls.ts'
import { archNames, Enter, Exit, ExitFlag, Header, RecordKind } from '../../record/layout.ts'
import { TextBuffer } from '../text-buffer.ts'
import { Summary, type SummaryOptions } from './summary.ts'

const options: SummaryOptions = {
  summarySort: 'time-percent',
  summaryColumns: ['time-percent', 'total-time', 'avg-time', 'calls', 'errors', 'name'],
  summaryWallClock: false,
  summaryOverhead: null,
}

/** Feeds one call: when it began and ended, and its system time, in nanoseconds. */
function call(
  summary: Summary,
  sysno: number,
  { begin = 0, end = 0, system = 0, failed = false, arch = 'amd64' as Arch, tid = 1 },
): void {
  for (const kind of [RecordKind.enter, RecordKind.exit]) {
    const bytes = new Uint8Array(Enter.bytes)
    const view = new DataView(bytes.buffer)
    bytes[Header.kind] = kind
    bytes[Header.arch] = archNames.indexOf(arch)
    view.setUint32(Header.tid, tid, true)
    view.setUint32(Enter.sysno, sysno, true)
    view.setFloat64(Header.time, kind === RecordKind.enter ? begin : end, true)
    if (kind === RecordKind.exit) {
      view.setFloat64(Exit.systemTime, system, true)
      view.setUint16(Header.flags, failed ? ExitFlag.failed : 0, true)
    }
    summary.record(bytes, view, 0)
  }
}
const table = (summary: Summary): string[] => {
  const out = new TextBuffer()
  summary.print(out)
  return out.toString().trimEnd().split('\n')
}
const { read, write, close } = syscallNumbers.amd64

test('calls, errors and times by name, the longest first', () => {
  const summary = new Summary(options)
  call(summary, read, { system: 1_000_000 })
  call(summary, read, { system: 2_000_000, failed: true })
  call(summary, write, { system: 9_000_000 })
  assert.deepEqual(table(summary), [
    '% time     seconds  usecs/call     calls    errors syscall',
    '------ ----------- ----------- --------- --------- ----------------',
    ' 75.00    0.009000        9000         1           write',
    ' 25.00    0.003000        1500         2         1 read',
    '------ ----------- ----------- --------- --------- ----------------',
    '100.00    0.012000        4000         3         1 total',
  ])
})

test('time from call to return, less what a call costs anyway, but never less than none', () => {
  const summary = new Summary({ ...options, summaryWallClock: true, summaryOverhead: 1_000_000 })
  call(summary, read, { begin: 5_000_000, end: 9_000_000 })
  call(summary, write, { begin: 5_000_000, end: 5_500_000 })
  const [, , first, second] = table(summary)
  assert.match(first!, /^100\.00 +0\.003000 .* read$/)
  assert.match(second!, /^ {2}0\.00 +0\.000000 .* write$/)
})

test('sorted as asked for; equal ones by number', () => {
  const names = (summarySort: SummaryOptions['summarySort']): (string | undefined)[] => {
    const summary = new Summary({ ...options, summarySort })
    call(summary, write, {})
    call(summary, read, { failed: true })
    call(summary, close, {})
    call(summary, close, {})
    return table(summary)
      .slice(2, 5)
      .map(line => line.split(' ').at(-1))
  }
  assert.deepEqual(names('calls'), ['close', 'read', 'write'])
  assert.deepEqual(names('errors'), ['read', 'write', 'close'])
  assert.deepEqual(names('name'), ['close', 'read', 'write'])
  assert.deepEqual(names('nothing'), ['read', 'write', 'close'])
})

test('a call of two architectures is counted twice; a name too long widens its column', () => {
  const summary = new Summary({ ...options, summaryColumns: ['name', 'calls'] })
  call(summary, syscallNumbers.amd64.getpid, {})
  call(summary, syscallNumbers.i386.getpid, { arch: 'i386' })
  call(summary, syscallNumbers.amd64.sched_get_priority_max, {})
  const lines = table(summary)
  assert.equal(lines.filter(line => line.startsWith('getpid ')).length, 2)
  assert.ok(lines.includes('sched_get_priority_max         1'))
})

test('a number that no call has is not counted', () => {
  const summary = new Summary(options)
  for (const sysno of [1023, 9999, 0xffffffff]) call(summary, sysno, { failed: true })
  const out = new TextBuffer()
  summary.print(out)
  assert.equal(out.length, 0)
  call(summary, read, {})
  assert.match(table(summary).at(-1)!, / 1 +total$/)
})

test('the shortest and the longest of all calls; nothing where there was none', () => {
  const summary = new Summary({
    ...options,
    summaryColumns: ['max-time', 'min-time', 'name'],
    summaryWallClock: true,
  })
  const out = new TextBuffer()
  summary.print(out)
  assert.equal(out.length, 0)
  call(summary, read, { begin: 5_000_000, end: 9_000_000 })
  call(summary, write, { begin: 5_000_000, end: 5_500_000 })
  assert.equal(table(summary).at(-1), '0.004000 0.000500 total')
})
