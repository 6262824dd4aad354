/** Which descriptors are terminals. */
import { fstatSync } from 'node:fs'
import { createRequire } from 'node:module'

/** The device of /dev/null and its like. */
const memoryDevices = 1

/** Whether a descriptor is a terminal. Where it can be seen without node's own test, that is not loaded: all of its sockets would come with it. */
export function isTerminal(fd: number): boolean {
  try {
    const stat = fstatSync(fd)
    if (!stat.isCharacterDevice() || stat.rdev >> 8 === memoryDevices) return false
  } catch {
    return false
  }
  const { isatty } = createRequire('/')('node:tty') as typeof import('node:tty')
  return isatty(fd)
}
