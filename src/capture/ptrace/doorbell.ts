/**
 * Reaches a thread that sits in wait4: the death of a child ends its wait. A signal would not (without a handler
 * it wakes nobody), and a worker that waits would hold up process.exit for as long as it does.
 */

import { libc } from '../../libc/libc.ts'
import { Control } from '../../record/ring.ts'
import type { StopRequest } from '../backend.ts'
import { spawnDoorbell } from './launcher.ts'
import { Signal } from './ptrace-constants.ts'
import { words } from './ring-doorbell.ts'

/** `abandon`: detach what has not stopped yet without waiting. `leave`: at once, whatever becomes of filtered programs. */
export type DoorbellRequest = StopRequest | 'abandon' | 'leave'

/** How others reach the loop: `pid` is a child whose death ends a wait; `answer` then says what is wanted, and has the next such child ready. */
export interface Doorbell {
  readonly pid: number
  answer(): DoorbellRequest | null
  /** Ends that child. */
  remove(): void
}

/** The waiting thread's side. */
export class DoorbellChild implements Doorbell {
  pid = 0
  readonly #control: Int32Array

  constructor(control: Int32Array) {
    this.#control = control
    this.#renew()
  }

  answer(): DoorbellRequest | null {
    // First the next child, then the request: whoever rings in between finds either the child or this reader.
    this.#renew()
    const word = Atomics.exchange(this.#control, Control.command, 0)
    if (word === 0) return null
    if (word < words.detach) return { signal: word }
    return word === words.detach ? 'detach' : word === words.abandon ? 'abandon' : 'leave'
  }

  remove(): void {
    if (this.pid === 0) return
    // Otherwise somebody is just ringing, and ends it for us.
    if (Atomics.exchange(this.#control, Control.doorbell, 0) !== 0) libc.kill(this.pid, Signal.SIGKILL)
    libc.wait4(this.pid, 0, 0, 0)
    this.pid = 0
  }

  #renew(): void {
    const pid = spawnDoorbell()
    this.pid = typeof pid === 'number' ? pid : 0
    Atomics.store(this.#control, Control.doorbell, this.pid)
  }
}
