import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { type Event, EventReader, frameStrace, type StraceInit } from './framing.ts'

const proto = fileURLToPath(new URL('../../proto', import.meta.url))
const text = fc.string({ unit: 'binary' })
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
const message: fc.Arbitrary<NonNullable<StraceInit>> = fc.record({
  process: text,
  function: text,
  args: fc.array(text, { maxLength: 6 }),
  info: fc.oneof(
    fc.constant({ case: 'enter' as const, value: {} }),
    fc.record({
      case: fc.constant('exit' as const),
      value: fc.record({ return: text, error: text, errNo: int64, elapsedNs: int64 }),
    }),
  ),
})

const plain = (event: Event): unknown => {
  assert.ok('strace' in event)
  const { process, function: call, args, info } = event.strace
  const { $typeName: _, ...value } = info.value as { $typeName: string }
  return { process, function: call, args, info: { case: info.case, value } }
}

test('what was framed is read again, however it is cut', () => {
  fc.assert(
    fc.property(fc.array(message, { maxLength: 5 }), fc.integer({ min: 1, max: 50 }), (messages, size) => {
      const bytes = Buffer.concat(messages.map(frameStrace))
      const reader = new EventReader()
      const events: unknown[] = []
      for (let at = 0; at < bytes.length; at += size)
        events.push(...reader.push(bytes.subarray(at, at + size)).map(plain))
      assert.deepEqual(events, structuredClone(messages))
      assert.equal(reader.pending, 0)
    }),
  )
})

test('what is no stream of events is an error, or no event', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
      try {
        new EventReader().push(bytes)
      } catch (error) {
        assert.ok(error instanceof RangeError)
      }
    }),
    { numRuns: 2000 },
  )
})

test('the wire is gVisor’s: an enter is 22 00', () => {
  const bytes = frameStrace({ process: 'a', function: 'b', args: ['c'], info: { case: 'enter', value: {} } })
  const url = 'type.googleapis.com/gvisor.Strace'
  const value = '0a01611201621a01632200'
  const any = `0a${url.length.toString(16)}${Buffer.from(url).toString('hex')}120b${value}`
  assert.equal(Buffer.from(bytes).toString('hex'), (any.length / 2).toString(16) + any)
})

const haveProtoc = spawnSync('protoc', ['--version']).status === 0

test('another implementation reads it', { skip: haveProtoc ? false : 'no protoc on this machine' }, () => {
  const exit = { return: '0x0', error: 'no such file or directory', errNo: 2n, elapsedNs: 123456n }
  const bytes = frameStrace({
    process: 'cat',
    function: 'openat',
    args: ['AT_FDCWD /', '0x7f "x"', 'O_RDONLY|0x0'],
    info: { case: 'exit', value: exit },
  })
  const args = ['--decode=gvisor.Strace', '-I', proto, 'gvisor/strace.proto']
  // Before the message: the length of all, the url with its tag, and the message's length with its tag.
  const start = 1 + 2 + 'type.googleapis.com/gvisor.Strace'.length + 2
  const { stdout, stderr } = spawnSync('protoc', args, { input: bytes.subarray(start), encoding: 'utf8' })
  assert.equal(
    stdout,
    `process: "cat"
function: "openat"
args: "AT_FDCWD /"
args: "0x7f \\"x\\""
args: "O_RDONLY|0x0"
exit {
  return: "0x0"
  error: "no such file or directory"
  err_no: 2
  elapsed_ns: 123456
}
`,
    stderr,
  )
})
