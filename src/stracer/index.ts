/**
 * `sysglass/stracer`: gVisor's strace for kernels that run in user space.
 *
 * ```ts
 * const table = new SyscallTable('linux', 'amd64', [0, 1, 257])
 * initialize([table])
 * enable([table], ['read', 'openat'], sinkLog)
 * const strace = new StraceWriter('amd64')
 *
 * // around each call of a thread of the kernel's:
 * const context = strace.syscallEnter(task, sysno, args, table.flags(sysno))
 * const { result, errno } = kernel.run(task, sysno, args)
 * strace.syscallExit(context, task, result, errno)
 * ```
 */
export type { EventMessage } from '../dialects/gvisor/event-printer.ts'
export {
  type CallContext,
  disable,
  enable,
  enableAll,
  initialize,
  type Stracer,
  type StracerOptions,
  StraceWriter,
} from './stracer.ts'
export { lookup, SyscallMap, UnknownCallError } from './syscall-map.ts'
export { eventFlag, logFlag, maxSysno, SyscallTable, sinkEvent, sinkLog } from './syscall-table.ts'
export type { Register, Task } from './task.ts'
