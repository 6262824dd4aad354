/**
 * The programs in gVisor's notation with --backend=ebpf and --backend=ptrace: the same lines. Some of them by default, all with
 * SYSGLASS_ALL_PROGRAMS=1 (npm run test:gvisor-ebpf).
 */
import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { after, test } from 'node:test'
import { ebpfRefused } from '../tracers.ts'
import { newFolder, programNames, traceProgram } from './run-program.ts'

const folder = newFolder()
after(() => rmSync(folder, { recursive: true, force: true }))

/** Those with most ways of copying memory and noting descriptors; every other one goes through a recording. */
const sample = [
  '02_iov',
  '04_fd',
  '11_select',
  '13_unix',
  '15_msg',
  '17_fork',
  '20_exec',
  '21_misc',
  '25_edges',
  '26_threads',
]
const names = process.env.SYSGLASS_ALL_PROGRAMS === '1' ? programNames : sample

/** A tracer that stops its tracees is their tracer: they can have no other one. */
const isPtrace = (line: string): boolean => /\bptrace\(PTRACE_TRACEME/.test(line)

const rounds = 3

test('programs print under eBPF what they print under ptrace', {
  skip: ebpfRefused(),
  concurrency: 2,
  timeout: 600_000,
}, async t => {
  let compared = 0
  await Promise.all(
    names.map((name, index) =>
      t.test(name, { timeout: 300_000 }, async () => {
        // What hangs on who is quicker does not come every time; a bug does.
        for (let round = 1; ; round++) {
          const traced = async (backend: string) => {
            const streams = await traceProgram(name, folder, index % 2 === 1, [`--backend=${backend}`])
            return [...streams].map(([stream, all]) => ({
              stream,
              lines: all.filter(line => !isPtrace(line)),
            }))
          }
          const [theirs, ours] = [await traced('ptrace'), await traced('ebpf')]
          try {
            assert.deepEqual(ours, theirs)
            compared += theirs.flatMap(({ lines }) => lines).length
            return
          } catch (error) {
            if (round === rounds) throw error
          }
        }
      }),
    ),
  )
  t.diagnostic(`${compared} lines the same`)
})
