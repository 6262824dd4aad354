/** A made-up call as records: what a capture would have written of it. */

import { syscallNumbers } from '../abi/syscalls.ts'
import type { ArchName } from '../record/layout.ts'
import type { TakeRecord } from '../record/record-runs.ts'
import type { Task } from '../stracer/task.ts'
import { TaskRecords } from '../stracer/task-records.ts'
import { callName, declarationOf } from '../syscalls/index.ts'
import { makePlan } from '../types/make-plan.ts'
import type { SampleCall } from './sample-call.ts'

/** Bytes of a buffer that are copied. */
export const sampleLimit = 1024

const tid = 1234

/** The number of a call; undefined where the architecture has none. */
export function numberOf(name: string, arch: ArchName): number | undefined {
  const numbers: { readonly [name: string]: number } = syscallNumbers[arch]
  return Object.hasOwn(numbers, name) ? numbers[name] : undefined
}

/** What writes records by the declarations, and by what gVisor looks at. Either has room for the largest record, so there is one of each. */
const writers = new Map<string, TaskRecords>()
function writer(key: string, make: () => TaskRecords): TaskRecords {
  const known = writers.get(key) ?? make()
  writers.set(key, known)
  return known
}
export const tableRecords = (arch: ArchName): TaskRecords =>
  writer(
    `table ${arch}`,
    () =>
      new TaskRecords(arch, sampleLimit, (_, sysno) => {
        const name = callName(arch, sysno)
        return name === undefined ? undefined : makePlan(declarationOf(name, arch), arch)
      }),
  )
export const gvisorRecords = (arch: 'amd64' | 'arm64'): TaskRecords =>
  writer(`gvisor ${arch}`, () => new TaskRecords(arch, sampleLimit))

/** Has a task make the call: records of the thread, the enter and the exit, or of the end of a thread that does not return. */
export function playSample(
  name: string,
  { args, result, memory }: SampleCall,
  arch: ArchName,
  records: TaskRecords,
  take: TakeRecord,
): void {
  const sysno = numberOf(name, arch)
  if (sysno === undefined) throw new Error(`${arch} has no call ${name}`)
  const task: Task = {
    pid: tid,
    tid,
    name: 'example',
    workingDirectory: '/root',
    fdPath: fd => (fd >= 0 && fd < 64 ? '/etc/hosts' : undefined),
    log() {},
    readMemory(address, into) {
      const bytes = memory.read(address, into.length)
      into.set(bytes)
      return bytes.length
    },
  }
  records.named(task, take)
  records.entered(task, sysno, args, take)
  if (declarationOf(name, arch).never === true) records.ended(task, take)
  else records.returned(task, sysno, args, result, 0, take)
}
