/**
 * Spans, sent to a collector of the test's own. What it gets is read by OpenTelemetry's code for its messages: whatever the
 * published definitions do not have would be missing from what that gives back.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, beforeEach, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import type { Attribute, Span } from '../src/analysis/otlp-spans.ts'
import { glass, run, scratch } from './tracers.ts'

const recording = join(scratch, 'otlp.rec')

interface Body {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] }
    readonly scopeSpans: readonly {
      readonly scope: { name: string; version: string }
      readonly spans: readonly Span[]
    }[]
  }[]
}
interface Message {
  fromObject(value: unknown): unknown
  encode(message: unknown): { finish(): Uint8Array }
  decode(bytes: Uint8Array): unknown
  toObject(message: unknown, options: object): unknown
}
const root = createRequire(import.meta.url)('@opentelemetry/otlp-transformer/build/src/generated/root.js')
const Request: Message = root.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest

/** Ids are hexadecimal in OTLP's JSON, where protobuf's own has base64. */
const ids = ['traceId', 'spanId', 'parentSpanId']
const withIds = (value: unknown, change: (text: string) => string): unknown => {
  if (Array.isArray(value)) return value.map(item => withIds(item, change))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, v]) => [
      key,
      ids.includes(key) ? change(v as string) : withIds(v, change),
    ]),
  )
}

let server: Server
let endpoint = ''
let bodies: Body[] = []
let headers: IncomingMessage['headers'][] = []
let answer: (request: number, response: ServerResponse) => void

before(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', chunk => chunks.push(chunk))
    request.on('end', () => {
      assert.deepEqual([request.method, request.url], ['POST', '/v1/traces'])
      bodies.push(JSON.parse(gunzipSync(Buffer.concat(chunks)).toString()))
      headers.push(request.headers)
      answer(bodies.length, response)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const script = '/bin/ls /nonexistent; (exit 3); sh -c "kill -USR1 \\$\\$"; exit 0'
  await run([glass, 'record', '-f', '-o', recording, 'sh', '-c', script])
})
after(() => {
  server.closeAllConnections()
  server.close()
})
beforeEach(() => {
  bodies = []
  headers = []
  answer = (_, response) =>
    response.setHeader('content-type', 'application/json').end('{"partialSuccess":{}}')
})

const send = (...options: string[]) => run([glass, 'export', recording, '--to', 'otlp', ...options])
const spansOf = (all: readonly Body[]): Span[] =>
  all.flatMap(({ resourceSpans }) => resourceSpans.flatMap(r => r.scopeSpans.flatMap(({ spans }) => spans)))
const attributeOf = (attributes: readonly Attribute[], key: string): unknown =>
  Object.values(attributes.find(attribute => attribute.key === key)?.value ?? {})[0]

test('requests are what the protocol says, and nothing else', async () => {
  const { status, stderr } = await send('--endpoint', endpoint, '--header', 'Authorization=Bearer x')
  assert.deepEqual([status, stderr], [0, ''])
  assert.equal(headers[0]!['content-type'], 'application/json')
  assert.equal(headers[0]!.authorization, 'Bearer x')
  for (const body of bodies) {
    const base64 = withIds(body, id => Buffer.from(id, 'hex').toString('base64'))
    const message = Request.decode(Request.encode(Request.fromObject(base64)).finish())
    assert.deepEqual(Request.toObject(message, { longs: String, bytes: String }), base64)
  }
})

test('processes are in those that started them, calls in processes', async () => {
  await send('--endpoint', endpoint)
  const spans = spansOf(bodies)
  assert.equal(new Set(spans.map(span => span.spanId)).size, spans.length)
  assert.equal(new Set(spans.map(span => span.traceId)).size, 1)
  for (const { traceId, spanId, startTimeUnixNano, endTimeUnixNano } of spans) {
    assert.match(traceId, /^[0-9a-f]{32}$/)
    assert.match(spanId, /^[0-9a-f]{16}$/)
    assert.ok(BigInt(startTimeUnixNano) <= BigInt(endTimeUnixNano))
  }
  const processes = spans.filter(span => attributeOf(span.attributes, 'thread.id') === undefined)
  const ended = processes.map(({ name, status }) => `${name}: ${status?.message ?? 'ok'}`).sort()
  assert.deepEqual(ended, ['ls: exited with 2', 'sh: exited with 3', 'sh: killed by SIGUSR1', 'sh: ok'])
  const [top, ...others] = processes.filter(span => span.parentSpanId === undefined)
  assert.equal(others.length, 0)
  for (const process of processes) if (process !== top) assert.equal(process.parentSpanId, top!.spanId)
  const killed = processes.find(span => span.status?.message === 'killed by SIGUSR1')!
  assert.equal(killed.events![0]!.name, 'SIGUSR1')
  assert.ok((attributeOf(top!.attributes, 'process.cpu.time') as number) > 0)

  const ls = processes.find(span => span.name === 'ls')!
  const failed = spans.find(
    span => span.parentSpanId === ls.spanId && attributeOf(span.attributes, 'file.path') === '/nonexistent',
  )!
  assert.deepEqual(failed.status, { code: 2, message: 'ENOENT' })
  assert.equal(attributeOf(failed.attributes, 'error.type'), 'ENOENT')
  const resource = bodies
    .flatMap(body => body.resourceSpans)
    .find(({ scopeSpans }) => scopeSpans.some(scope => scope.spans.includes(failed)))!.resource.attributes
  assert.equal(attributeOf(resource, 'process.executable.name'), 'ls')
  assert.match(String(attributeOf(resource, 'process.pid')), /^\d+$/)
})

test('calls are chosen by how long they took, and how many there may be', async () => {
  const { status, stderr } = await send('--endpoint', endpoint, '--most', '5')
  assert.equal(status, 0)
  assert.match(
    stderr,
    /^[^\n]*: \d+ calls left out, beyond the first 5: --min-duration chooses, --most allows more\n$/,
  )
  assert.equal(spansOf(bodies).length, 5 + 4)
  bodies = []
  await send('--endpoint', endpoint, '--min-duration', '1000s')
  assert.equal(spansOf(bodies).length, 4)
})

test('a collector that is busy is asked again; what it will not have is told', async () => {
  answer = (request, response) => {
    response.statusCode = request < 3 ? 503 : 200
    response.setHeader('retry-after', '0').end('{}')
  }
  assert.deepEqual([(await send('--endpoint', endpoint, '--most', '10')).status, bodies.length], [0, 3])
  bodies = []
  answer = (_, response) => {
    response.statusCode = 400
    response.end('no\nsuch \x1b[1mtenant')
  }
  const refused = await send('--endpoint', endpoint, '--most', '10')
  assert.deepEqual([refused.status, bodies.length], [1, 1])
  assert.match(refused.stderr, /\/v1\/traces: 400 Bad Request: no such {2}\[1mtenant\n$/)
  answer = (_, response) => response.end('{"partialSuccess":{"rejectedSpans":"3","errorMessage":"too old"}}')
  const partly = await send('--endpoint', endpoint, '--most', '10')
  assert.equal(partly.status, 1)
  assert.match(partly.stderr, /: 3 spans were rejected: too old\n$/)
})

test('what cannot be is said', async () => {
  const says = async (options: string[], what: RegExp): Promise<void> => {
    const { status, stderr } = await send(...options)
    assert.equal(status, 1)
    assert.match(stderr, what)
  }
  await says([], /where to\? --endpoint http:\/\/HOST:4318, or -o FILE/)
  await says(['--endpoint', 'nowhere'], /'nowhere' is no URL/)
  await says(['--endpoint', 'ftp://x'], /is not http/)
  await says(['--endpoint', endpoint, '--header', 'x'], /'x' is not NAME=VALUE/)
  await says(['--endpoint', endpoint, '--min-duration', 'long'], /'long' is not a time/)
  await says(['--endpoint', 'http://127.0.0.1:49151'], /49151\/v1\/traces: .*ECONNREFUSED/)
})

test('requests go to a file, a line each', async () => {
  const file = join(scratch, 'otlp.jsonl')
  assert.equal((await send('-o', file)).status, 0)
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
  await send('--endpoint', endpoint)
  assert.deepEqual(
    lines.map(line => JSON.parse(line)),
    bodies,
  )
})
