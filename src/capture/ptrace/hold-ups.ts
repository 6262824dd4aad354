/** Tracees that stand at a stop for a while: `--inject=…:delay_enter=` and `delay_exit=`. */

import type { Tracee } from './tracee.ts'

export class HoldUps {
  readonly #held = new Map<Tracee, { readonly until: number; readonly signal: number }>()
  #nextDue: number | null = null

  /** When the next one is to go on, on the records' clock; null when none is held. */
  get nextDue(): number | null {
    return this.#nextDue
  }

  /** Holds a tracee until a time; it then goes on with a signal, or 0. */
  add(tracee: Tracee, until: number, signal: number): void {
    this.#held.set(tracee, { until, signal })
    this.#findNext()
  }

  /** Hands over those whose time has come. */
  takeDue(now: number, resume: (tracee: Tracee, signal: number) => void): void {
    for (const [tracee, { until, signal }] of this.#held) {
      if (until > now) continue
      this.#held.delete(tracee)
      resume(tracee, signal)
    }
    this.#findNext()
  }

  #findNext(): void {
    this.#nextDue = null
    for (const { until } of this.#held.values()) this.#nextDue = Math.min(this.#nextDue ?? until, until)
  }
}
