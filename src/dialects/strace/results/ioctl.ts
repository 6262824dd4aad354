/** What ioctls return that is more than a number. */
import { ioctlNames } from '../../../abi/ioctl-names.ts'
import * as sets from '../../../abi/sets.ts'
import type { Frame } from '../../../record/frame.ts'
import { type ArchName, RangeKind } from '../../../record/layout.ts'
import { readAddress } from '../../../types/evaluate.ts'
import { layoutOf } from '../../../types/resolve.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import { lookUp, nameTable, printFlags } from '../names.ts'
import { descriptor } from '../scalars.ts'
import type { Style } from '../style.ts'
import { type Results, whole } from './result.ts'

/** Not TIOCGPTPEER, which returns one too: strace says no more of it. */
const descriptors = ['NS_GET_USERNS', 'NS_GET_PARENT', 'KVM_CREATE_VM', 'KVM_CREATE_VCPU']

function ioctl(out: TextBuffer, frame: Frame, style: Style): void {
  const { view, arch } = frame
  const request = view.getUint32(frame.args + 8, true)
  const names = ioctlNames(request, arch)
  const is = (name: string): boolean => names.includes(name)
  if (descriptors.some(is)) return descriptor(out, frame, view.getInt32(frame.result, true), style)
  out.put(view.getBigUint64(frame.result, true).toString())
  const stopped = frame.note(RangeKind.virtualCpu, view.getUint32(frame.args, true))
  if (stopped !== undefined) return stopReason(out, stopped, arch)
  if (is('VIDIOC_CREATE_BUFS')) return createdBuffers(out, frame)
  if (!is('NS_GET_NSTYPE')) return
  const kind = view.getUint32(frame.result, true)
  const kinds = nameTable(sets.setns_types, arch)
  if (!kinds.low.some(flag => (kind & flag) !== 0)) return
  out.put(' (')
  printFlags(out, [kinds], kind, 0, { ...style, constants: 'abbrev' })
  out.putChar(')')
}

/** Why a virtual CPU stopped (-e kvm=vcpu). */
function stopReason(out: TextBuffer, note: Uint8Array, arch: ArchName): void {
  const reason = new DataView(note.buffer, note.byteOffset).getUint32(0, true)
  out.put(` (${lookUp([nameTable(sets.kvm_exit_reason, arch)], reason, 0) ?? 'KVM_EXIT_???'})`)
}

/** The first of the buffers that were made, and how many. */
function createdBuffers(out: TextBuffer, frame: Frame): void {
  const address = readAddress(frame.view, frame.args + 16, frame.arch)
  if (address === 0 || frame.available(address) < layoutOf('v4l2_create_buffers', frame.arch).size) return
  const { at, view } = frame
  out.put(` ({index=${view.getUint32(at, true)}, count=${view.getUint32(at + 4, true)}})`)
}

export const ioctlResults: Results = {
  ioctl: whole(
    ({ style }) =>
      (out, frame) =>
        ioctl(out, frame, style),
  ),
}
