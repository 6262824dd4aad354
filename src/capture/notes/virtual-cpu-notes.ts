/**
 * Notes why virtual CPUs of KVM stop: the kernel writes it into a page that the program shares with it, by a mapping of the
 * virtual CPU's descriptor (struct kvm_run).
 */
import { readFileSync, readlinkSync } from 'node:fs'
import { Header, Range, RangeKind } from '../../record/layout.ts'
import type { RecordBuilder } from '../plans/record-builder.ts'
import { procNumber } from './process-numbers.ts'

/** Of exit_reason in struct kvm_run. */
const reasonAt = 8
const reasonBytes = 4
const vcpuName = 'anon_inode:kvm-vcpu:'

/** Appends why the virtual CPU behind descriptor `fd` of the record's thread stopped, if it is one that the program has mapped. */
export function noteVirtualCpu(record: RecordBuilder, fd: number): void {
  const proc = procNumber(record.view.getUint32(record.offset + Header.tid, true))
  const address = mappingOf(proc, fd)
  if (address === undefined || !record.hasRoom(reasonBytes)) return
  const read = record.memory.read(address + reasonAt, reasonBytes, record.at + Range.bytes)
  if (read === reasonBytes) record.note(RangeKind.virtualCpu, fd, reasonBytes)
}

function mappingOf(proc: number, fd: number): number | undefined {
  try {
    const name = readlinkSync(`/proc/${proc}/fd/${fd}`)
    if (!name.startsWith(vcpuName)) return undefined
    const lines = readFileSync(`/proc/${proc}/maps`, 'latin1').split('\n')
    const line = lines.find(line => line.endsWith(` ${name}`))
    return line === undefined ? undefined : Number.parseInt(line, 16)
  } catch {
    // The process has gone, or the descriptor is not open.
    return undefined
  }
}
