/** The function of plan programs that notes what a descriptor of another process refers to, which the caller has a pidfd of. */
import { fsmagic } from '../../abi/sets.ts'
import type { BpfAssembler } from './bpf-assembler.ts'
import { Helper } from './bpf-constants.ts'
import { fileBehind, pidfdName } from './file-function.ts'
import { follow } from './kernel-reads.ts'
import type { PlanFunctions } from './plan-functions.ts'
import { record } from './plan-ranges.ts'
import { leave } from './program-parts.ts'

/** On the stack. */
const fdPlace = -16
const slotPlace = -24
const filePlace = -32

/** noteForeign(fd, pidfd, slot). */
export function noteForeign(functions: PlanFunctions, a: BpfAssembler): void {
  const { files, processes } = functions.notes!.places
  const [out, hasPid, old] = a.newLabels(3)
  a.mov32('r1', 'r1')
  a.store(8, 'r10', fdPlace, 'r1')
  a.store(8, 'r10', slotPlace, 'r3')
  a.jump32('r1', 's<', 0, out)
  a.mov32('r8', 'r2')
  a.jump32('r8', 's<', 0, out)
  record(a, out)
  a.call(Helper.get_current_task_btf)
  a.mov('r7', 'r0')
  fileBehind(a, files, out)
  a.store(8, 'r10', filePlace, 'r7')
  follow(a, 'r7', files.file.entry, 8, out)
  a.mov('r8', 'r7')
  follow(a, 'r7', files.entry.inode, 8, out)
  a.mov('r9', 'r7')
  follow(a, 'r9', files.inode.system, 8, out)
  follow(a, 'r9', files.system.magic, 8, out)
  a.jump('r9', '!=', fsmagic.values.PID_FS_MAGIC, old)
  follow(a, 'r7', files.inodeOwn.own, 8, out)
  a.goto(hasPid)
  // Before Linux 6.9 they were told apart from others by their name.
  a.label(old)
  a.jump('r9', '!=', fsmagic.values.ANON_INODE_FS_MAGIC, out)
  follow(a, 'r8', files.entry.name, 8, out)
  follow(a, 'r8', 0, 8, out)
  a.number64('r1', pidfdName)
  a.jump('r8', '!=', 'r1', out)
  a.load(8, 'r7', 'r10', filePlace)
  follow(a, 'r7', files.file.own, 8, out)
  a.label(hasPid)
  follow(a, 'r7', processes.pid.tasks, 8, out)
  // No process has it any more.
  a.jump('r7', '==', 0, out)
  a.alu('r7', '-=', processes.task.links)
  a.load(8, 'r1', 'r10', fdPlace)
  a.mov('r2', 'r7')
  a.load(8, 'r3', 'r10', slotPlace)
  functions.call('noteDescriptor')
  a.label(out)
  leave(a)
}
