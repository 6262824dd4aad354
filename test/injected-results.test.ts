/** Results that the tracer puts in: what a kernel without the device, or a program without the rights, would never show. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe as suite, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { ioctlTable } from '../src/abi/ioctls.ts'
import { oracleMissing } from '../src/cli/options/strace-oracle.ts'
import { run, scratch, type Tracer, tracerCommand } from './tracers.ts'

const skip = oracleMissing() ?? (process.arch === 'x64' ? false : 'the programs are for x86-64')
const source = fileURLToPath(new URL('programs/injected/results.c', import.meta.url))
const made = [
  ...new Set([...readFileSync(source, 'utf8').matchAll(/\bcall\((\w+)/g)].map(([, name]) => name)),
]

/** The lines of calls whose results were put in. */
async function linesOf(
  tracer: Tracer,
  calls: string,
  result: string,
  options: readonly string[],
  file: string,
): Promise<string[]> {
  const out = join(scratch, `${tracer}-lines`)
  const choice = ['-a0', '-o', out, '-e', `trace=${calls}`, '-e', `inject=${calls}:${result}`]
  await run(['setarch', '-R', tracerCommand(tracer), ...choice, ...options, file])
  return readFileSync(out, 'latin1')
    .split('\n')
    .filter(line => line.endsWith('(INJECTED)'))
}

const compile = (name: string, ...sources: readonly string[]): string => {
  const file = join(scratch, name)
  execFileSync('cc', ['-O1', '-w', '-static', '-o', file, ...sources])
  return file
}

suite('results that are put in', { skip }, () => {
  const file = skip === false ? compile('results', source) : ''
  for (const [result, ...options] of [
    ['retval=0'],
    ['retval=80', '-v'],
    ['error=EINVAL', '-X', 'verbose'],
    ['retval=8', '-X', 'raw', '-v'],
    ['retval=3', '-xx', '-v'],
    ['retval=5', '-e', 'verbose=none'],
  ] as const)
    test(`${result} ${options.join(' ')}`, { timeout: 120_000 }, async () => {
      const [theirs, ours] = [
        await linesOf('strace', made.join(), result, options, file),
        await linesOf('sysglass', made.join(), result, options, file),
      ]
      assert.ok(theirs.length > 140, `${theirs.length} lines`)
      assert.deepEqual(ours, theirs)
    })

  test('a string that memory ends in is told of', { timeout: 120_000 }, async () => {
    const text = join(scratch, 'short.c')
    writeFileSync(
      text,
      `#include <string.h>
      #include <sys/mman.h>
      #include <unistd.h>
      int main(void) {
        char *page = mmap((void *)0x10000000, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
        memset(page + 4086, 'a', 10), chdir(page + 4086);
      }`,
    )
    const program = compile('short', text)
    const told = async (tracer: Tracer) =>
      (await run([tracerCommand(tracer), '-e', 'trace=chdir', '-o', '/dev/null', program])).stderr
    const [theirs, ours] = [await told('strace'), await told('sysglass')]
    assert.match(theirs, /short read/)
    assert.equal(ours.replace(/^.*?: /, ''), theirs.replace(/^.*?: /, ''))
  })

  test('every request of ioctl has the names that strace has for it', { timeout: 120_000 }, async () => {
    const numbers = new Set(Object.values(JSON.parse(ioctlTable) as Record<string, number>))
    // Socket devices have requests without a name as well.
    for (let i = 0; i < 256; i++) numbers.add(0x8900 + i)
    const list = join(scratch, 'requests.c')
    writeFileSync(
      list,
      `#include <sys/ioctl.h>
      static const unsigned requests[] = {${[...numbers].map(n => n >>> 0).join()}};
      int main(void) { for (int i = 0; i < ${numbers.size}; i++) ioctl(-1, requests[i], 0); }`,
    )
    const program = compile('requests', list)
    const [theirs, ours] = [
      await linesOf('strace', 'ioctl', 'error=ENOTTY', [], program),
      await linesOf('sysglass', 'ioctl', 'error=ENOTTY', [], program),
    ]
    assert.ok(theirs.length > 3500, `${theirs.length} lines`)
    assert.deepEqual(ours, theirs)
  })
})
