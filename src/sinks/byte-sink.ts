/** Where bytes go at last: a descriptor, written whole and in order. Never through node's streams, which would make the program's own terminal or pipe non-blocking. */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, writeSync } from 'node:fs'

export interface ByteSink {
  /** Writes all of it. Throws with the system's error code (EPIPE: the reader is gone). */
  write(bytes: Uint8Array): void
  /** Everything is written; resolves when whatever reads it has ended. */
  close(): Promise<void>
}

class DescriptorSink implements ByteSink {
  readonly #fd: number
  readonly #owned: boolean
  constructor(fd: number, owned: boolean) {
    this.#fd = fd
    this.#owned = owned
  }

  write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      try {
        at += writeSync(this.#fd, bytes, at)
      } catch (error) {
        // Somebody else made the shared description non-blocking: wait for room.
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
        Atomics.wait(nap, 0, 0, 2)
      }
    }
  }

  async close(): Promise<void> {
    if (this.#owned) closeSync(this.#fd)
  }
}

const nap = new Int32Array(new SharedArrayBuffer(4))

/** A descriptor that stays open. */
export const descriptorSink = (fd: number): ByteSink => new DescriptorSink(fd, false)

/** A file: made or emptied, or with `append` continued. Throws node's error when it cannot be opened. */
export const fileSink = (path: string | Buffer, append: boolean, mode = 0o666): ByteSink =>
  new DescriptorSink(openSync(path, append ? 'a' : 'w', mode), true)

/** A shell command that reads it. */
export function commandSink(command: string): ByteSink {
  const child = spawn('/bin/sh', ['-c', command], { stdio: ['pipe', 'inherit', 'inherit'] })
  const { fd } = (child.stdin as unknown as { _handle: { fd: number } })._handle
  const ended = exited(child)
  const inner = new DescriptorSink(fd, false)
  return {
    write: bytes => inner.write(bytes),
    close: () => {
      child.stdin!.end()
      return ended
    },
  }
}

const exited = (child: ChildProcess): Promise<void> =>
  new Promise(resolve => child.once('close', () => resolve()))
