/** Makes a recording ready to be continued (-A). */
import { closeSync, fstatSync, ftruncateSync, openSync, readSync } from 'node:fs'
import {
  Block,
  blockMark,
  magic,
  maxMetadataBytes,
  maxPackedBytes,
  RecordingError,
  Segment,
} from './recording-format.ts'

/**
 * Cuts off what an interrupted writer left after the last whole block: readers would not get past it. Throws a
 * RecordingError when the file is something else, which we will not write into, and node's when it cannot be
 * opened. A file that is not there, is empty or is no regular file is left as it is.
 */
export function prepareAppending(path: string | Buffer): void {
  let fd: number
  try {
    fd = openSync(path, 'r+')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  try {
    const stat = fstatSync(fd)
    if (!stat.isFile() || stat.size === 0) return
    const end = endOfBlocks(fd, stat.size)
    if (end === 0) throw new RecordingError(String(path), 'is not a recording; nothing is appended to it')
    if (end < stat.size) ftruncateSync(fd, end)
  } finally {
    closeSync(fd)
  }
}

/** Where the last whole block (or header) ends; 0 when there is none. */
function endOfBlocks(fd: number, size: number): number {
  const head = new Uint8Array(Math.max(Segment.bytes, Block.bytes))
  const view = new DataView(head.buffer)
  for (let at = 0; ; ) {
    const got = readSync(fd, head, 0, head.length, at)
    let next = at
    if (got >= Segment.bytes && magic.every((b, i) => b === head[i])) {
      const length = view.getUint32(Segment.length, true)
      if (length <= maxMetadataBytes) next += Segment.bytes + length
    } else if (got >= Block.bytes && at > 0 && view.getUint32(Block.mark, true) === blockMark) {
      const length = view.getUint32(Block.compressed, true)
      if (length <= maxPackedBytes) next += Block.bytes + length
    }
    if (next === at || next > size) return at
    at = next
  }
}
