/** O_RDWR|O_CREAT|O_CLOEXEC: one of the access modes is always there; one comment holds them all. */
import * as sets from '../../abi/sets.ts'
import type { ArchName } from '../../record/layout.ts'
import type { TextBuffer } from '../text-buffer.ts'
import { nameTable, printFlags, printValue } from './names.ts'
import type { Style } from './style.ts'

export function openFlags(
  arch: ArchName,
  style: Style,
): (out: TextBuffer, low: number, high: number) => void {
  const modes = [nameTable(sets.open_access_modes, arch)]
  const flags = [nameTable(sets.open_mode_flags, arch)]
  const plain: Style = { ...style, constants: 'abbrev' }
  const names = (out: TextBuffer, low: number, high: number): void => {
    printValue(out, modes, low & 3, 0, plain)
    const rest = (low & ~3) >>> 0
    if ((rest | high) === 0) return
    out.putChar('|')
    const start = out.length
    printFlags(out, flags, rest, high, plain)
    // Where none has a name there is no comment to say so.
    const comment = out.bytes.indexOf(32, start)
    if (comment >= 0 && comment < out.length) out.length = comment
  }
  if (style.constants === 'abbrev') return names
  return (out, low, high) => {
    if ((low | high) === 0) out.putChar('0')
    else out.hex(low, high)
    if (style.constants === 'raw') return
    out.put(' /* ')
    names(out, low, high)
    out.put(' */')
  }
}
