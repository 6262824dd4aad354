/** A timer that ends a wait of this thread in the kernel, so that its event loop gets a turn. */
import { itimer_which, sigact_flags } from '../../abi/sets.ts'
import { libc } from '../../libc/libc.ts'
import { NativeMemory } from '../../libc/native-memory.ts'
import { Signal } from './ptrace-constants.ts'

/** struct sigaction of glibc and musl: handler, 128 bytes of mask, then the flags; and the whole of it. */
const flagsAt = 136
const sigactionBytes = 152
/** struct itimerval: the interval, then the time until the first expiry, each in seconds and microseconds. */
const itimervalBytes = 32

/** There is one for the process, which must have no other use for SIGALRM. */
export class InterruptingTimer {
  readonly #memory = new NativeMemory(sigactionBytes)
  #every = 0
  readonly #nothing = (): void => {}

  constructor() {
    // Node's handler has its calls begun anew after a signal. This one's purpose is that they are not.
    process.on('SIGALRM', this.#nothing)
    const { address, view } = this.#memory
    if (libc.sigaction(Signal.SIGALRM, 0, address) !== 0) return
    view.setInt32(flagsAt, view.getInt32(flagsAt, true) & ~sigact_flags.values.SA_RESTART, true)
    libc.sigaction(Signal.SIGALRM, address, 0)
  }

  /** From now on every so many ms; 0: no more. */
  every(milliseconds: number): void {
    if (milliseconds === this.#every) return
    this.#every = milliseconds
    const { address, bytes, view } = this.#memory
    bytes.fill(0, 0, itimervalBytes)
    for (const at of [8, 24]) view.setInt32(at, milliseconds * 1000, true)
    libc.setitimer(itimer_which.values.ITIMER_REAL, address, 0)
  }

  close(): void {
    this.every(0)
    process.off('SIGALRM', this.#nothing)
  }
}
