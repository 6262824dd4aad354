/** A thread that makes a recording's tables, of blocks that others unpack. */
import { parentPort, workerData } from 'node:worker_threads'
import { collectRows } from './rows.ts'
import type { RowsMade, RowWork } from './rows-beside.ts'
import { sharedRecords } from './shared-blocks.ts'
import { TableFiles } from './table-files.ts'

const { metadata, args, folder, blocks, done } = workerData as RowWork
const records = sharedRecords(blocks, kilobytes => {
  done[0] = kilobytes
})
const tables = new TableFiles(folder)
const problem = collectRows({ metadata, records: () => records }, args, tables)
tables.close()
const made: RowsMade = { problem: problem === null ? null : problem.message }
parentPort!.postMessage(made)
