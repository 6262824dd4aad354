/**
 * A small WASI host, traced as if it were a Linux kernel: each import is the Linux call that it stands for, and strace reads the
 * WebAssembly program's memory through a Task.
 *
 * WASI has pointers of 32 bits and names without an end. What Linux's calls have in another shape (vectors, names) the host
 * lays out behind the program's memory, where the Task finds it.
 */
import { closeSync, openSync, readSync, writeSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Stracer, SyscallTable, Task } from '../../src/stracer/index.ts'

/** Numbers of amd64. */
export const sysno = {
  close: 3,
  readv: 19,
  writev: 20,
  clock_gettime: 228,
  exit_group: 231,
  openat: 257,
} as const

/** WASI's numbers of errors, and Linux's. */
const wasiErrors: { readonly [code: string]: number } = {
  ENOENT: 44,
  EBADF: 8,
  EACCES: 2,
  EINVAL: 28,
  EISDIR: 31,
}
const linuxErrors: { readonly [code: string]: number } = {
  ENOENT: 2,
  EBADF: 9,
  EACCES: 13,
  EINVAL: 22,
  EISDIR: 21,
}

/** Where the host's own structures are, in the Task's addresses: behind 32 bits of program memory. */
const hostMemory = 0x1_0000_0000

class Exit extends Error {
  readonly code: number
  constructor(code: number) {
    super('exit')
    this.code = code
  }
}

export interface HostOptions {
  /** The one directory that the program sees, as descriptor 3. */
  readonly directory: string
  /** Where descriptor 1 goes. */
  readonly stdout: number
  readonly strace: Stracer
  readonly table: SyscallTable
  /** Takes the lines of the log. */
  readonly log: (line: string) => void
}

export class WasiHost implements Task {
  readonly pid = 1
  readonly tid = 1
  readonly name = 'wasm'
  readonly workingDirectory = '/'
  readonly #options: HostOptions
  readonly #files = new Map<number, { readonly fd: number; readonly path: string }>()
  readonly #shadow = new Uint8Array(8192)
  #memory: WebAssembly.Memory | null = null

  constructor(options: HostOptions) {
    this.#options = options
    this.#files.set(0, { fd: 0, path: '/dev/stdin' }).set(1, { fd: options.stdout, path: '/dev/stdout' })
    this.#files.set(3, { fd: -1, path: resolve(options.directory) })
  }

  // ---- what strace asks

  readMemory(address: number, into: Uint8Array): number {
    const [from, base] = address >= hostMemory ? [this.#shadow, hostMemory] : [this.#bytes, 0]
    const part = from.subarray(address - base, address - base + into.length)
    into.set(part)
    return part.length
  }
  fdPath(fd: number): string | undefined {
    return this.#files.get(fd)?.path
  }
  log(line: string): void {
    this.#options.log(line)
  }

  // ---- running

  /** Runs a program to its end; its exit code. */
  async run(module: Uint8Array<ArrayBuffer>): Promise<number> {
    const { instance } = await WebAssembly.instantiate(module, { wasi_snapshot_preview1: this.#imports() })
    this.#memory = instance.exports.memory as WebAssembly.Memory
    try {
      ;(instance.exports._start as () => void)()
      return 0
    } catch (error) {
      if (error instanceof Exit) return error.code
      throw error
    } finally {
      this.#options.strace.taskExit(this)
    }
  }

  /** A call with strace around it; WASI's number of the error. */
  #call(number: number, args: readonly number[], run: () => number): number {
    const { strace, table } = this.#options
    const context = strace.syscallEnter(this, number, args, table.flags(number))
    try {
      strace.syscallExit(context, this, run(), 0)
      return 0
    } catch (error) {
      if (error instanceof Exit) {
        strace.syscallExit(context, this, 0, 0)
        throw error
      }
      const { code = 'EINVAL' } = error as NodeJS.ErrnoException
      strace.syscallExit(context, this, 0, linuxErrors[code] ?? 22)
      return wasiErrors[code] ?? 28
    }
  }

  #imports(): WebAssembly.ModuleImports {
    return {
      path_open: (
        dirfd: number,
        _flags: number,
        path: number,
        length: number,
        _o: number,
        _r: bigint,
        _i: bigint,
        _f: number,
        to: number,
      ) => {
        const name = Buffer.from(this.#bytes.slice(path, path + length))
        this.#shadow.set([...name, 0])
        return this.#call(sysno.openat, [dirfd, hostMemory, 0, 0], () => {
          const place = join(this.#file(dirfd).path, name.toString())
          const fd = Math.max(...this.#files.keys()) + 1
          this.#files.set(fd, { fd: openSync(place, 'r'), path: place })
          this.#view.setUint32(to, fd, true)
          return fd
        })
      },
      fd_read: (fd: number, vectors: number, count: number, to: number) =>
        this.#call(sysno.readv, [fd, this.#layVectors(vectors, count), count], () =>
          this.#transfer(vectors, count, to, part => readSync(this.#file(fd).fd, part)),
        ),
      fd_write: (fd: number, vectors: number, count: number, to: number) =>
        this.#call(sysno.writev, [fd, this.#layVectors(vectors, count), count], () =>
          this.#transfer(vectors, count, to, part => writeSync(this.#file(fd).fd, part)),
        ),
      fd_close: (fd: number) =>
        this.#call(sysno.close, [fd], () => {
          closeSync(this.#file(fd).fd)
          this.#files.delete(fd)
          return 0
        }),
      clock_time_get: (clock: number, _precision: bigint, to: number) =>
        // A number of nanoseconds, not a timespec: what strace shows of it is what Linux would have written there.
        this.#call(sysno.clock_gettime, [clock, hostMemory], () => {
          const now = process.hrtime.bigint()
          this.#view.setBigUint64(to, now, true)
          const timespec = new DataView(this.#shadow.buffer)
          timespec.setBigInt64(0, now / 1_000_000_000n, true)
          timespec.setBigInt64(8, now % 1_000_000_000n, true)
          return 0
        }),
      proc_exit: (code: number) => {
        this.#call(sysno.exit_group, [code], () => {
          throw new Exit(code)
        })
      },
    }
  }

  /** WASI's vectors as Linux has them on 64 bits; their address. */
  #layVectors(vectors: number, count: number): number {
    const view = new DataView(this.#shadow.buffer)
    for (let i = 0; i < Math.min(count, this.#shadow.length / 16); i++) {
      view.setBigUint64(i * 16, BigInt(this.#view.getUint32(vectors + i * 8, true)), true)
      view.setBigUint64(i * 16 + 8, BigInt(this.#view.getUint32(vectors + i * 8 + 4, true)), true)
    }
    return hostMemory
  }

  #transfer(vectors: number, count: number, to: number, move: (part: Uint8Array) => number): number {
    let total = 0
    for (let i = 0; i < count; i++) {
      const at = this.#view.getUint32(vectors + i * 8, true)
      const length = this.#view.getUint32(vectors + i * 8 + 4, true)
      const moved = move(this.#bytes.subarray(at, at + length))
      total += moved
      if (moved < length) break
    }
    this.#view.setUint32(to, total, true)
    return total
  }

  #file(fd: number): { readonly fd: number; readonly path: string } {
    const file = this.#files.get(fd)
    if (file === undefined) throw Object.assign(new Error('no such descriptor'), { code: 'EBADF' })
    return file
  }
  get #bytes(): Uint8Array {
    return new Uint8Array(this.#memory!.buffer)
  }
  get #view(): DataView {
    return new DataView(this.#memory!.buffer)
  }
}
