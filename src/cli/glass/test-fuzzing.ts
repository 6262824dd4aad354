/** For tests and `npm run fuzz:recordings`: damaged recordings and logs, through everything that reads them. */
import { readFileSync, writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { RecordKind } from '../../record/layout.ts'
import { makeRecording, temporary } from '../../record/test-recordings.ts'
import { captureInMemory, type MemoryCapture, print } from '../test-captures.ts'
import { changed, type Damage, damage, damaged, type Whole } from './test-damage.ts'
import { allReaders, asks, isExpected, isWhole, type Reads } from './test-readers.ts'

/** What there is to be damaged. */
export interface Bases {
  /** Recordings of one block. */
  readonly recordings: readonly Whole[]
  /** strace's text, gVisor's. */
  readonly logs: readonly Buffer[]
  /** A file that is whole. */
  readonly whole: string
}

/** Records of a part, small enough that many can be tried. */
const part = 150

const scripts = [
  'ls -l /proc/self/fd; sleep 0 & wait; echo a | cat; (kill -9 $BASHPID); kill -USR1 $$',
  'exec 3<>/dev/tcp/127.0.0.1/9; stty; ulimit -a; cat /proc/self/status; umask; mkfifo /nosuch/x; trap "" INT; read -t 0.01 </dev/zero',
]

/** Traces some programs. `logs` are files of logs beside those that are printed here. */
export async function makeBases(logs: readonly string[] = []): Promise<Bases> {
  const recordings: Whole[] = []
  const texts: Buffer[] = logs.map(file => readFileSync(file).subarray(0, 60_000))
  for (const script of scripts) {
    const capture = await captureInMemory([
      '/bin/bash',
      '--norc',
      '-c',
      `exec 2>/dev/null >/dev/null; ${script}`,
    ])
    for (let from = 0; from < capture.records.length; from += part) {
      const own = capture.records.slice(from, from + part)
      // Whose records they are is known from its beginning.
      const threads = capture.records.slice(0, from).filter(record => isThread(record))
      const records = [...threads, ...own]
      recordings.push({ bytes: makeRecording(records, 1 << 20), records })
    }
    for (const words of ['-f -tt -T', '-f -y -ttt', '-f --format=gvisor'])
      texts.push(Buffer.from(await print(firstOf(capture), words.split(' ')), 'latin1'))
  }
  const whole = temporary('whole.rec')
  writeFileSync(whole, recordings[0]!.bytes)
  return { recordings, logs: texts, whole }
}

const isThread = (record: Uint8Array): boolean =>
  record[4] === RecordKind.start || record[4] === RecordKind.thread || record[4] === RecordKind.comm
const firstOf = (capture: MemoryCapture): MemoryCapture => ({
  ...capture,
  records: capture.records.slice(0, 4 * part),
})

interface Case {
  readonly base: number
  readonly other: number
  readonly damage: Damage
  readonly reader: number
  /** By DuckDB too: now and then, since it takes so much longer. */
  readonly database: boolean
}

const anyCase: fc.Arbitrary<Case> = fc.record({
  base: fc.nat(1000),
  other: fc.nat(1000),
  damage,
  reader: fc.nat(1000),
  database: fc.nat(499).map(n => n === 0),
})

/** Milliseconds of CPU time, bytes that are written, and the process's memory: no case may take more. */
const bounds = { time: 5_000, output: 20_000_000, memory: 1_200 << 20 }

export interface Tally {
  cases: number
  /** Those that were read to their end all the same: what stood in them got through to the readers. */
  whole: number
}

export interface FuzzOptions {
  readonly cases: number
  readonly logs: boolean
  readonly seed?: number
  /** To be called as it goes on. */
  readonly progress?: (tally: Tally) => void
}

/** Tries so many; throws with fast-check's account of what failed. */
export async function fuzz(bases: Bases, { cases, logs, seed, progress }: FuzzOptions): Promise<Tally> {
  const readers = allReaders(bases.whole)
  const file = temporary(logs ? 'damaged.log' : 'damaged.rec')
  const tally: Tally = { cases: 0, whole: 0 }
  await fc.assert(
    fc.asyncProperty(anyCase, async ({ base, other, damage, reader, database }) => {
      const of = <T>(all: readonly T[], n: number): T => all[n % all.length]!
      writeFileSync(
        file,
        logs
          ? changed(of(bases.logs, base), damage.changes, of(bases.logs, other))
          : damaged(of(bases.recordings, base), damage, of(bases.recordings, other)),
      )
      tally.cases++
      if (isWhole(file)) tally.whole++
      const chosen = readers[reader % readers.length]!
      await bounded(file, chosen[0], chosen[1])
      if (database) await bounded(file, 'DuckDB', asks)
      progress?.(tally)
    }),
    { numRuns: cases, ...(seed === undefined ? {} : { seed }) },
  )
  return tally
}

async function bounded(file: string, name: string, reads: Reads): Promise<void> {
  const begun = process.cpuUsage()
  let size = 0
  try {
    size = await reads(file)
  } catch (error) {
    if (!isExpected(error)) throw new Error(`${name}: ${(error as Error).stack}`)
  }
  const { user } = process.cpuUsage(begun)
  if (user > bounds.time * 1000) throw new Error(`${name}: ${user / 1e6} s`)
  if (size > bounds.output) throw new Error(`${name}: ${size} bytes`)
  const { rss } = process.memoryUsage()
  if (rss > bounds.memory) throw new Error(`${name}: ${rss >> 20} MB of memory`)
}
