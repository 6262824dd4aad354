/** ioctls of KVM: what a virtual CPU says of itself is a list behind its length. */
import { layoutOf } from '../../../types/resolve.ts'
import type { PrintScope } from '../print.ts'
import { listOf, withList } from './files.ts'
import { givenOrTold, type ShownIoctl, type ShownIoctls, structOf, whole } from './shown.ts'

const cpuid =
  (gets: boolean) =>
  (scope: PrintScope, request: string): ShownIoctl => {
    const type = structOf(request)
    const { size, fields } = layoutOf(type.layout, scope.arch)
    const entries = withList(type, ['nent'], 'entries', listOf(type, 'entries'), scope, ({ view }, at) =>
      view.getUint32(at + fields.nent!.offset, true),
    )
    const abbreviated = whole(size, (out, { view }, at) => {
      const count = view.getUint32(at + fields.nent!.offset, true)
      out.put(`{nent=${count}, entries=[${count === 0 ? '' : '...'}]}`)
    })
    return givenOrTold(gets, scope.style.verbose ? entries : abbreviated)
  }

export const virtualMachineShown: ShownIoctls = {
  KVM_GET_SUPPORTED_CPUID: cpuid(true),
  KVM_GET_EMULATED_CPUID: cpuid(true),
  KVM_SET_CPUID2: cpuid(false),
}
