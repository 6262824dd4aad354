/** Which programs make calls of 32 bits. */
import { closeSync, constants, openSync, readSync } from 'node:fs'

const { O_NONBLOCK, O_RDONLY } = constants

const ELFCLASS32 = 1
const magic = '\x7fELF'

/** Whether a file is a 32-bit program of an architecture that runs such; `file` is latin1. */
export function isCompat(file: string): boolean {
  if (process.arch !== 'x64') return false
  try {
    // What it names may be anything, a pipe too.
    const fd = openSync(Buffer.from(file, 'latin1'), O_RDONLY | O_NONBLOCK)
    const start = Buffer.alloc(magic.length + 1)
    try {
      readSync(fd, start)
    } finally {
      closeSync(fd)
    }
    return start.toString('latin1', 0, magic.length) === magic && start[magic.length] === ELFCLASS32
  } catch {
    return false
  }
}
