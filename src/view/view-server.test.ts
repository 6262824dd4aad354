/** What is wrong inside does not end the server: whoever asked gets no answer, others do. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startViewServer } from './view-server.ts'

test('a fault is told, and the next one is answered', async () => {
  const faults: unknown[] = []
  const options = {
    questions: {
      overview(): never {
        throw new Error('something of ours')
      },
    },
    progress: { onProgress: () => () => {} },
    html: '<p>page',
    port: 0,
    onFault: (error: unknown) => faults.push(error),
  }
  const server = await startViewServer(options)
  try {
    const { origin } = new URL(server.link)
    const admitted = await fetch(server.link, { redirect: 'manual' })
    const headers = { Cookie: admitted.headers.getSetCookie()[0]!.split(';')[0]! }
    await assert.rejects(fetch(`${origin}/api/overview`, { headers }))
    assert.deepEqual(faults.map(String), ['Error: something of ours'])
    assert.equal((await fetch(`${origin}/`, { headers })).status, 200)
  } finally {
    await server.close('')
  }
})
