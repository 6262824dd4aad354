/** Directory entries: a count, or with -v each of them. */
import type { PrintScope } from '../print.ts'
import type { SpecialPrinter } from '../registry.ts'
import * as sets from '../../../abi/sets.ts'
import { nameTable, printValue } from '../names.ts'
import { quote } from '../quote.ts'

/** getdents64's entries; getdents has the type in the last byte of each. */
export const dirents = ({ style, arch }: PrintScope): SpecialPrinter => {
  const types = [nameTable(sets.dirent_types, arch)]
  return (out, frame, at, length) => {
    const end = at + length
    const { view, bytes } = frame
    const start = out.length
    out.put('[')
    let n = 0
    for (let entry = at; entry + 19 <= end; n++) {
      const size = view.getUint16(entry + 16, true)
      if (size < 19 || entry + size > end) break
      if (style.verbose) {
        if (n > 0) out.put(', ')
        out.put(`{d_ino=${view.getBigUint64(entry, true)}, d_off=${view.getBigInt64(entry + 8, true)}, d_reclen=${size}, d_type=`)
        printValue(out, types, bytes[entry + 18]!, 0, style)
        out.put(', d_name=')
        const nul = bytes.indexOf(0, entry + 19)
        quote(out, bytes, entry + 19, nul < 0 || nul > entry + size ? entry + size : nul, style)
        out.putByte(125)
      }
      entry += size
    }
    if (style.verbose) return out.put(']')
    out.length = start
    out.put(` /* ${n} entries */`)
  }
}
