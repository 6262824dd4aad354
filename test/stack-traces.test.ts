/** -k, beside strace's. */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { oracleMissing } from '../src/cli/options/strace-oracle.ts'

const sysglass = fileURLToPath(new URL('../sysglass', import.meta.url))
const source = fileURLToPath(new URL('programs/stacks.cc', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'sysglass-'))
after(() => rmSync(folder, { recursive: true }))
const missing =
  oracleMissing() ?? (spawnSync('c++', ['--version']).status === 0 ? null : 'no C++ compiler on this machine')
const settings = { skip: missing ?? false, timeout: 60_000 }

function trace(tracer: string, program: string): string {
  const args = ['-k', '-e', 'trace=getppid,getpgrp,exit_group', program]
  return (
    spawnSync(tracer, args, { encoding: 'latin1' })
      .stderr.replace(/= \d+$/gm, '= N')
      .replace(/si_pid=\d+/, 'si_pid=N')
      // Of a process that has ended strace 6.1 finds no names, and writes that in two ways.
      .replace(/^exit_group.*/ms, '')
  )
}

function compile(flags: readonly string[]): string {
  const program = join(folder, `stacks${flags.join('')}`)
  execFileSync('c++', [...flags, source, '-o', program])
  return program
}

for (const flags of [['-O0'], ['-O1']])
  test(`functions around a call: ${flags.join(' ')}`, settings, () => {
    const program = compile(flags)
    const theirs = trace('strace', program)
    assert.match(theirs, /outer::box<unsigned long>::method/)
    assert.equal(trace(sysglass, program), theirs)
  })

// Here strace 6.1 stops early.
for (const flags of [
  ['-O2', '-fomit-frame-pointer', '-static'],
  ['-O0', '-fno-asynchronous-unwind-tables', '-fno-exceptions'],
])
  test(`functions around a call: ${flags.join(' ')}`, settings, () => {
    const [first, , second] = trace(sysglass, compile(flags)).split(/^(?=\S)/m)
    assert.match(
      first!,
      /^getppid.*\n > \S+\(syscall\+0x19\) .*\n.* > \S+\(main\+0x.* > \S+\(_start\+0x21\)/s,
    )
    assert.match(second!, /^getpgrp.*\n > \S+\(syscall\+0x19\) .*\n.* > \S+\(main\+0x/s)
  })

const exiting = / > \S+\(_exit\+0x[0-9a-f]+\) \[0x[0-9a-f]+\]\n/

test('calls that do not come back have the stack that they leave', settings, () => {
  const stack = (tracer: string, ...options: string[]) =>
    spawnSync(tracer, ['-k', ...options, 'sh', '-c', 'exec true'], { encoding: 'latin1' })
      .stderr.replace(/^execve.*\n.*\n/, '')
      .replace(/0x[0-9a-f]+ \/\*/g, '0xPLACE /*')
  for (const options of [
    ['-e', 'trace=execve,exit_group'],
    ['-e', 'trace=none'],
    ['-Z', '-qq', '-e', 'trace=exit_group'],
  ])
    assert.equal(stack(sysglass, ...options), stack('strace', ...options))
  assert.match(stack(sysglass, '-e', 'trace=exit_group'), exiting)
})
