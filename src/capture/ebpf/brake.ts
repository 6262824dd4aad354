/**
 * Holds threads while the kernel's ring is too full, so that nothing is lost. ptrace is what does it: a thread that was seized and
 * interrupted waits, no signal says so to anybody, and when we are gone, however that came, the kernel lets it go on.
 *
 * Only threads that run are held: interrupting a call that waits would end it early (it would be made again, but be seen twice), and who
 * waits fills no ring.
 */
import { readFileSync } from 'node:fs'
import { libc } from '../../libc/libc.ts'
import { NativeMemory } from '../../libc/native-memory.ts'
import type { CaptureOptions } from '../backend.ts'
import { Request, Wait } from '../ptrace/ptrace-constants.ts'
import { hasExited, stopEvent, stopSignal, wasKilled } from '../ptrace/stop.ts'

/**
 * Whether threads are held. Whom we only watch we do not hold up: there what does not fit is counted. So it is beside a program of ours too: the whole
 * system would be held, and with it whoever reads what we write.
 */
export const isHeld = ({ lossless, program, system, cgroup }: CaptureOptions): boolean =>
  lossless ?? (program !== undefined && system !== true && cgroup === undefined)

/**
 * Parts of the ring: above the first threads are held, by a reader that never waits for a CPU above the second; below the third they are let go. Where this
 * comes too late, programs hold threads themselves above the last (ring-hold.ts), with room for the calls that are made just then.
 */
const holdAbove = 0.5
const holdAtOnceAbove = 0.625
const releaseBelow = 0.1
export const heldByProgramsAbove = 0.75

export class Brake {
  /** How often it was needed. */
  times = 0
  /** Our own child's wait status, where its end was told to us as its tracer. */
  status: number | null = null
  readonly #ringBytes: number
  #most: number
  readonly #threads: () => Iterable<number>
  readonly #child: () => number
  /** Threads that are seized, and whether each is to be let go. */
  readonly #held = new Set<number>()
  readonly #memory = new NativeMemory(16)
  #holding = false

  /**
   * @param threads those that fill the ring
   * @param child a child of ours among them, 0 for none
   */
  constructor(ringBytes: number, threads: () => Iterable<number>, child: () => number) {
    this.#ringBytes = ringBytes
    this.#most = holdAbove * ringBytes
    this.#threads = threads
    this.#child = child
  }

  /** The reader runs before all others from now on. */
  actsAtOnce(): void {
    this.#most = holdAtOnceAbove * this.#ringBytes
  }

  /** Whether threads are held, or waited for. */
  get isOn(): boolean {
    return this.#held.size > 0
  }

  /** Looks whether threads must be held or may go on, the ring having so many bytes to read. */
  look(waiting: number): void {
    if (waiting > this.#most) {
      if (!this.#holding) this.times++
      this.#holding = true
      for (const tid of this.#threads()) if (!this.#held.has(tid) && isRunning(tid)) this.#hold(tid)
    } else if (this.#holding && waiting < releaseBelow * this.#ringBytes) this.#holding = false
    if (!this.#holding && this.#held.size > 0) this.#release()
  }

  /** Lets all go, whatever the ring has. */
  end(): void {
    this.#holding = false
    // One that computes stops at once; one that sleeps deep in the kernel may take its time.
    for (let n = 0; n < 200 && this.#held.size > 0; n++) {
      this.#release()
      if (this.#held.size > 0) Atomics.wait(pause, 0, 0, 5)
    }
  }

  #hold(tid: number): void {
    if (libc.ptrace(Request.SEIZE, tid, 0, 0) !== 0) return
    libc.ptrace(Request.INTERRUPT, tid, 0, 0)
    this.#held.add(tid)
  }

  #release(): void {
    for (const tid of this.#held) {
      const { view, address } = this.#memory
      // Not yet where it can be let go: the next look finds it.
      const got = libc.wait4(tid, address, Wait.WNOHANG | Wait.WALL, 0)
      if (got === 0) continue
      const status = view.getInt32(0, true)
      if (got !== tid || hasExited(status) || wasKilled(status)) {
        if (got === tid && tid === this.#child()) this.status = status
        this.#held.delete(tid)
        continue
      }
      // A signal that was about to be delivered is delivered.
      libc.ptrace(Request.DETACH, tid, 0, stopEvent(status) === 0 ? stopSignal(status) : 0)
      this.#held.delete(tid)
    }
  }
}

const pause = new Int32Array(new SharedArrayBuffer(4))

/** Whether a thread computes, or makes calls that do not wait. */
function isRunning(tid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${tid}/stat`, 'latin1')
    return stat[stat.lastIndexOf(')') + 2] === 'R'
  } catch {
    return false
  }
}
