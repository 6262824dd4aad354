/** A thread that reads and unpacks a share of a recording's blocks. */
import { workerData } from 'node:worker_threads'
import { type UnpackWork, unpackInto } from './shared-blocks.ts'

unpackInto(workerData as UnpackWork)
