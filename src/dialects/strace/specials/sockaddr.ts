/** Socket addresses: `{sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("127.0.0.1")}`. */
import type { Frame } from '../../../record/frame.ts'
import * as sets from '../../../abi/sets.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import { nameTable, printValue } from '../names.ts'
import type { PrintScope } from '../print.ts'
import { quote } from '../quote.ts'
import type { SpecialPrinter } from '../registry.ts'
import type { Style } from '../style.ts'

type Family = (out: TextBuffer, frame: Frame, at: number, length: number, style: Style) => void

const inet: Family = (out, { view, bytes }, at) => {
  out.put(`, sin_port=htons(${view.getUint16(at + 2, false)}), sin_addr=inet_addr("${bytes.subarray(at + 4, at + 8).join('.')}")`)
}

const unix: Family = (out, { bytes }, at, length, style) => {
  out.put(', sun_path=')
  if (length > 2 && bytes[at + 2] === 0) {
    // The abstract namespace: a name that begins with NUL, all of the length given.
    out.put('@')
    quote(out, bytes, at + 3, at + length, style)
    return
  }
  let end = at + 2
  while (end < at + Math.min(length, 110) && bytes[end] !== 0) end++
  quote(out, bytes, at + 2, end, style)
}

const families: { readonly [family: number]: { readonly least: number; readonly print: Family } } = {
  1: { least: 2, print: unix },
  2: { least: 16, print: inet },
}

export const sockaddr = ({ style, arch }: PrintScope): SpecialPrinter => {
  const names = [nameTable(sets.addrfams, arch)]
  return (out, frame, at, length) => {
    if (length < 2) {
      out.put('{sa_family=')
      out.putByte(125)
      return
    }
    const family = frame.view.getUint16(at, true)
    out.put('{sa_family=')
    printValue(out, names, family, 0, style, 'AF_???')
    const known = families[family]
    if (known !== undefined && length >= known.least) known.print(out, frame, at, length, style)
    else if (length > 2) {
      out.put(', sa_data=')
      quote(out, frame.bytes, at + 2, at + Math.min(length, 128), style)
    }
    out.putByte(125)
  }
}
