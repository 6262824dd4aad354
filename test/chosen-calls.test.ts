/** -e trace=, -P, -z and the like choose the calls that strace's do. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { oracleMissing } from '../src/cli/options/strace-oracle.ts'
import { type Tracer, trace } from './tracers.ts'

const program = ['perl', '-e', 'open F, "</etc/hostname"; open G, "</nowhere"; read F, $_, 9; getppid']

const choices: readonly (readonly string[])[] = [
  ['-e', 'trace=%file'],
  ['-e', 'trace=!%memory,%desc'],
  ['-e', 'trace=/^(get|open)'],
  ['-e', 'trace=?nosuch,%%stat,close'],
  ['-P', '/etc/hostname', '-P', '/nowhere'],
  ['-z'],
  ['-Z', '-e', 'trace=%file'],
  ['-e', 'status=unfinished,failed', '-e', 'trace=openat,exit_group'],
  ['-f', '--seccomp-bpf', '-e', 'trace=openat,read'],
]

/** The trace without what differs from run to run. */
async function lines(tracer: Tracer, options: readonly string[]): Promise<string> {
  const { text } = await trace(tracer, options, program)
  return (
    text
      .replace(/^\d+ +/gm, '')
      .replace(/0x[0-9a-f]+/g, 'ADDRESS')
      // Perl's seeds are four bytes of /dev/urandom.
      .replace(/(getrandom\(|read\(\d, )"(?:[^"\\]|\\.)*", (4|8)\b/g, '$1RANDOM, $2')
      .replace(/^((?:get\w*id|set_tid_address)\(.*\) +=) \d+/gm, '$1 ID')
      .replace(/\) += /g, ') = ')
  )
}

for (const options of choices)
  test(options.join(' '), { skip: oracleMissing() ?? false, timeout: 60_000 }, async () => {
    const theirs = await lines('strace', options)
    assert.ok(theirs.includes('\n'), theirs)
    assert.equal(await lines('sysglass', options), theirs)
  })
