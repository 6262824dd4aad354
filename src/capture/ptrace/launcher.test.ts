import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { libc } from '../../libc/libc.ts'
import { NativeMemory } from '../../libc/native-memory.ts'
import type { CaptureOptions } from '../backend.ts'
import { doorbellElf, spawnDoorbell, spawnLauncher } from './launcher.ts'
import { codeWriter } from './machine-code.ts'
import { Signal, Wait } from './ptrace-constants.ts'
import { everything } from './test-capture.ts'

const folder = mkdtempSync(join(tmpdir(), 'sysglass-'))
after(() => rmSync(folder, { recursive: true }))
const memory = new NativeMemory(4096)

/** Runs a program to its end, untraced; its wait status. */
function launch(file: string, argv: string[], envp: string[], more: Partial<CaptureOptions> = {}): number {
  const pid = spawnLauncher({ file, argv, envp }, { ...everything, ...more }, null)
  if (typeof pid !== 'number') assert.fail(JSON.stringify(pid))
  assert.equal(libc.wait4(pid, memory.address, Wait.WUNTRACED, 0), pid)
  assert.equal(memory.view.getInt32(0, true), (Signal.SIGSTOP << 8) | 0x7f)
  libc.kill(pid, Signal.SIGCONT)
  assert.equal(libc.wait4(pid, memory.address, 0, 0), pid)
  return memory.view.getInt32(0, true)
}

test('argv, environment and exit status pass byte for byte', () => {
  const out = join(folder, 'bytes')
  const odd = 'a b\n"\xff\x80'
  assert.equal(
    launch(
      '/bin/sh',
      ['sh', '-c', `printf '%s|' "$0" "$@" "$X" > ${out}; exit 7`, odd, '', 'z'],
      [`X=${odd}`],
    ),
    7 << 8,
  )
  assert.equal(readFileSync(out, 'latin1'), `${odd}||z|${odd}|`)
})

test('a failing execve ends with its errno', () => {
  assert.equal(launch('/nonexistent', ['x'], []), 2 << 8)
  assert.equal(launch('/tmp', ['x'], []), 13 << 8)
})

test('signals, descriptors and limits are what they would be without us', () => {
  const out = join(folder, 'state')
  // The shell itself blocks all signals while it forks: only a program in its place tells what it was given.
  const script = `ulimit -Sn > ${out}; exec grep -E '^Sig(Blk|Ign)' /proc/self/status >> ${out}`
  const inherited = {
    fds: [0, 1, 2],
    ignoredSignals: String((1 << 0) | (1 << 11)),
    nofile: { soft: 321, hard: 500 },
  }
  assert.equal(launch('/bin/sh', ['sh', '-c', script], ['PATH=/bin:/usr/bin'], { inherited }), 0)
  assert.deepEqual(readFileSync(out, 'latin1').split(/\s+/), [
    '321',
    'SigBlk:',
    '0000000000000000',
    'SigIgn:',
    '0000000000000801',
    '',
  ])
})

test('a standard descriptor that was closed is closed', () => {
  const inherited = { fds: [1, 2], ignoredSignals: '0', nofile: null }
  assert.equal(
    launch(
      '/bin/sh',
      ['sh', '-c', 'test ! -e /proc/$$/fd/0 && test -e /proc/$$/fd/1'],
      ['PATH=/bin:/usr/bin'],
      { inherited },
    ),
    0,
  )
})

test('the program becomes the user', { skip: process.getuid?.() !== 0 }, () => {
  const user = { uid: 1234, gid: 2345, groups: [2345, 77] }
  assert.equal(
    launch(
      '/bin/sh',
      ['sh', '-c', 'exec test "$(id -u):$(id -g):$(id -G)" = "1234:2345:2345 77"'],
      ['PATH=/bin:/usr/bin'],
      { user },
    ),
    0,
  )
})

test('a doorbell waits until it is killed', () => {
  const pid = spawnDoorbell()
  if (typeof pid !== 'number') assert.fail(JSON.stringify(pid))
  libc.kill(pid, 2)
  libc.kill(pid, 15)
  assert.equal(libc.wait4(pid, memory.address, Wait.WNOHANG, 0), 0)
  libc.kill(pid, Signal.SIGKILL)
  assert.equal(libc.wait4(pid, memory.address, 0, 0), pid)
  assert.equal(memory.view.getInt32(0, true), Signal.SIGKILL)
})

test('arm64 code is what an assembler makes of it', () => {
  const writer = codeWriter('arm64')
  writer.call('prctl', 15, 0x400078)
  writer.exitOnError()
  writer.execveFromStack()
  writer.sleepForever()
  const words = [...new Uint32Array(new Uint8Array(writer.code).buffer)].map(w => w.toString(16))
  assert.deepEqual(words, [
    // mov x0, #15; mov x1, #0x78; movk x1, #0x40, lsl #16; mov x8, #167; svc #0
    'd28001e0',
    'd2800f01',
    'f2a00801',
    'd28014e8',
    'd4000001',
    // tbz x0, #63, .+16; neg w0, w0; mov x8, #94; svc #0
    'b6f80080',
    '4b0003e0',
    'd2800bc8',
    'd4000001',
    // ldr x9, [sp]; ldr x0, [sp, #8]; add x1, sp, #16; add x2, x1, x9, lsl #3; mov x8, #221; svc #0
    'f94003e9',
    'f94007e0',
    '910043e1',
    '8b090c22',
    'd2801ba8',
    'd4000001',
    // mov x0..x3, #0; mov x8, #73; svc #0; b .-24
    'd2800000',
    'd2800001',
    'd2800002',
    'd2800003',
    'd2800928',
    'd4000001',
    '17fffffa',
  ])
  assert.ok(doorbellElf('arm64', 1).length > 120)
})
