import assert from 'node:assert/strict'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import wabt from 'wabt'
import {
  disable,
  type EventMessage,
  enable,
  initialize,
  StraceWriter,
  SyscallTable,
  sinkEvent,
  sinkLog,
} from '../../src/stracer/index.ts'
import { sysno, WasiHost } from './wasi-host.ts'

const folder = mkdtempSync(join(tmpdir(), 'sysglass-'))
after(() => rmSync(folder, { recursive: true }))
const source = readFileSync(fileURLToPath(new URL('copy.wat', import.meta.url)), 'utf8')
writeFileSync(join(folder, 'greeting.txt'), 'Hello from a file,\n"twice".\n')

async function run(prepare: (table: SyscallTable) => void) {
  const module = (await wabt()).parseWat('copy.wat', source)
  const table = new SyscallTable('linux', 'amd64', Object.values(sysno))
  initialize([table])
  prepare(table)
  const lines: string[] = []
  const events: EventMessage[] = []
  const strace = new StraceWriter('amd64', { onEvent: message => events.push(message) })
  const out = join(folder, 'out')
  const stdout = openSync(out, 'w')
  const host = new WasiHost({ directory: folder, stdout, strace, table, log: line => lines.push(line) })
  const code = await host.run(new Uint8Array(module.toBinary({}).buffer))
  closeSync(stdout)
  const text = lines.map(line => line.replace(/ \([0-9.]+.?s\)$/, ' (T)').replaceAll(folder, 'DIR'))
  return { code, lines: text, events, output: readFileSync(out, 'latin1') }
}

test('a WebAssembly program in gVisor’s notation', async () => {
  const { code, lines, output } = await run(table => {
    enable([table], ['openat', 'readv', 'writev', 'close', 'exit_group'], sinkLog)
  })
  assert.equal(code, 0)
  assert.equal(output, 'Hello from a file,\n"twice".\n')
  const openat = 'openat(0x3 DIR, 0x100000000'
  assert.deepEqual(lines.slice(0, 6), [
    `[   1:   1] wasm E ${openat} reeting.txt, O_RDONLY|0x0, 0o0)`,
    `[   1:   1] wasm X ${openat} reeting.txt, O_RDONLY|0x0, 0o0) = -1 errno=2 (no such file or directory) (T)`,
    `[   1:   1] wasm E ${openat} greeting.txt, O_RDONLY|0x0, 0o0)`,
    `[   1:   1] wasm X ${openat} greeting.txt, O_RDONLY|0x0, 0o0) = 4 (0x4) (T)`,
    '[   1:   1] wasm E readv(0x4 DIR/greeting.txt, 0x100000000 {base=0x400, len=16}, 0x1)',
    '[   1:   1] wasm X readv(0x4 DIR/greeting.txt, 0x100000000 {base=0x400, len=16, "Hello from a fil"}, 0x1) = 16 (0x10) (T)',
  ])
  assert.match(lines.at(-1)!, /X exit_group\(0x0\) = 0 \(0x0\) \(T\)$/)
})

test('events go elsewhere, and show no buffers', async () => {
  const { lines, events } = await run(table => {
    enable([table], ['writev'], sinkEvent)
    disable([table], sinkLog)
  })
  assert.deepEqual(lines, [])
  assert.deepEqual(
    events.map(({ function: call, info }) => [call, info.case]),
    [1, 2].flatMap(() => [
      ['writev', 'enter'],
      ['writev', 'exit'],
    ]),
  )
  assert.match(events[0]!.args[1]!, /^0x100000000 \{base=0x400, len=16, ""\.\.\.\}$/)
})
