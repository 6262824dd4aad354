/** What a line begins with: whose it is, clocks, the call's number, where the instruction is. */
import { calledNumber } from '../../abi/argument-blocks.ts'
import type { Frame } from '../../record/frame.ts'
import { Enter } from '../../record/layout.ts'
import type { TextBuffer } from '../text-buffer.ts'
import type { CallMode } from './call-modes.ts'
import type { LineOptions } from './line-options.ts'
import { printClock, printRelative, wallClock } from './timestamps.ts'

/** What a head tells of the thread. */
export interface HeadThread {
  readonly tid: number
  readonly comm: string
  /** The call in progress, or the last one. */
  readonly frame: Frame
  readonly mode: CallMode
}

/** A line is about the call that its thread is in. */
export const inCall: unique symbol = Symbol('in a call')

export class LineHead {
  readonly #options: LineOptions
  #lastTime = Number.NaN
  #wall = wallClock(0n)

  constructor(options: LineOptions) {
    this.#options = options
  }

  /** The wall clock at the stream's start, in nanoseconds since the epoch. */
  startsAt(wall: bigint): void {
    this.#wall = wallClock(wall)
  }

  /** `at`: the instruction, 0 for none; `alone`: there is but one thread. */
  print(out: TextBuffer, thread: HeadThread, time: number, at: bigint | typeof inCall, alone: boolean): void {
    const start = out.length
    const o = this.#options
    if (o.pidColumn) {
      if (o.threadNames) out.put(this.#pid(thread))
      else out.dec(thread.tid)
      out.padTo(start, 5)
      out.putChar(' ')
    } else if (!o.toFile && !alone) out.put(`[pid ${this.#pid(thread).padStart(5)}] `)
    if (o.timestamps.format !== 'none') printClock(out, this.#wall, time, o.timestamps)
    if (o.relativeTimestamps !== null) {
      const since = Number.isNaN(this.#lastTime) ? 0 : Math.max(0, time - this.#lastTime)
      this.#lastTime = time
      printRelative(out, since, o.relativeTimestamps, o.timestamps.format !== 'none')
    }
    // A signal and an end have the number of the thread's last call; strace has 0 before the first.
    if (o.syscallNumbers) out.put(`[${numberText(calledNumber(thread.frame.sysno))}] `)
    if (o.instructionPointer) {
      const ip = at === inCall ? thread.frame.view.getBigUint64(Enter.ip, true) : at
      const digits = thread.mode === '64 bit' ? 16 : 8
      out.put(ip === 0n ? `[${'?'.repeat(digits)}] ` : `[${ip.toString(16).padStart(digits, '0')}] `)
    }
  }

  #pid({ tid, comm }: HeadThread): string {
    return this.#options.threadNames && comm !== '' ? `${tid}${comm}` : String(tid)
  }
}

/** As a register holds it. -1 is what a call is given to be skipped, and no number. */
const numberText = (sysno: number): string =>
  (sysno | 0) === -1 ? '???' : String(BigInt.asUintN(64, BigInt(sysno | 0))).padStart(4)
