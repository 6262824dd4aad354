/** ioctls of flash memory. */
import type { Frame } from '../../../record/frame.ts'
import { layoutOf } from '../../../types/resolve.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import type { PrintScope } from '../print.ts'
import { quote } from '../quote.ts'
import { fieldsPrinter, picked } from '../structures.ts'
import { arrow, type ShownIoctl, type ShownIoctls, structOf, through, told, whole } from './shown.ts'

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
          out.length--
          out.put(`, ${name}=`)
          volumeName(out, frame, at + place.offset, length, scope)
          out.putChar('}')
        }),
        'entered',
      ),
      after: arrow(whole(4, (out, { view }, at) => out.put(`[${view.getInt32(at, true)}]`))),
    }
  }

const volumeBytes = 136
const mostVolumes = 32

/** Volumes and their new names. */
const renamed = (scope: PrintScope): ShownIoctl => {
  const { size } = layoutOf('ubi_rnvol_req', scope.arch)
  return {
    print: through(
      whole(size, (out, frame, at) => {
        const { view } = frame
        const count = view.getInt32(at, true)
        out.put(`{count=${count}, ents=[`)
        for (let i = 0; i < Math.min(count, mostVolumes); i++) {
          const entry = at + 16 + i * volumeBytes
          const length = view.getInt16(entry + 4, true)
          out.put(`${i > 0 ? ', ' : ''}{vol_id=${view.getInt32(entry, true)}, name_len=${length}, name=`)
          volumeName(out, frame, entry + 8, length, scope)
          out.putChar('}')
        }
        out.put(']}')
      }),
      'now',
    ),
  }
}

/** A name of the length that is claimed, or up to its end. */
function volumeName(out: TextBuffer, frame: Frame, from: number, claimed: number, scope: PrintScope): void {
  const room = Math.max(0, Math.min(claimed, nameBytes - 1))
  const nul = frame.bytes.subarray(from, from + room).indexOf(0)
  quote(out, frame.bytes, from, from + (nul < 0 ? room : nul), scope.style)
  if (nul < 0 && frame.bytes[from + room] !== 0) out.put('...')
}
const nameBytes = 128

export const flashShown: ShownIoctls = {
  MEMGETREGIONINFO: told('offset', 'erasesize', 'numblocks'),
  UBI_IOCATT: numbered(),
  UBI_IOCRNVOL: renamed,
  UBI_IOCMKVOL: numbered('name'),
}
