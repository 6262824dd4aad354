/** ioctls of descriptors of the kernel's own. */
import { layoutOf } from '../../../types/resolve.ts'
import { fieldsPrinter } from '../print.ts'
import { addressNumber } from '../scalars.ts'
import { type ShownIoctls, structOf, through, told, whole } from './shown.ts'

export const kernelServiceShown: ShownIoctls = {
  UFFDIO_API: told('ioctls'),
  UFFDIO_REGISTER: told('ioctls'),
  UFFDIO_COPY: told('copy'),
  UFFDIO_ZEROPAGE: told('zeropage'),
  /** What the program has there should be empty, and is shown only where it is not. */
  SECCOMP_IOCTL_NOTIF_RECV: (scope, request) => {
    const type = structOf(request)
    const { size } = layoutOf(type.layout, scope.arch)
    const print = fieldsPrinter(type, scope)
    const now = through(whole(size, print), 'now')
    return {
      waits: true,
      print: (out, frame, at, bases) => {
        const address = Number(frame.view.getBigUint64(at, true))
        const have = frame.availableAtEnter(address)
        const filled = have >= size && frame.bytes.subarray(frame.at, frame.at + size).some(b => b !== 0)
        if (filled) {
          print(out, frame, frame.at, bases)
          out.put(' => ')
        }
        if (frame.failed) addressNumber(out, frame, at, 8)
        else now(out, frame, at, bases)
      },
    }
  },
}
