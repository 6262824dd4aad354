/** Copies of a tracee's descriptors, to ask the kernel what they are. */
import { libc } from './libc.ts'

/** The same on all architectures that came after them. */
const call = { pidfdOpen: 434, pidfdGetfd: 438 } as const

/** A copy of descriptor `fd` of process `pid`, to be closed; negative when it cannot be had. */
export function copyDescriptor(pid: number, fd: number): number {
  const process = libc.syscall(call.pidfdOpen, pid, 0, 0)
  if (process < 0) return -1
  const copy = libc.syscall(call.pidfdGetfd, process, fd, 0)
  libc.close(process)
  return copy
}
