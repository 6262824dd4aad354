import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { isCaptureError } from '../../capture/backend.ts'
import { startPtrace } from '../../capture/ptrace/start-ptrace.ts'
import { bundledWorker, everything, run, temporary } from '../../capture/ptrace/test-capture.ts'
import { pump } from '../../capture/pump.ts'
import { oneByOne } from '../../record/record-runs.ts'
import { TextBuffer } from '../text-buffer.ts'
import { JsonPrinter } from './json-printer.ts'
import { makeSchema } from './schema.ts'

const validator = new Ajv2020({ strict: false, validateFormats: false }).compile(makeSchema())
/** What is wrong with a line. */
function problem(line: unknown): string {
  if (validator(line)) return ''
  return validator.errors!.map(e => `${e.instancePath} ${e.message} (${e.schemaPath})`).join('\n')
}

async function jsonOf(file: string, ...args: string[]): Promise<string> {
  const text = new TextBuffer()
  const output = { buffer: () => text, lineEnded() {}, ended() {}, onFlush: () => {} }
  const options = {
    ...everything,
    ...run(file, ...args),
    fdPaths: true,
    environment: true,
    threadNames: true,
  }
  const program = { ...options.program!, cwd: temporary('.'), stdio: [0, 2, 2] as const }
  const capture = await startPtrace({ ...options, program }, { worker: bundledWorker() })
  if (isCaptureError(capture)) throw new Error(capture.message)
  const printer = new JsonPrinter({ dataLimit: 32 }, output)
  await pump(capture, { records: oneByOne((...record) => printer.record(...record)), idle() {} })
  printer.end()
  return Buffer.from(text.text()).toString('utf8')
}

const folder = new URL('../../../test/programs/', import.meta.url).pathname
/** Some of each kind of value. */
const programs = [
  'descriptors-io',
  'ioctls-terminals',
  'network-messages',
  'polling-events',
  'process-clone',
  'process-exec',
  'signals-masks',
]

test('lines of what programs do are as the schema says', async t => {
  for (const name of programs)
    await t.test(name, async () => {
      const file = temporary(name)
      execFileSync('cc', ['-O1', '-w', '-pthread', '-o', file, `${folder}${name}.c`])
      const json = await jsonOf(file)
      const lines = json.trimEnd().split('\n')
      assert.ok(lines.length > 10)
      const wrong = lines.filter(line => problem(JSON.parse(line)) !== '')
      assert.deepEqual(
        wrong.slice(0, 5).map(line => `${line.slice(0, 600)}\n${problem(JSON.parse(line)).slice(0, 2000)}`),
        [],
      )
    })
})

test('what a line looks like', async () => {
  const json = await jsonOf('/bin/sh', '-c', 'echo hi >&2; exec 3</nonexistent/caf\u00e9 || exit 4')
  const lines = json
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))
  const write = lines.find(l => l.name === 'write')
  assert.equal(write.args.buf, 'hi\n')
  assert.equal(write.args.fd.fd, 1)
  assert.equal(write.result, 3)
  // argv is latin1 here: the last byte is no UTF-8.
  const base64 = Buffer.from('/nonexistent/caf\xe9', 'latin1').toString('base64')
  const openat = lines.find(l => l.args?.pathname?.base64 === base64)
  assert.equal(openat.errno, 'ENOENT')
  assert.equal(openat.outcome, 'failed')
  assert.equal(openat.returns, null)
  assert.deepEqual(lines.at(0).kind, 'start')
  assert.ok(Math.abs(lines.at(0).time - Date.now()) < 60_000)
})
