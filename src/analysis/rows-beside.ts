/** Rows of a recording, made by a thread of their own: two do as much work on them as DuckDB leaves to one. */
import { Worker } from 'node:worker_threads'
import type { Column, RowSink } from './column-batch.ts'
import type { TableName } from './tables.ts'

/** What the thread is told: see row-worker.ts. */
export interface RowWork {
  readonly file: Uint8Array
  readonly args: boolean
  /** One int32: how many batches have been taken in. */
  readonly taken: SharedArrayBuffer
}

export type RowMessage =
  | {
      readonly kind: 'rows'
      readonly table: TableName
      readonly columns: readonly Column[]
      readonly length: number
    }
  | { readonly kind: 'texts'; readonly texts: readonly string[]; readonly first: number }
  | { readonly kind: 'end'; readonly problem: { readonly message: string } | null }

/** Batches that have been made and not taken in. */
export const mostUnderWay = 32

/**
 * Hands over all rows; resolves to what ended the reading before its time. Rejects with what `sink` throws.
 *
 * @param worker row-worker.ts, or what it was bundled to
 */
export async function collectBeside(
  worker: string,
  file: Uint8Array,
  args: boolean,
  sink: RowSink,
): Promise<Error | null> {
  const taken = new SharedArrayBuffer(4)
  const counter = new Int32Array(taken)
  const workerData: RowWork = { file: Uint8Array.from(file), args, taken }
  const thread = new Worker(worker, { workerData, execArgv: [] })
  try {
    return await new Promise((resolve, reject) => {
      const take = (message: RowMessage): void => {
        if (message.kind === 'end')
          return resolve(message.problem === null ? null : new Error(message.problem.message))
        if (message.kind === 'texts') return sink.texts(message.texts, message.first)
        sink.rows(message.table, message.columns, message.length)
        Atomics.add(counter, 0, 1)
        Atomics.notify(counter, 0)
      }
      thread.on('message', message => {
        try {
          take(message)
        } catch (error) {
          reject(error)
        }
      })
      thread.on('error', reject)
      thread.on('exit', () => reject(new Error('the thread that reads the recording has ended')))
    })
  } finally {
    await thread.terminate()
  }
}
