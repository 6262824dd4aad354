/** Control messages: `[{cmsg_len=20, cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS, cmsg_data=[3]}]`. */
import * as sets from '../../../abi/sets.ts'
import { nameTable, printValue } from '../names.ts'
import type { PrintScope } from '../print.ts'
import { quote } from '../quote.ts'
import type { SpecialPrinter } from '../registry.ts'
import { descriptor } from '../scalars.ts'

const headerBytes = 16

export const cmsgs = ({ style, arch }: PrintScope): SpecialPrinter => {
  const levels = [nameTable(sets.socketlayers, arch)]
  const types = [nameTable(sets.scmvals, arch)]
  return (out, frame, at, length) => {
    const { view, bytes } = frame
    out.putByte(91)
    let some = false
    for (let here = at; here + headerBytes <= at + length; ) {
      const size = view.getUint32(here, true)
      if (some) out.put(', ')
      some = true
      const level = view.getUint32(here + 8, true)
      const type = view.getUint32(here + 12, true)
      out.put(`{cmsg_len=${view.getBigUint64(here, true)}, cmsg_level=`)
      printValue(out, levels, level, 0, style, 'SOL_???')
      out.put(', cmsg_type=')
      if (level === 1) printValue(out, types, type, 0, style, 'SCM_???')
      else out.put(`0x${type.toString(16)}`)
      const end = Math.min(here + size, at + length)
      if (size > headerBytes) {
        out.put(', cmsg_data=')
        if (level === 1 && type === 1) {
          out.putByte(91)
          for (let fd = here + headerBytes; fd + 4 <= end; fd += 4) {
            if (fd > here + headerBytes) out.put(', ')
            descriptor(out, frame, view.getInt32(fd, true), style)
          }
          out.putByte(93)
        } else quote(out, bytes, here + headerBytes, end, style)
      }
      out.putByte(125)
      if (size < headerBytes) break
      here += (size + 7) & ~7
    }
    out.putByte(93)
  }
}
