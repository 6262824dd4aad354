/** A recording's tables, made by threads of their own: some unpack blocks, and one makes rows of what stands in them. */
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { RecordingMetadata } from '../record/recording-format.ts'
import { makeSharedBlocks, type SharedBlocks, type UnpackWork } from './shared-blocks.ts'

/** What the threads were bundled to. */
export interface RowThreads {
  /** row-worker.ts. */
  readonly rows: string
  /** unpack-worker.ts. */
  readonly unpack: string
}

/** What the thread that makes rows is told. */
export interface RowWork {
  readonly metadata: RecordingMetadata
  readonly args: boolean
  /** Where the files of tables are to be made. */
  readonly folder: string
  readonly blocks: readonly SharedBlocks[]
  /** In shared memory: how many KB of the file have become rows. */
  readonly done: Int32Array
}

/** What it says at its end: what ended the reading before its time. */
export interface RowsMade {
  readonly problem: string | null
}

/** Unpacking takes about as long as making rows: more threads would wait. */
const mostUnpacking = 2

/** Makes the tables of a recording; resolves to what ended the reading before its time. */
export async function collectBeside(
  threads: RowThreads,
  file: Uint8Array,
  work: Omit<RowWork, 'blocks'>,
): Promise<Error | null> {
  const turns = Math.min(Math.max(1, availableParallelism() - 1), mostUnpacking)
  const blocks = Array.from({ length: turns }, makeSharedBlocks)
  const own = Uint8Array.from(file)
  const start = (script: string, workerData: RowWork | UnpackWork): Worker =>
    new Worker(script, { workerData, execArgv: [] })
  const unpacking = blocks.map((blocks, turn) => start(threads.unpack, { file: own, blocks, turn, turns }))
  const making = start(threads.rows, { ...work, blocks })
  try {
    return await new Promise((resolve, reject) => {
      making.on('message', ({ problem }: RowsMade) => resolve(problem === null ? null : new Error(problem)))
      for (const thread of [making, ...unpacking]) thread.on('error', reject)
      making.on('exit', () => reject(new Error('the thread that reads the recording has ended')))
    })
  } finally {
    await Promise.all([making, ...unpacking].map(thread => thread.terminate()))
  }
}
