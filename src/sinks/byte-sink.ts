/** Where bytes go at last: a descriptor, written whole and in order. Never through node's streams, which would make the program's own terminal or pipe non-blocking. */
import type { ChildProcess } from 'node:child_process'
import { closeSync, fchmodSync, fstatSync, ftruncateSync, openSync, writeSync } from 'node:fs'
import { createRequire } from 'node:module'
import { isTerminal } from './terminals.ts'

export interface ByteSink {
  /** It is a terminal, which must get no bytes of a traced program as they are. */
  readonly terminal: boolean
  /** Writes all of it. Throws with the system's error code (EPIPE: the reader is gone). */
  write(bytes: Uint8Array): void
  /** Everything is written; resolves when whatever reads it has ended. */
  close(): Promise<void>
}

class DescriptorSink implements ByteSink {
  readonly #fd: number
  readonly #owned: boolean
  /** A write that fails in its middle leaves nothing behind. */
  readonly #whole: boolean
  readonly #path: string | undefined
  constructor(fd: number, owned: boolean, path?: string | Buffer, whole = false) {
    this.#fd = fd
    this.#owned = owned
    this.#path = path?.toString()
    this.#whole = whole
  }

  get terminal(): boolean {
    return isTerminal(this.#fd)
  }

  write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      try {
        at += writeSync(this.#fd, bytes, at)
      } catch (error) {
        // Somebody else made the shared description non-blocking: wait for room.
        if ((error as NodeJS.ErrnoException).code === 'EAGAIN') nap()
        else {
          if (this.#whole && at > 0) this.#takeBack(at)
          // As node's errors of opening a file have it.
          if (this.#path !== undefined) (error as NodeJS.ErrnoException).path = this.#path
          throw error
        }
      }
    }
  }

  #takeBack(bytes: number): void {
    const stat = fstatSync(this.#fd)
    if (stat.isFile()) ftruncateSync(this.#fd, stat.size - bytes)
  }

  async close(): Promise<void> {
    if (this.#owned) closeSync(this.#fd)
  }
}

const nap = (): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2)
}

/** A descriptor that stays open. */
export const descriptorSink = (fd: number): ByteSink => new DescriptorSink(fd, false)

/** A file: made or emptied, or with `append` continued. Throws node's error when it cannot be opened. */
export const fileSink = (path: string | Buffer, append: boolean): ByteSink =>
  new DescriptorSink(openSync(path, append ? 'a' : 'w'), true, path)

/** As `fileSink`, but its owner's alone, and written to whole or not at all: a full disk leaves no half of anything. */
export function privateFileSink(path: string | Buffer, append: boolean): ByteSink {
  const fd = openSync(path, append ? 'a' : 'w', 0o600)
  const stat = fstatSync(fd)
  if (stat.isFile() && (stat.mode & 0o077) !== 0)
    try {
      fchmodSync(fd, 0o600)
    } catch {
      // Somebody else's file, which we may write to all the same.
    }
  return new DescriptorSink(fd, true, path, true)
}

/** A shell command that reads it. */
export function commandSink(command: string): ByteSink {
  // Few traces have one, and all would wait for node to load this.
  const { spawn } = createRequire('/')('node:child_process') as typeof import('node:child_process')
  const child = spawn('/bin/sh', ['-c', command], {
    // Its messages begin with that.
    argv0: 'sh',
    stdio: ['pipe', 'inherit', 'inherit'],
  })
  const pipe = child.stdin as typeof child.stdin & { readonly _handle: { readonly fd: number } }
  // Node would close our end when the command ends, and the number soon be another file's.
  ;(child as { stdin: unknown }).stdin = null
  const ended = exited(child)
  const inner = new DescriptorSink(pipe._handle.fd, false)
  return {
    terminal: false,
    write: bytes => inner.write(bytes),
    close: () => {
      pipe.destroy()
      return ended
    },
  }
}

const exited = (child: ChildProcess): Promise<void> =>
  new Promise(resolve => child.once('close', () => resolve()))
