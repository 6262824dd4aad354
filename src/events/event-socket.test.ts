import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { EventSocket } from './event-socket.ts'
import { EventReader, frameStrace } from './framing.ts'

const folder = mkdtempSync(join(tmpdir(), 'sysglass-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const settings = { timeout: 60_000 }

const message = (n: number): Uint8Array =>
  frameStrace({
    process: 'p',
    function: `call${n}`,
    args: ['x'.repeat(1000)],
    info: { case: 'enter', value: {} },
  })

const listen = (path: string, onSocket: (socket: Socket) => void): Promise<Server> =>
  new Promise(resolve => {
    // A test that fails leaves it open.
    const server = createServer(onSocket)
      .listen(path, () => resolve(server))
      .unref()
  })

test('a listener gets everything, in order', settings, async () => {
  const path = join(folder, 'all')
  const got: string[] = []
  const server = await listen(path, socket => {
    const reader = new EventReader()
    socket.on('data', bytes => {
      for (const event of reader.push(bytes)) if ('strace' in event) got.push(event.strace.function)
    })
  })
  const socket = new EventSocket(path, 1000)
  assert.equal(socket.connect(), null)
  for (let n = 0; n < 100; n++) {
    socket.send(message(n))
    // The listener is of this very thread.
    if (n % 10 === 0) await sleep(5)
  }
  socket.close()
  while (got.length < 100) await sleep(5)
  assert.deepEqual(
    got,
    Array.from({ length: 100 }, (_, n) => `call${n}`),
  )
  assert.equal(socket.dropped, 0)
  server.close()
})

test(
  'a listener that reads nothing holds nobody up, and what is dropped is whole messages, counted',
  settings,
  async () => {
    const path = join(folder, 'slow')
    const sockets: Socket[] = []
    const server = await listen(path, socket => {
      socket.pause()
      sockets.push(socket)
    })
    const socket = new EventSocket(path, 20)
    assert.equal(socket.connect(), null)
    let longest = 0
    const count = 1500
    for (let n = 0; n < count; n++) {
      const begun = performance.now()
      socket.send(message(n))
      if (socket.dropped < 5) longest = Math.max(longest, performance.now() - begun)
      if (socket.dropped >= 5) break
    }
    assert.ok(longest < 2000, `${longest} ms`)
    assert.ok(socket.dropped >= 5)
    await sleep(20)
    // Once it reads again, it finds messages that make sense: all that was not dropped.
    const reader = new EventReader()
    let got = 0
    sockets[0]!.on('data', bytes => {
      got += reader.push(bytes).length
    })
    sockets[0]!.resume()
    await sleep(100)
    socket.send(message(count))
    socket.close()
    await new Promise(resolve => sockets[0]!.once('end', resolve))
    assert.equal(reader.pending, 0)
    assert.ok(got > 0)
    server.close()
  },
)

test('nobody there, somebody later, gone again', settings, async () => {
  const path = join(folder, 'late')
  const socket = new EventSocket(path, 10)
  assert.equal(socket.connect(), 'ENOENT')
  socket.send(message(0))
  assert.equal(socket.dropped, 1)
  let got = 0
  const sockets: Socket[] = []
  const server = await listen(path, s => {
    sockets.push(s)
    s.on('error', () => {})
    s.on('data', bytes => {
      got += bytes.length
    })
  })
  for (let n = 0; n < 200 && got === 0; n++) {
    socket.send(message(n))
    await sleep(20)
  }
  assert.ok(got > 0)
  const before = socket.dropped
  server.close()
  for (const s of sockets) s.destroy()
  await sleep(20)
  for (let n = 0; n < 20; n++) socket.send(message(n))
  assert.ok(socket.dropped > before)
  socket.close()
})

test('a path that is too long is an error', () => {
  assert.equal(new EventSocket('x'.repeat(200), 1).connect(), 'ENAMETOOLONG')
})
