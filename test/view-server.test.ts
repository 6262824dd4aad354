/** The server of glass view: whom it answers, and what. */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { after, before, describe as suite, test } from 'node:test'
import fc from 'fast-check'
import { openReport } from '../src/view/embedded-source.ts'
import {
  type CallDetails,
  type Column,
  type Condition,
  columns,
  type Filter,
  type Overview,
  type Place,
  type Progress,
  type Rows,
  type Source,
  type Statistics,
  type Timeline,
} from '../src/view/protocol.ts'
import { environment, glass, run, scratch } from './tracers.ts'

const folder = join(scratch, 'view')
const recording = join(folder, 'program.rec')
const hostile = '</script><b>\u001b[31m'
const everything: Filter = { conditions: [], text: '' }
const script = 'cat data | cat > copy; cat nosuch 2>/dev/null; cat "$NAME" > /dev/null; exit 3'

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

/** A server, and the browser that opened its link. */
class Viewer {
  readonly child: ChildProcess
  link = ''
  cookie = ''

  private constructor(child: ChildProcess) {
    this.child = child
  }

  /** Starts `glass view` with these words; `on`: where it prints the link. */
  static async start(words: readonly string[], on: 'stdout' | 'stderr' = 'stdout'): Promise<Viewer> {
    const child = spawn(glass, ['view', ...words], {
      cwd: folder,
      env: { ...environment, NAME: hostile },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const viewer = new Viewer(child)
    let text = ''
    for await (const chunk of child[on]!.iterator({ destroyOnReturn: false })) {
      text += String(chunk)
      const link = /^http:\S+(?=\n)/m.exec(text)
      if (link === null) continue
      viewer.link = link[0]
      break
    }
    assert.notEqual(viewer.link, '', text)
    child.stdout!.resume()
    child.stderr!.resume()
    const { status, headers } = await viewer.get(viewer.link.slice(viewer.origin.length))
    assert.deepEqual([status, headers.location], [303, '/'])
    const [cookie = ''] = headers['set-cookie'] as string[]
    assert.match(cookie, /; HttpOnly; SameSite=Strict$/)
    viewer.cookie = cookie.split(';')[0]!
    return viewer
  }

  get origin(): string {
    return new URL(this.link).origin
  }

  get(path: string, headers: Readonly<Record<string, string>> = {}, method = 'GET'): Promise<Answer> {
    const { port } = new URL(this.link)
    const own = this.cookie === '' ? {} : { cookie: this.cookie }
    return new Promise((resolve, reject) => {
      const asked = request(
        { host: '127.0.0.1', port, path, method, headers: { ...own, ...headers } },
        response => {
          let body = ''
          response.setEncoding('utf8').on('data', chunk => {
            body += chunk
          })
          response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body }))
        },
      )
      asked.on('error', reject)
      asked.end()
    })
  }

  async ask<T>(question: string, parameters: Readonly<Record<string, string | number>> = {}): Promise<T> {
    const all = Object.entries(parameters).map(([name, value]): [string, string] => [name, String(value)])
    const { status, body } = await this.get(`/api/${question}?${new URLSearchParams(all)}`)
    assert.equal(status, 200, body)
    return JSON.parse(body) as T
  }

  /** Waits until all is read in. */
  async complete(): Promise<Progress> {
    const { port } = new URL(this.link)
    const asked = request({
      host: '127.0.0.1',
      port,
      path: '/api/progress',
      headers: { cookie: this.cookie },
    })
    asked.end()
    const [response] = await once(asked, 'response')
    try {
      let text = ''
      for await (const chunk of response) {
        text += String(chunk)
        for (const [, json] of text.matchAll(/^data: (.*)\n\n/gm)) {
          const progress = JSON.parse(json!) as Progress
          if (progress.complete) return progress
        }
      }
      throw new Error(`progress ended: ${text}`)
    } finally {
      asked.destroy()
    }
  }

  async end(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return
    const over = once(this.child, 'close')
    this.child.kill('SIGTERM')
    await over
  }
}

const filterText = (filter: Partial<Filter>): string => JSON.stringify({ ...everything, ...filter })

suite('the server of glass view', { timeout: 240_000 }, () => {
  let viewer: Viewer

  before(async () => {
    mkdirSync(folder)
    writeFileSync(join(folder, 'data'), 'x'.repeat(1000))
    const { status } = await run([glass, 'record', '-f', '-o', recording, 'sh', '-c', script], {
      cwd: folder,
      env: { NAME: hostile },
    })
    assert.equal(status, 3)
    viewer = await Viewer.start([recording])
    await viewer.complete()
  })
  after(() => viewer?.end())

  test('the page is for the browser that opened the link, and for its own requests', async () => {
    const { status, headers } = await viewer.get('/')
    assert.equal(status, 200)
    assert.match(String(headers['content-security-policy']), /^default-src 'none'; script-src 'sha256-/)
    assert.equal(headers['x-content-type-options'], 'nosniff')
    assert.equal(headers['referrer-policy'], 'no-referrer')
    const refused = async (path: string, more: Record<string, string>, why: RegExp): Promise<void> => {
      const answer = await viewer.get(path, more)
      assert.equal(answer.status, 403)
      assert.match(answer.body, why)
    }
    const again = viewer.link.slice(viewer.origin.length)
    await refused(again, {}, /link has been used/)
    await refused('/?token=wrong', {}, /link has been used, or is not/)
    await refused('/', { cookie: '' }, /Open the link/)
    await refused('/api/overview', { cookie: `${viewer.cookie}x` }, /Open the link/)
    await refused('/api/overview', { origin: 'http://example.org' }, /Other pages/)
    await refused('/api/overview', { origin: 'null' }, /Other pages/)
    await refused('/api/overview', { host: 'example.org' }, /address is not the one/)
    const { host, port } = new URL(viewer.link)
    await refused('/', { host: `localhost:${port}` }, /address is not the one/)
    assert.equal((await viewer.get('/api/overview', { origin: `http://${host}` })).status, 200)
    assert.equal((await viewer.get('/', {}, 'POST')).status, 405)
    assert.equal((await viewer.get('/nothing')).status, 404)
  })

  test('what makes no sense is refused in a sentence', async () => {
    const bad = [
      'rows?limit=x',
      'rows?offset=-1',
      'rows?sort=rowid',
      'rows?descending=yes',
      'rows?filter={',
      `rows?filter=${encodeURIComponent('{"conditions":[{"column":"1; drop","is":"equal","value":1}]}')}`,
      `rows?filter=${encodeURIComponent('{"conditions":[{"column":"pid","is":"like","value":1}]}')}`,
      'timeline?from=0&to=1&lanes=1',
      'timeline?from=0&to=1&width=5&lanes=a',
      'call?id=99999999',
      'call',
    ]
    for (const question of bad) {
      const { status, body } = await viewer.get(`/api/${question}`)
      assert.equal(status, 400, question)
      assert.match(body, /^[^\n]+\.\n$/)
      assert.doesNotMatch(body, / at /)
    }
    const { rows, total } = await viewer.ask<Rows>('rows', { limit: 1e9 })
    assert.equal(rows.length, Math.min(500, total))
    await viewer.ask<Timeline>('timeline', { from: -1e300, to: 1e300, width: 1e9, lanes: '1,2' })
  })

  test('the program: its processes, threads, calls', async () => {
    const overview = await viewer.ask<Overview>('overview')
    assert.equal(overview.title, 'program.rec')
    assert.equal(overview.complete, true)
    const [shell, ...cats] = overview.processes
    assert.deepEqual([shell?.code, shell?.parent], [3, null])
    assert.ok(cats.every(({ parent }) => parent === shell!.pid))
    assert.deepEqual(cats.map(({ command, code }) => `${command}: ${code}`).toSorted(), [
      `cat '${hostile}': 1`,
      'cat data: 0',
      'cat nosuch: 1',
      'cat: 0',
    ])
    assert.equal(overview.lanes[0]?.tid, shell?.pid)
    assert.equal(
      overview.lanes.reduce((sum, { calls }) => sum + calls, 0),
      overview.calls,
    )
    const lanes = overview.lanes.map(({ tid }) => tid).join(',')
    const far = await viewer.ask<Timeline>('timeline', { from: 0, to: overview.span, width: 1, lanes })
    const columns = far.lanes.map(lane => lane.columns ?? [])
    assert.equal(
      columns.reduce((sum, flat) => sum + (flat[3] ?? 0), 0),
      overview.calls,
    )
    const near = await viewer.ask<Timeline>('timeline', { from: 0, to: overview.span, width: 8000, lanes })
    const calls = near.lanes.flatMap(lane => lane.calls ?? [])
    assert.equal(calls.length / 5, overview.calls)
  })

  test('rows by filter and order, and where a call stands', async () => {
    const filter = filterText({
      conditions: [
        { column: 'name', is: 'equal', value: 'openat' },
        { column: 'outcome', is: 'equal', value: 'failed' },
      ],
      text: 'NoSuch',
    })
    const { rows, total } = await viewer.ask<Rows>('rows', { filter })
    assert.equal(total, 1)
    assert.match(rows[0]!.line, /^openat\(AT_FDCWD.*, "nosuch", O_RDONLY\) = -1 ENOENT /)
    assert.equal(rows[0]!.errno, 'ENOENT')
    assert.equal(rows[0]!.path, join(folder, 'nosuch'))
    assert.deepEqual(await viewer.ask<Place>('place', { filter, id: rows[0]!.id }), { offset: 0 })
    assert.deepEqual(await viewer.ask<Place>('place', { filter, id: rows[0]!.id + 1 }), { offset: null })
    const slow = await viewer.ask<Rows>('rows', { sort: 'duration', descending: 1, limit: 5 })
    const durations = slow.rows.map(({ duration }) => duration!)
    assert.deepEqual(
      durations,
      durations.toSorted((a, b) => b - a),
    )
    const where = { sort: 'duration', descending: 1, id: slow.rows[3]!.id }
    assert.deepEqual(await viewer.ask<Place>('place', where), { offset: 3 })
  })

  test('a call in full', async () => {
    const { rows } = await viewer.ask<Rows>('rows', { filter: filterText({ text: '"xxx' }) })
    assert.ok(rows.length >= 2)
    const read = rows.find(({ name }) => name === 'read')!
    const details = await viewer.ask<CallDetails>('call', { id: read.id })
    assert.match(details.strace, /^read\(3<.*data>, "x{1000}", \d+\) = 1000$/)
    assert.match(details.gvisor, /cat E read\(0x3 .*\n.*cat X read\(0x3 .* = 1000 \(0x3e8\) \(/)
    assert.equal((details.values as { args: { buf: string } }).args.buf, 'x'.repeat(1000))
    const [memory] = details.memory
    assert.equal(memory?.name, 'buf')
    assert.equal(Buffer.from(memory!.bytes, 'base64').toString(), 'x'.repeat(1000))
    assert.equal(details.manual, 'read(2)')
    assert.equal(typeof details.summary, 'string')
    // execve, whose thread has the same number before and after; exit_group, which does not return.
    const all = await viewer.ask<Rows>('rows', { limit: 500 })
    for (const { id, name } of all.rows) {
      const { strace } = await viewer.ask<CallDetails>('call', { id })
      assert.ok(strace.startsWith(`${name}(`), strace)
    }
  })

  test('traced data is text in JSON', async () => {
    const { rows } = await viewer.ask<Rows>('rows', { filter: filterText({ text: '</script>' }) })
    const named = rows.find(({ name }) => name === 'openat')!
    assert.ok(named.path!.endsWith(hostile))
    assert.match(named.line, /"<\/script><b>\\33\[31m"/)
  })

  test('a taken port, a file that is none, words that make no sense', async () => {
    const other = createServer()
    other.listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as { port: number }
    const fails = async (words: string[], message: RegExp): Promise<void> => {
      const { status, stderr } = await run([glass, 'view', ...words], { cwd: folder })
      assert.equal(status, 1)
      assert.match(stderr, message)
      assert.doesNotMatch(stderr, /\n {4}at /)
    }
    await fails([recording, '--port', String(port)], new RegExp(`port ${port} is taken: choose another`))
    other.close()
    await fails([recording, '--port', 'http'], /'http' is no port/)
    await fails(['data'], /data: is not a recording\n$/)
    await fails(['./none.rec'], /Can't open '.\/none.rec': No such file/)
    await fails(['nosuchprogram'], /Can't stat 'nosuchprogram': No such file or directory\n$/)
    await fails([recording, '--most', '3'], /--most is for --export/)
    await fails([], /which recording, or which program\?/)
    await fails([recording, 'other'], /one recording at a time: 'other'/)
    await fails(['--nosuch', recording], /Unknown option '--nosuch'/)
  })

  test('what is not for others is left out', async () => {
    const report = join(folder, 'redacted.html')
    const rules = ['--redact', 'payload', '--redact', 'env']
    const { status, stderr } = await run([glass, 'view', recording, '--export', report, ...rules])
    assert.equal(status, 0, stderr)
    const [, packed = ''] = /sysglassReport='([^']*)'/.exec(readFileSync(report, 'utf8')) ?? []
    const source = await openReport(packed)
    const { total } = await source.rows({ conditions: [], text: 'xxxx' }, 'id', false, 0, 5)
    assert.equal(total, 0)
    const { rows } = await source.rows({ conditions: [], text: 'write(1' }, 'id', false, 0, 5)
    assert.ok(rows.length > 0)
    const { memory } = await source.call(rows[0]!.id)
    assert.ok(memory.every(({ bytes }) => !atob(bytes).includes('xxxx')))
    const wrong = await run([glass, 'view', recording, '--redact', 'nonsense'])
    assert.equal(wrong.status, 1)
    const same = await run([glass, 'view', recording, '--export', recording])
    assert.match(same.stderr, /is what is to be shown/)
  })

  test('a program that goes into a report', async () => {
    const report = join(folder, 'true.html')
    const { status, stderr } = await run([glass, 'view', '--export', report, 'sh', '-c', 'exit 4'])
    assert.equal(status, 4)
    assert.match(stderr, /true\.html: \d+ calls, [\d.]+ MB\n$/)
  })

  test('a program while it runs', async () => {
    const kept = join(folder, 'live.rec')
    const live = await Viewer.start(
      ['-o', kept, '--', 'sh', '-c', 'cat data > /dev/null; while ! test -e go; do sleep 0.1; done; exit 5'],
      'stderr',
    )
    try {
      let overview = await live.ask<Overview>('overview')
      for (; overview.calls < 50; overview = await live.ask<Overview>('overview'))
        await new Promise(resolve => setTimeout(resolve, 50))
      assert.equal(overview.complete, false)
      // The shell waits for its sleep, again and again.
      const waits = (): boolean =>
        overview.lanes.some(
          ({ inCall }) => inCall !== undefined && /^wait/.test(overview.names[inCall.name]!.name),
        )
      while (!waits()) {
        await new Promise(resolve => setTimeout(resolve, 50))
        overview = await live.ask<Overview>('overview')
      }
      writeFileSync(join(folder, 'go'), '')
      const progress = await live.complete()
      assert.ok(progress.calls > overview.calls)
      assert.equal(progress.error, undefined)
      overview = await live.ask<Overview>('overview')
      assert.equal(overview.processes[0]?.code, 5)
      const { rows } = await live.ask<Rows>('rows', { filter: filterText({ text: 'exit_group(5)' }) })
      assert.equal(rows.length, 1)
    } finally {
      await live.end()
    }
    assert.ok(live.child.exitCode === 143, `ended with ${live.child.exitCode}`)
    const { status, stdout } = await run([glass, 'replay', kept, '-e', 'trace=exit_group'])
    assert.equal(status, 0)
    assert.match(stdout, /exit_group\(5\)/)
  })

  suite('a report', () => {
    const report = join(folder, 'report.html')
    let source: Source

    before(async () => {
      const { status, stderr } = await run([glass, 'view', recording, '--export', report])
      assert.equal(status, 0, stderr)
      assert.match(stderr, /^.*report\.html: \d+ calls, [\d.]+ MB\n$/)
      const html = readFileSync(report, 'utf8')
      const scripts = [...html.matchAll(/<script\b[^>]*>/g)]
      assert.equal(scripts.length, 2)
      assert.doesNotMatch(html, /\b(src|href)="(?!data:)/)
      const [, packed = ''] = /globalThis\.sysglassReport='([A-Za-z0-9+/=]*)'/.exec(html) ?? []
      source = await openReport(packed)
    })

    test('answers as the server does', async () => {
      const overview = await source.overview()
      assert.deepEqual(overview, await viewer.ask<Overview>('overview'))
      const { rows } = await source.rows(everything, 'id', false, 0, 500)
      const condition: fc.Arbitrary<Condition> = fc
        .record({
          column: fc.constantFrom<Condition['column']>(...columns, 'kind'),
          is: fc.constantFrom<Condition['is']>('equal', 'different', 'contains', 'above', 'below'),
          row: fc.nat(rows.length - 1),
          other: fc.oneof(fc.integer({ min: -10, max: 1000 }), fc.string({ maxLength: 3 })),
        })
        .map(({ column, is, row, other }) => {
          const value = column === 'kind' || column === 'fd' ? null : rows[row]![column]
          return { column, is, value: value ?? other }
        })
      const filters: fc.Arbitrary<Filter> = fc.record({
        conditions: fc.array(condition, { maxLength: 3 }),
        text: fc.oneof(fc.constant(''), fc.constantFrom('cat', 'ENO', '"', 'READ', '/lib', hostile)),
      })
      const lanes = overview.lanes.map(({ tid }) => tid)
      const property = fc.asyncProperty(
        filters,
        fc.constantFrom<Column>(...columns),
        fc.boolean(),
        fc.nat(rows.length),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (filter, sort, descending, offset, share) => {
          const asked = { filter: JSON.stringify(filter), sort, descending: descending ? 1 : 0 }
          const own = await source.rows(filter, sort, descending, offset % 7, 50)
          assert.deepEqual(own, await viewer.ask<Rows>('rows', { ...asked, offset: offset % 7, limit: 50 }))
          assert.deepEqual(
            await source.place(filter, sort, descending, offset),
            await viewer.ask<Place>('place', { ...asked, id: offset }),
          )
          assert.deepEqual(
            await source.statistics(filter),
            await viewer.ask<Statistics>('statistics', { filter: asked.filter }),
          )
          const [from, to] = [share * overview.span, overview.span]
          assert.deepEqual(
            await source.timeline(from, to, 40, lanes, filter),
            await viewer.ask<Timeline>('timeline', {
              from,
              to,
              width: 40,
              lanes: lanes.join(','),
              filter: asked.filter,
            }),
          )
        },
      )
      await fc.assert(property, { numRuns: 60 })
    })

    test('has each call in full, with less of its bytes', async () => {
      const { total } = await source.rows(everything, 'id', false, 0, 0)
      for (let id = 0; id < total; id += 9) {
        const { memory, strace, values, gvisor, ...own } = await source.call(id)
        const server = await viewer.ask<CallDetails>('call', { id })
        const { memory: _, strace: __, values: ___, gvisor: ____, ...rest } = server
        assert.deepEqual(own, rest)
        assert.equal(memory.length, server.memory.length)
        assert.ok(strace.startsWith(`${own.row.name}(`))
        assert.equal((values as { name: string }).name, own.row.name)
        assert.ok(gvisor.includes(own.row.name))
      }
    })

    test('that is cut says so', async () => {
      const { status, stderr } = await run([glass, 'view', recording, '--export', report, '--most', '10'])
      assert.equal(status, 0)
      assert.match(stderr, /These are the first 10 calls; the recording has more\.\n$/)
    })
  })
})
