/** Structures of calls that wait for descriptors, where strace does not write them field by field. */
import type { LayoutField } from '../../../abi/layouts.ts'
import { readAddress } from '../../../types/evaluate.ts'
import { layoutOf } from '../../../types/resolve.ts'
import type { StructPrinters } from '../registry.ts'
import { addressNumber, descriptor, unsignedNumber } from '../scalars.ts'
import { signalSet } from '../specials/sigset.ts'
import { fieldsPrinter } from '../structures.ts'

export const pollingStructs: StructPrinters = {
  /** `{fd=3, events=POLLIN}`: a negative descriptor is passed over, whatever its events. */
  pollfd: (type, scope) => {
    const print = fieldsPrinter(
      { ...type, fields: { fd: type.fields.fd!, events: type.fields.events! } },
      scope,
    )
    return (out, frame, at, bases) => {
      const fd = frame.view.getInt32(at, true)
      if (fd >= 0) print(out, frame, at, bases)
      else {
        out.put('{fd=')
        descriptor(out, frame, fd, scope.style)
        out.putChar('}')
      }
    }
  },
  /** `data={u32=7, u64=7}`: strace cannot know which member of the union it is. */
  epoll_event: (type, scope) =>
    fieldsPrinter(type, scope, undefined, {
      data: (out, { view }, at) =>
        out.put(`{u32=${view.getUint32(at, true)}, u64=${view.getBigUint64(at, true)}}`),
    }),
  /** `{sigmask=[USR1], sigsetsize=8}`. */
  sigset_argpack: (_type, { arch, style }) => {
    const { fields } = layoutOf('sigset_argpack', arch)
    const { p, size } = fields as { readonly p: LayoutField; readonly size: LayoutField }
    return (out, frame, at) => {
      const { view } = frame
      const address = readAddress(view, at + p.offset, arch)
      const place = readAddress(view, at + size.offset, arch) === 8 ? frame.find(address, 8) : -1
      out.put('{sigmask=')
      if (place < 0) addressNumber(out, frame, at + p.offset, p.size)
      else signalSet(out, view.getUint32(place, true), view.getUint32(place + 4, true), style)
      out.put(', sigsetsize=')
      unsignedNumber(out, frame, at + size.offset, size.size)
      out.putChar('}')
    }
  },
}
