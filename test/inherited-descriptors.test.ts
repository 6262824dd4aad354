/** A traced program has the descriptors that it would have without us: none of ours, none missing. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { run, type Surroundings, sysglass } from './tracers.ts'

/** `number -> what`, of each descriptor of a shell's child; what is another at every run has no number. */
const list =
  'sh -c "ls -l /proc/self/fd" | sed -n "s/.* \\([0-9]* -> \\)/\\1/p" | sed "s/[0-9][0-9][0-9][0-9]*/N/g"'

/** Redirections of the shell that starts the tracer. */
const redirections = {
  'as they are': '',
  'one more': '7</dev/null',
  'those that node would take': '3</dev/null 4</dev/zero 5</dev/full 6</dev/null',
  'those that shells take for themselves': '9</dev/null',
  'stdin closed': '<&-',
  'stdin closed and one more': '<&- 7</dev/null',
  'stderr closed': '2>&-',
  'stdin and stderr closed': '<&- 2>&-',
} as const

const surroundings: Surroundings = { stdio: ['ignore', 'pipe', 'pipe'] }

suite('inherited descriptors', { concurrency: 2 }, () => {
  for (const [name, redirection] of Object.entries(redirections))
    test(name, { timeout: 60_000 }, async () => {
      const redirect = redirection === '' ? '' : `exec ${redirection};`
      const untraced = await run(['sh', '-c', `${redirect} sh -c '${list}'`], surroundings)
      const traced = await run(
        ['sh', '-c', `${redirect} "$0" -f -o /dev/null sh -c '${list}'`, sysglass],
        surroundings,
      )
      assert.match(untraced.stdout, /^[0-9]+ -> /)
      assert.equal(traced.stdout, untraced.stdout)
    })

  test('from a node program', { timeout: 60_000 }, async () => {
    const stdio: Surroundings['stdio'] = ['ignore', 'pipe', 'pipe', 'pipe', 'ignore', 'pipe']
    const untraced = await run(['sh', '-c', list], { stdio })
    const traced = await run([sysglass, '-f', '-o', '/dev/null', 'sh', '-c', list], { stdio })
    assert.equal(traced.stdout, untraced.stdout)
  })

  test('on a terminal', { timeout: 60_000 }, async t => {
    const terminal = (command: string) =>
      run(['script', '-qec', command, '/dev/null'], { ...surroundings, env: { SHELL: '/bin/sh' } })
    const file = 'sh -c "ls -l /proc/self/fd"'
    const plain = (text: string) => text.replace(/.* (?=\d+ ->)/gm, '').replace(/\d{3,}|pts\/\d+/g, 'N')
    let untraced: Awaited<ReturnType<typeof terminal>>
    try {
      untraced = await terminal(file)
    } catch {
      return t.skip('no script(1)')
    }
    const traced = await terminal(`${sysglass} -f -o /dev/null ${file}`)
    assert.equal(plain(traced.stdout), plain(untraced.stdout))
  })
})
