/** ioctls of block devices. */
import { layoutOf } from '../../../types/resolve.ts'
import { fieldsPrinter, picked } from '../structures.ts'
import { type ShownIoctl, type ShownIoctls, structOf, through, whole } from './shown.ts'

/** Two numbers, both of them there. */
const range = (): ShownIoctl => ({
  print: through(
    whole(16, (out, { view }, at) =>
      out.put(`[${view.getBigUint64(at, true)}, ${view.getBigUint64(at + 8, true)}]`),
    ),
    'now',
  ),
})

export const blockDeviceShown: ShownIoctls = {
  BLKDISCARD: range,
  BLKSECDISCARD: range,
  BLKZEROOUT: range,
  /** What is asked for at once; the name, which the kernel finds, goes on in the same braces. */
  BLKTRACESETUP: (scope, request) => {
    const type = structOf(request)
    const { size } = layoutOf(type.layout, scope.arch)
    const names = Object.keys(type.fields)
    const asked = fieldsPrinter(
      picked(
        type,
        names.filter(n => n !== 'name'),
      ),
      scope,
    )
    const all = fieldsPrinter(type, scope)
    return {
      waits: true,
      print: through(
        whole(size, (out, frame, at, bases) => (frame.failed ? asked : all)(out, frame, at, bases)),
        'now',
      ),
    }
  },
}
