/** Ends the wait of a capture thread, from another thread: see doorbell.ts. Needs nothing but node, which starts sooner without. */
import { Control } from '../../record/ring.ts'
import type { DoorbellRequest } from './doorbell.ts'

/** Requests as control words: a signal is its number, the others lie above. */
export const words = { detach: 0x100, abandon: 0x101, leave: 0x102 } as const

/** Any thread's side. A pid is rung once, and only while nobody has waited for it: it cannot be another process by then. */
export function ring(control: Int32Array, request: DoorbellRequest): void {
  Atomics.store(control, Control.command, typeof request === 'string' ? words[request] : request.signal)
  wake(control)
}

/** Ends a wait without a request. */
export function wake(control: Int32Array): void {
  const pid = Atomics.exchange(control, Control.doorbell, 0)
  if (pid !== 0) kill(pid)
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It is gone with its thread.
  }
}
