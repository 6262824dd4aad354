/** A thread that reads a recording and makes rows of it, beside the one that hands them to DuckDB. */
import { parentPort, workerData } from 'node:worker_threads'
import { openRecording } from '../record/recording-reader.ts'
import type { Column, LooseTexts } from './column-batch.ts'
import { collectRows } from './rows.ts'
import { mostUnderWay, type RowMessage, type RowWork } from './rows-beside.ts'
import type { TableName } from './tables.ts'

const { file, args, taken } = workerData as RowWork
const say = (message: RowMessage, memory: readonly ArrayBuffer[] = []): void =>
  parentPort!.postMessage(message, memory)
/** How many batches have been taken in: it does not run ahead of that further than is of use. */
const counter = new Int32Array(taken)
let given = 0

function rows(table: TableName, columns: readonly Column[], length: number): void {
  for (let seen = Atomics.load(counter, 0); given - seen >= mostUnderWay; seen = Atomics.load(counter, 0))
    Atomics.wait(counter, 0, seen)
  given++
  const memory: ArrayBuffer[] = []
  const moved = <A extends Uint8Array | Uint32Array | Exclude<Column, LooseTexts>>(copy: A): A => {
    memory.push(copy.buffer as ArrayBuffer)
    return copy
  }
  const own = columns.map(column =>
    'bytes' in column
      ? { bytes: moved(column.bytes.slice()), ends: moved(column.ends.slice(0, length)) }
      : moved(column.slice(0, length)),
  )
  say({ kind: 'rows', table, columns: own, length }, memory)
}

const problem = collectRows(openRecording(Buffer.from(file)), args, {
  rows,
  texts: (texts, first) => say({ kind: 'texts', texts, first }),
})
// An error of its own kind would come across as any other.
say({ kind: 'end', problem: problem === null ? null : { message: problem.message } })
