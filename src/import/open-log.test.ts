import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { EventReader } from '../calls/event-reader.ts'
import { openLog } from './open-log.ts'

const folder = mkdtempSync(join(tmpdir(), 'sysglass-logs-'))
after(() => rmSync(folder, { recursive: true, force: true }))

function calls(logs: { readonly [name: string]: string }): string[] {
  const files = Object.entries(logs).map(([name, text]) => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  })
  const all: string[] = []
  const reader = new EventReader({ limit: 100, events: false }, event => {
    if (event.kind === 'call') all.push(`${event.pid}/${event.tid} ${event.name}`)
  })
  for (const { bytes, view, offset } of openLog(files, 'strace').records()) reader.record(bytes, view, offset)
  reader.end()
  return all
}

test('the logs of strace -ff are one: in the order of their times, also at midnight', () => {
  const logs = {
    'o.700': [
      '23:59:59.900000 clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|SIGCHLD) = 701',
      '23:59:59.950000 clone(child_stack=0x1000, flags=CLONE_VM|CLONE_THREAD) = 702',
      '00:00:00.200000 getpid() = 700',
      '',
    ],
    'o.701': ['23:59:59.910000 brk(NULL) = 0x1000', '00:00:00.100000 exit_group(0) = ?', ''],
    'o.702': ['23:59:59.960000 gettid() = 702', 'what is no line', '00:00:00.300000 gettid() = 702'],
  }
  assert.deepEqual(calls(Object.fromEntries(Object.entries(logs).map(([n, l]) => [n, l.join('\n')]))), [
    '700/700 clone',
    '701/701 brk',
    '700/700 clone',
    '700/702 gettid',
    '700/700 getpid',
    '700/702 gettid',
    '701/701 exit_group',
  ])
})

test('one of them has the number of its thread from its name', () => {
  assert.deepEqual(calls({ 'o.4711': 'getpid() = 4711\n' }), ['4711/4711 getpid'])
  assert.deepEqual(calls({ 'trace.20261129': 'getpid() = 4711\n' }), ['1/1 getpid'])
})
