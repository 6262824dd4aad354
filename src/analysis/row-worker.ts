/** A thread that makes a recording's tables, of blocks that others unpack. */
import { parentPort, workerData } from 'node:worker_threads'
import { openRecording } from '../record/recording-reader.ts'
import { collectRows } from './rows.ts'
import type { RowsMade, RowWork } from './rows-beside.ts'
import { sharedRecords } from './shared-blocks.ts'
import { TableFiles } from './table-files.ts'

const { file, args, folder, blocks, done } = workerData as RowWork
const used = new Int32Array(done)
const opened = openRecording(Buffer.from(file))
opened.close()
const records = sharedRecords(blocks, kilobytes => {
  used[0] = kilobytes
})
const tables = new TableFiles(folder)
const problem = collectRows({ metadata: opened.metadata, records: () => records }, args, tables)
tables.close()
const made: RowsMade = { problem: problem === null ? null : problem.message }
parentPort!.postMessage(made)
