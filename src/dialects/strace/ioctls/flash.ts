/** ioctls of flash memory. */
import { layoutOf } from '../../../types/resolve.ts'
import { fieldsPrinter, type PrintScope } from '../print.ts'
import { quote } from '../quote.ts'
import { arrow, picked, type ShownIoctl, type ShownIoctls, structOf, through, told, whole } from './shown.ts'

/** `=> [7]`: the number of what was made, which stands in the first field. */
const numbered =
  (name?: string) =>
  (scope: PrintScope, request: string): ShownIoctl => {
    const type = structOf(request)
    const { size, fields } = layoutOf(type.layout, scope.arch)
    const shown = Object.keys(type.fields).filter(field => field !== name)
    const print = fieldsPrinter(picked(type, shown), scope)
    return {
      print: through(
        whole(size, (out, frame, at, bases) => {
          print(out, frame, at, bases)
          if (name === undefined) return
          const place = fields[name]!
          const length = frame.view.getInt16(at + fields.name_len!.offset, true)
          const from = at + place.offset
          const room = Math.max(0, Math.min(length, place.size - 1))
          const nul = frame.bytes.subarray(from, from + room).indexOf(0)
          out.length--
          out.put(`, ${name}=`)
          quote(out, frame.bytes, from, from + (nul < 0 ? room : nul), scope.style)
          if (nul < 0 && frame.bytes[from + room] !== 0) out.put('...')
          out.putByte(125)
        }),
        'entered',
      ),
      after: arrow(whole(4, (out, { view }, at) => out.put(`[${view.getInt32(at, true)}]`))),
    }
  }

export const flashShown: ShownIoctls = {
  MEMGETREGIONINFO: told('offset', 'erasesize', 'numblocks'),
  UBI_IOCATT: numbered(),
  UBI_IOCMKVOL: numbered('name'),
}
