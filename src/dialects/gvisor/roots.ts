/**
 * Root directories of processes that have another one than the tracer. gVisor names files as the task itself would find them; what is
 * captured has the names that the tracer sees.
 */
import { posix } from 'node:path'
import type { Frame } from '../../record/frame.ts'
import { RangeKind } from '../../record/layout.ts'
import { ByProcess } from './by-process.ts'
import { wide } from './specifier.ts'
import { constants } from './tables/errors.ts'

const slash = 0x2f
const root = Uint8Array.of(slash)

export class Roots extends ByProcess<Uint8Array> {
  /**
   * After a call that has done what it was to do: chroot gives its process another root, wherever symbolic links would not lead elsewhere. Where they do,
   * and after pivot_root, which gives one to others too, the working directory tells once a process goes to its root, as they do.
   */
  changedBy(frame: Frame, call: string): void {
    if (call !== 'chroot' && call !== 'chdir') return
    const address = wide(frame, 0)
    const known = Math.min(frame.available(address), constants.PATH_MAX)
    const end = known === 0 ? -1 : frame.bytes.indexOf(0, frame.at)
    const noted = frame.note(RangeKind.cwd, 0)
    const cwd = noted === undefined ? undefined : latin1(noted)
    if (end < 0 || end >= frame.at + known) return
    const path = latin1(frame.bytes.subarray(frame.at, end))
    if (call === 'chdir') {
      const isRoot = path.startsWith('/') && posix.resolve(path) === '/'
      if (isRoot && cwd?.startsWith('/')) this.#set(frame.pid, cwd)
      return
    }
    const own = latin1(this.known.get(frame.pid) ?? root)
    if (path.startsWith('/')) this.#set(frame.pid, posix.join(own, posix.resolve('/', path)))
    else if (cwd !== undefined) this.#set(frame.pid, posix.resolve(cwd, path))
  }

  /** How many bytes of `length` at `at` lead to the root of process `pid`: 0 when that is the tracer's, or the file stands elsewhere. */
  leading(pid: number, bytes: Uint8Array, at: number, length: number): number {
    if (this.known.size === 0) return 0
    const own = this.known.get(pid)
    if (own === undefined || own.length > length) return 0
    if (own.length < length && bytes[at + own.length] !== slash) return 0
    for (let i = 0; i < own.length; i++) if (bytes[at + i] !== own[i]) return 0
    return own.length
  }

  #set(pid: number, path: string): void {
    const bytes = Buffer.from(path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path, 'latin1')
    if (bytes.length > 1) this.known.set(pid, bytes)
    else this.known.delete(pid)
  }
}

const latin1 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
