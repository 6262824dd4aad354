/** What a kernel has of system calls, and which of them are shown to whom: a word of bits for each number. */
import { lookup, type SyscallMap } from './syscall-map.ts'

/** Who gets calls. Values can be joined with `|`. */
export const sinkLog = 1
export const sinkEvent = 2

/** Numbers that have a word of their own; all above share one. */
export const maxSysno = 2000

const present = 1
/** Bits of a word: `sinkLog` and `sinkEvent`, moved up by one. */
export const logFlag: number = sinkLog << 1
export const eventFlag: number = sinkEvent << 1
const flagsOf = (sinks: number): number => (sinks & (sinkLog | sinkEvent)) << 1

/** A kernel's table of one architecture. */
export class SyscallTable {
  readonly os: string
  readonly arch: string
  /** Names and numbers; undefined before `initialize`, and where there are none for the architecture. */
  map: SyscallMap | undefined
  /** In shared memory, so that a thread may switch what another one reads. */
  readonly #words: Int32Array

  /** `implemented`: the numbers of the calls that the kernel has. */
  constructor(os: string, arch: string, implemented: Iterable<number>) {
    this.os = os
    this.arch = arch
    this.#words = new Int32Array(new SharedArrayBuffer((maxSysno + 2) * 4))
    for (const sysno of implemented)
      if (Number.isInteger(sysno) && sysno >= 0 && sysno <= maxSysno) this.#words[sysno] = present
  }

  /** Attaches names and numbers. */
  initialize(): void {
    this.map = lookup(this.os, this.arch)
  }

  /** The bits of a call. Read once a call: then its enter and its exit agree, whatever is switched in between. */
  flags(sysno: number): number {
    return Atomics.load(this.#words, sysno >= 0 && sysno <= maxSysno ? sysno : missing)
  }

  /** Shows the listed calls to these sinks and no others that are there; those that are missing are shown. */
  enable(chosen: ReadonlySet<number> | null, sinks: number): void {
    this.#set(sinks, (sysno, isThere) => !isThere || chosen?.has(sysno) === true)
  }

  enableAll(sinks: number): void {
    this.#set(sinks, () => true)
  }

  disable(sinks: number): void {
    this.#set(sinks, () => false)
  }

  #set(sinks: number, shows: (sysno: number, isThere: boolean) => boolean): void {
    const flags = flagsOf(sinks)
    for (let sysno = 0; sysno <= missing; sysno++) {
      const isThere = (Atomics.load(this.#words, sysno) & present) !== 0
      if (shows(sysno, isThere)) Atomics.or(this.#words, sysno, flags)
      else Atomics.and(this.#words, sysno, ~flags)
    }
  }
}

/** The place of the word for all numbers above. */
const missing = maxSysno + 1
