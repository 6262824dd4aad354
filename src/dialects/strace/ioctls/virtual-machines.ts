/** ioctls of KVM: what a virtual CPU says of itself is a list behind its length. */
import type { Frame } from '../../../record/frame.ts'
import { layoutOf } from '../../../types/resolve.ts'
import type { PrintScope } from '../print.ts'
import { givenOrTold, listOf, type ShownIoctl, type ShownIoctls, structOf, whole, withList } from './shown.ts'

const cpuid =
  (gets: boolean) =>
  (scope: PrintScope, request: string): ShownIoctl => {
    const type = structOf(request)
    const { size, fields } = layoutOf(type.layout, scope.arch)
    const count = ({ view }: Frame, at: number): number => view.getUint32(at + fields.nent!.offset, true)
    const entries = withList(type, ['nent'], 'entries', listOf(type, 'entries'), scope, count)
    const abbreviated = whole(size, (out, frame, at) => {
      const entries = count(frame, at)
      out.put(`{nent=${entries}, entries=[${entries === 0 ? '' : '...'}]}`)
    })
    return givenOrTold(gets, scope.style.verbose ? entries : abbreviated)
  }

export const virtualMachineShown: ShownIoctls = {
  KVM_GET_SUPPORTED_CPUID: cpuid(true),
  KVM_GET_EMULATED_CPUID: cpuid(true),
  KVM_SET_CPUID2: cpuid(false),
}
