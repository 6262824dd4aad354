/** Waiting: what the kernel has to report of tracees, and when it happened. */
import { libc } from '../../libc/libc.ts'
import { NativeMemory } from '../../libc/native-memory.ts'
import { Errno, Wait } from './ptrace-constants.ts'

/** wait4's offsets: the status, then struct rusage, whose second member is the system CPU time. */
const rusage = 8
const systemSeconds = rusage + 16
const systemMicroseconds = rusage + 24
const capacity = 256
/** Between two looks for a report while something is due at a known time, in ms. */
const longestNap = 1

/** Reports of this thread's children and tracees, taken from the kernel in batches. */
export class WaitQueue {
  /** The report that `next` stepped to. */
  tid = 0
  status = 0
  /** When the kernel reported it, on `now`'s clock. */
  time = 0
  /** System CPU time in ns; NaN when that is not asked for. */
  systemTime = Number.NaN

  readonly #now: () => number
  readonly #memory = new NativeMemory(256)
  readonly #rusage: number
  readonly #tids = new Int32Array(capacity)
  readonly #statuses = new Int32Array(capacity)
  readonly #times = new Float64Array(capacity)
  readonly #systemTimes = new Float64Array(capacity).fill(Number.NaN)
  #count = 0
  #at = 0
  /** The last wait4 failed: there is nothing to wait for. */
  #failed = false
  /** The last `fill` was ended by a signal. */
  interrupted = false
  readonly #nap = new Int32Array(new SharedArrayBuffer(4))

  constructor(now: () => number, systemTime: boolean) {
    this.#now = now
    this.#rusage = systemTime ? this.#memory.address + rusage : 0
  }

  /**
   * Waits for a report; with `all` also takes those that are there already. False when there is nothing to wait for.
   * There may be no report when a signal came, or (`until`, on `now`'s clock) the time that is not to be waited longer than.
   */
  fill(all: boolean, until: number | null = null): boolean {
    this.#count = 0
    this.#at = 0
    this.interrupted = false
    if (until !== null) return this.#poll(until)
    if (!this.#take(0)) {
      this.interrupted = !this.#failed
      return this.interrupted
    }
    while (all && this.#count < capacity && this.#take(Wait.WNOHANG)) {}
    return true
  }

  /** wait4 has no time limit: looks again and again. */
  #poll(until: number): boolean {
    for (;;) {
      if (this.#take(Wait.WNOHANG)) return true
      if (this.#failed) return false
      const left = (until - this.#now()) / 1e6
      if (left <= 0) return true
      Atomics.wait(this.#nap, 0, 0, Math.min(left, longestNap))
    }
  }

  /** Steps to the next report of the batch; false at its end. */
  next(): boolean {
    if (this.#at === this.#count) return false
    const i = this.#at++
    this.tid = this.#tids[i]!
    this.status = this.#statuses[i]!
    this.time = this.#times[i]!
    this.systemTime = this.#systemTimes[i]!
    return true
  }

  /** Waits until a child that is not traced stops or ends; its status. */
  waitFor(pid: number): number {
    while (libc.wait4(pid, this.#memory.address, Wait.WUNTRACED, 0) < 0 && libc.errno() === Errno.EINTR) {}
    return this.#memory.view.getInt32(0, true)
  }

  #take(flags: number): boolean {
    const tid = libc.wait4(-1, this.#memory.address, Wait.WALL | Wait.WNOTHREAD | flags, this.#rusage)
    this.#failed = tid < 0 && libc.errno() !== Errno.EINTR
    if (tid <= 0) return false
    const i = this.#count++
    this.#tids[i] = tid
    this.#statuses[i] = this.#memory.view.getInt32(0, true)
    this.#times[i] = this.#now()
    if (this.#rusage !== 0) {
      const { view } = this.#memory
      this.#systemTimes[i] =
        view.getUint32(systemSeconds, true) * 1e9 + view.getUint32(systemMicroseconds, true) * 1e3
    }
    return true
  }
}
