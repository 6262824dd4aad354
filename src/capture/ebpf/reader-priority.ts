/**
 * Has the thread that reads the kernel's ring run before all that wait for a CPU: who fills the ring can be held only once it runs. Niceness would
 * not do: where sessions share CPUs (autogroup) it counts among our own session's threads alone.
 */
import { layouts } from '../../abi/layouts.ts'
import { sched_flags, schedulers } from '../../abi/sets.ts'
import { syscallNumbers } from '../../abi/syscalls.ts'
import { libc } from '../../libc/libc.ts'
import { NativeMemory } from '../../libc/native-memory.ts'
import { nativeArch } from '../ptrace/record-writer.ts'

const { sched_getattr, sched_setattr } = syscallNumbers[nativeArch]
const { size, fields } = layouts.sched_attr
/** The highest of real-time threads. */
const highest = 99

/** The calling thread's. */
export class ReaderPriority {
  readonly #before = new NativeMemory(size)
  readonly #raised = new NativeMemory(size)

  constructor() {
    libc.syscall(sched_getattr, 0, this.#before.address, size, 0)
    // 0 for one that is no real-time thread. What we start inherits what we have: the reader is above that.
    const priority = this.#before.view.getUint32(fields.sched_priority.offset, true)
    const { view } = this.#raised
    view.setUint32(fields.size.offset, size, true)
    view.setUint32(fields.sched_policy.offset, schedulers.values.SCHED_RR, true)
    // Nobody who is started by this thread is to have it.
    view.setUint32(fields.sched_flags.offset, sched_flags.values.SCHED_FLAG_RESET_ON_FORK, true)
    view.setUint32(fields.sched_priority.offset, Math.min(priority + 1, highest), true)
  }

  /**
   * Whether `raise` will do: tries it, and takes it back, for whoever is started by this thread inherits what it has. Who may do no more than
   * RLIMIT_RTPRIO says cannot take back that nobody inherits it; what is started then gets nothing that this thread had not, but for a nice value below 0.
   */
  isAllowed(): boolean {
    if (!this.raise()) return false
    if (this.#set(this.#before)) return true
    const { view } = this.#before
    const flags = view.getUint32(fields.sched_flags.offset, true)
    view.setUint32(fields.sched_flags.offset, flags | sched_flags.values.SCHED_FLAG_RESET_ON_FORK, true)
    return this.#set(this.#before)
  }

  /** Whether this thread has it now. */
  raise(): boolean {
    return this.#set(this.#raised)
  }

  #set({ address }: NativeMemory): boolean {
    return libc.syscall(sched_setattr, 0, address, 0, 0) === 0
  }
}
