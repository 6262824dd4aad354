/** Copies of a tracee's descriptors, to ask the kernel what they are. */
import { libc } from '../../libc/libc.ts'

/** The same on all architectures that came after them. */
const call = { pidfdOpen: 434, pidfdGetfd: 438 } as const

/** The process that was asked about last. A pidfd is of one process, whoever has its number later: then it is of no use. */
let lastPid = 0
let lastProcess = -1

/** A copy of descriptor `fd` of process `pid`, to be closed; negative when it cannot be had. */
export function copyDescriptor(pid: number, fd: number): number {
  if (pid === lastPid && lastProcess >= 0) {
    const copy = libc.syscall(call.pidfdGetfd, lastProcess, fd, 0, 0)
    if (copy >= 0) return copy
  }
  if (lastProcess >= 0) libc.close(lastProcess)
  lastPid = pid
  lastProcess = libc.syscall(call.pidfdOpen, pid, 0, 0, 0)
  return lastProcess < 0 ? -1 : libc.syscall(call.pidfdGetfd, lastProcess, fd, 0, 0)
}
