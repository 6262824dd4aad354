import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { RangeFlag, ThreadOrigin } from '../../record/layout.ts'
import { brief, captureAll, onlyCalls, program, run, startCapture, type TestRecord } from './test-capture.ts'

const time = { timeout: 60_000 }
const ofKind = (records: readonly TestRecord[], ...kinds: TestRecord['kind'][]) =>
  records.filter(r => kinds.includes(r.kind))

/** What must hold of any capture: calls begin before they end, one at a time, in threads that are there. */
function assertOrderly(records: readonly TestRecord[]): void {
  const inCall = new Map<number, string>()
  const alive = new Set<number>()
  let last = 0
  assert.equal(records[0]!.kind, 'start')
  assert.equal(records.at(-1)!.kind, 'end')
  for (const r of records) {
    if (r.kind === 'start' || r.kind === 'end') continue
    if (r.kind === 'thread') {
      assert.ok(!alive.has(r.tid), `thread ${r.tid} appears once`)
      alive.add(r.tid)
    }
    assert.ok(alive.has(r.tid), `${r.kind} of a thread that is there`)
    if (r.kind === 'enter') {
      assert.equal(inCall.get(r.tid), undefined)
      inCall.set(r.tid, r.call)
    } else if (r.kind === 'exit') {
      assert.equal(inCall.get(r.tid), r.call)
      inCall.delete(r.tid)
    } else if (r.kind === 'superseded') {
      const former = Number(r.value)
      inCall.set(r.tid, inCall.get(former)!)
      inCall.delete(former)
      alive.delete(former)
    } else if (r.kind === 'exited' || r.kind === 'killed') {
      alive.delete(r.tid)
      inCall.delete(r.tid)
    }
    assert.ok(r.time >= last - 1e9)
    last = r.time
  }
  assert.deepEqual([...alive], [])
}

test('a program from execve to its end', time, async () => {
  const { records, end } = await captureAll(run('/bin/true'))
  assertOrderly(records)
  assert.deepEqual(end, { status: 0 })
  assert.deepEqual(brief(records).slice(1, 4), ['thread 0', 'enter execve', 'exit execve 0'])
  assert.equal(records[2]!.ranges[0]!.bytes.toString('latin1'), '/bin/true\0')
  assert.deepEqual(brief(records).slice(-4), ['enter exit_group', 'exiting 0', 'exited 0', 'end 0'])
})

test('a failing execve is recorded, and the error says so', time, async () => {
  for (const [file, errno] of [
    ['/nonexistent', 2],
    ['/tmp', 13],
  ] as const) {
    const { records, end } = await captureAll(run(file))
    assert.deepEqual(brief(records).slice(2), [
      'enter execve',
      `exit execve -${errno}`,
      'exited 1',
      'end 256',
    ])
    assert.deepEqual([end.status, end.error?.error, end.error?.errno], [256, 'exec', errno])
  }
})

test('a user that cannot be become is an error of the launch', time, async () => {
  // Root may become anybody, but nobody is in so many groups.
  const isRoot = process.getuid?.() === 0
  const user = { uid: 0, gid: 0, groups: isRoot ? Array.from({ length: 65537 }, (_, id) => id) : [] }
  const { records, end } = await captureAll({ ...run('/bin/true'), user })
  assert.deepEqual(brief(records).slice(2), ['exited 1', 'end 256'])
  assert.deepEqual([end.error?.error, end.error?.errno], ['launch', isRoot ? 22 : 1])
})

test('a thousand children', time, async () => {
  const { records, end } = await captureAll(run(program('forks'), '1000'), 50_000)
  assertOrderly(records)
  assert.equal(end.status, 0)
  const children = ofKind(records, 'thread').filter(r => r.origin === ThreadOrigin.fork)
  assert.equal(children.length, 1000)
  assert.ok(children.every(c => c.parent === records[1]!.tid && c.pid === c.tid))
  assert.equal(ofKind(records, 'exited').length, 1001)
})

test('without follow, children run free', time, async () => {
  const { records, end } = await captureAll({ ...run(program('forks'), '20'), follow: false })
  assertOrderly(records)
  assert.equal(end.status, 0)
  assert.equal(new Set(records.slice(1).map(r => r.tid)).size, 1)
})

test('execve in a thread takes the leader its number', time, async () => {
  const { records } = await captureAll(run(program('thread-execve'), '/bin/true'))
  assertOrderly(records)
  const leader = records[1]!.tid
  const [, sleeper, executor] = ofKind(records, 'thread').map(r => r.tid)
  const from = records.findIndex(r => r.tid === executor && r.call === 'execve')
  const events = records.slice(from).filter(r => r.kind !== 'enter' && r.kind !== 'exit')
  // The ends of the leader and the sleeper come in either order, but before the leader is taken over.
  const names = events.map(
    r => `${r.kind} ${r.tid === leader ? 'leader' : r.tid === sleeper ? 'sleeper' : r.tid}`,
  )
  assert.deepEqual([...names.slice(0, 3)].sort(), ['exited sleeper', 'exiting leader', 'exiting sleeper'])
  assert.deepEqual(names.slice(3), ['superseded leader', 'exiting leader', 'exited leader', 'end leader'])
  const superseded = records.findIndex(r => r.kind === 'superseded')
  assert.equal(Number(records[superseded]!.value), executor)
  const next = records[superseded + 1]!
  assert.deepEqual(
    [next.kind, next.call, next.value, next.tid, next.pid],
    ['exit', 'execve', 0n, leader, leader],
  )
})

test('signals, a group-stop, death by a signal', time, async () => {
  const { records, end } = await captureAll(run(program('signals')))
  assertOrderly(records)
  const leader = records[1]!.tid
  const events = records.filter(
    r => r.tid === leader && ['signal', 'stopped', 'exiting', 'killed'].includes(r.kind) && r.value !== 17n,
  )
  assert.deepEqual(brief(events), [
    'signal 10',
    'signal 19',
    'stopped 19',
    'signal 18',
    'signal 15',
    'killed 15',
  ])
  const usr1 = events[0]!.siginfo
  assert.deepEqual([usr1.length, usr1.readInt32LE(0), usr1.readInt32LE(16)], [128, 10, leader])
  assert.equal(end.status, 15)
})

test('only chosen signals and calls are recorded', time, async () => {
  const signals = new Uint8Array(65)
  signals[10] = 1
  const { records } = await captureAll({
    ...run(program('signals')),
    signals,
    calls: onlyCalls('rt_sigreturn', 'no_such_call'),
  })
  assert.deepEqual(brief(ofKind(records, 'signal')), ['signal 10'])
  assert.deepEqual([...new Set(ofKind(records, 'enter', 'exit').map(r => r.call))], ['rt_sigreturn'])
})

test('killed at any moment, with all it started', time, async () => {
  for (let i = 0; i < 6; i++) {
    const capture = await startCapture(
      run('/usr/bin/timeout', '-s', 'KILL', String(0.05 + i / 10), program('churn')),
    )
    const end = await capture.done
    // The tracer sees everybody's end, in whatever state the kill met them.
    assertOrderly(capture.records)
    assert.ok(end.status === 137 << 8 || end.status === 9, `status ${end.status}`)
  }
})

test('pointers and lengths that lead nowhere', time, async () => {
  const { records, end } = await captureAll(run(program('wild')))
  assertOrderly(records)
  assert.equal(end.status, 0)
  const enters = ofKind(records, 'enter').slice(-15)
  const opens = enters.filter(r => r.call === 'openat')
  assert.deepEqual(
    opens.map(r => r.ranges.map(x => [x.bytes.length, x.flags])),
    [[[6, RangeFlag.fault]], [], [], [[0, RangeFlag.fault]]],
  )
  const writes = enters.filter(r => r.call === 'write')
  assert.deepEqual(
    writes.map(r => r.ranges.map(x => [x.bytes.length, x.flags])),
    [[[33, RangeFlag.cut]], [[33, RangeFlag.cut]], [[6, RangeFlag.fault]]],
  )
  const unknown = records.find(r => r.sysno === 0xdead)!
  assert.deepEqual(unknown.args, [1n, 2n, 3n, 4n, 5n, 6n])
})

test('32-bit calls of a 64-bit program', { ...time, skip: process.arch !== 'x64' }, async () => {
  const { records, end } = await captureAll(run(program('int80')))
  assert.equal(end.status, 0)
  const calls = records.filter(r => r.arch === 'i386')
  assert.deepEqual(brief(calls), [
    'enter getpid',
    `exit getpid ${calls[0]!.pid}`,
    'enter write',
    'exit write 2',
  ])
  assert.equal(calls[2]!.ranges[0]!.bytes.toString(), 'hi')
})

test('system time and names are recorded when asked for', time, async () => {
  const { records } = await captureAll({
    ...run('/bin/sh', '-c', '/bin/true; exit 3'),
    systemTime: true,
    threadNames: true,
  })
  assert.ok(ofKind(records, 'exit').every(r => r.systemTime >= 0 && r.systemTime < 1e9))
  assert.deepEqual(
    [...new Set(ofKind(records, 'thread', 'comm').map(r => r.comm))],
    ['sysglass', 'sh', 'true'],
  )
  const without = await captureAll(run('/bin/true'))
  assert.ok(ofKind(without.records, 'exit').every(r => Number.isNaN(r.systemTime)))
})

test('output and exit status are those of the program alone', time, async () => {
  const script = 'trap "exit 5" TERM; kill $$; exit 1'
  const { end } = await captureAll(run('/bin/sh', '-c', script))
  assert.equal(end.status, 5 << 8)
  assert.throws(() => execFileSync('/bin/sh', ['-c', script]), { status: 5 })
})

test('a small ring makes the program wait, and nothing is lost', time, async () => {
  const capture = await startCapture(
    run(program('calls'), '20000'),
    50_000,
    r => r.kind === 'exit' && r.call === 'read',
  )
  await capture.done
  assert.ok(capture.records.length >= 20_000 && capture.records.length < 20_010)
})
