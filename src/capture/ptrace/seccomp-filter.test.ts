import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type ArchName, archNames } from '../../record/layout.ts'
import { AuditArch } from './ptrace-constants.ts'
import { seccompFilter } from './seccomp-filter.ts'
import { brief, captureAll, onlyCalls, program, run, startCapture } from './test-capture.ts'

/** What the kernel would do: 0x7ff00000 to trace, 0x7fff0000 to allow. */
function evaluate(filter: Uint8Array, arch: number, nr: number): number {
  const view = new DataView(filter.buffer, filter.byteOffset)
  let a = 0
  for (let pc = 0; ; pc++) {
    const code = view.getUint16(pc * 8, true)
    const k = view.getUint32(pc * 8 + 4, true)
    const jump = (holds: boolean) => {
      pc += filter[pc * 8 + (holds ? 2 : 3)]!
    }
    if (code === 0x20) a = k === 4 ? arch : nr
    else if (code === 0x05) pc += k
    else if (code === 0x15) jump(a === k)
    else if (code === 0x35) jump(a >= k)
    else if (code === 0x06) return k
    else assert.fail(`instruction ${code} at ${pc}`)
  }
}

const choice = fc.option(
  fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 480, max: 1 }),
    // Alternating: the most ranges that there can be.
    fc.constant(Uint8Array.from({ length: 512 }, (_, i) => i % 2)),
  ),
)

test('a filter traces what was chosen', () => {
  fc.assert(
    fc.property(
      fc.record({ amd64: choice, arm64: choice, i386: choice }),
      fc.constantFrom<ArchName>(...archNames),
      fc.oneof(fc.nat(520), fc.constantFrom(0x40000000, 0x40000001, 0xffffffff)),
      (calls, arch, nr) => {
        const filter = seccompFilter(calls)
        assert.ok(filter.length / 8 <= 4096)
        const chosen = calls[arch] === null || (calls[arch]![nr] ?? calls[arch]!.at(-1)) === 1
        assert.equal(evaluate(filter, AuditArch[arch], nr), chosen ? 0x7ff00000 : 0x7fff0000)
        assert.equal(evaluate(filter, 0x1234, nr), 0x7fff0000)
      },
    ),
    { numRuns: 2000 },
  )
})

const time = { timeout: 60_000 }

test('a filtered program and its children stop at chosen calls only', time, async () => {
  const calls = onlyCalls('exit_group', 'wait4', 'execve')
  const filtered = await captureAll({ ...run(program('forks'), '50'), calls, filterInKernel: true })
  const plain = await captureAll({ ...run(program('forks'), '50'), calls })
  assert.deepEqual(filtered.end, { status: 0 })
  const counts = (records: typeof plain.records) => {
    const of: { [what: string]: number } = {}
    for (const what of brief(
      records.filter(r => r.kind === 'enter' || r.kind === 'exit' || r.kind === 'thread'),
    ))
      of[what.replace(/\d+/g, '')] = (of[what.replace(/\d+/g, '')] ?? 0) + 1
    return of
  }
  assert.deepEqual(counts(filtered.records), counts(plain.records))
  assert.deepEqual(brief(filtered.records).slice(1, 4), ['thread 0', 'enter execve', 'exit execve 0'])
})

test('a filter costs nothing for other calls', time, async () => {
  const timed = async (calls: string, filterInKernel: boolean) => {
    const begun = performance.now()
    const captured = await captureAll({
      ...run(program('calls'), calls),
      calls: onlyCalls('openat'),
      filterInKernel,
    })
    return { ...captured, took: performance.now() - begun }
  }
  const { records, end, took } = await timed('100000', true)
  assert.equal(end.status, 0)
  assert.equal(
    records.filter(r => r.kind === 'enter').length,
    records.filter(r => r.call === 'openat').length / 2,
  )
  // Beside a run in which each call stops: whatever the machine is busy with, half as many calls take longer.
  const stopping = await timed('50000', false)
  assert.ok(took < stopping.took, `${took} ms, with stops ${stopping.took} ms`)
})

test('an execve that fails is known under a filter too', time, async () => {
  const { records, end } = await captureAll({
    ...run('/nonexistent'),
    calls: onlyCalls('openat'),
    filterInKernel: true,
  })
  assert.deepEqual([end.error?.error, end.error?.errno], ['exec', 2])
  assert.deepEqual(brief(records).slice(2), ['exited 1', 'end 256'])
})

test('a filtered program that outlives the signal is kept going, quietly', time, async () => {
  const script = 'trap "" TERM; /bin/sleep 0.3; /bin/true; exit 6'
  const capture = await startCapture({
    ...run('/bin/sh', '-c', script),
    calls: onlyCalls('execve'),
    filterInKernel: true,
  })
  await capture.until(r => r.kind === 'exit' && r.call === 'execve' && r.tid !== capture.records[1]!.tid)
  const before = capture.records.length
  capture.capture.stop({ signal: 15 })
  assert.deepEqual(await capture.done, { status: 6 << 8 })
  assert.ok(capture.records.length <= before + 2)
})
