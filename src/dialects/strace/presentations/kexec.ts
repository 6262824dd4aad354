/** How arguments of kexec_load are shown where their types do not say it. */
import { kexec_arch_values, kexec_load_flags } from '../../../abi/sets.ts'
import { readUnsigned } from '../../../record/numbers.ts'
import { nameTable, printFlags, printValue } from '../names.ts'
import type { Presentation, Presentations } from '../presentations.ts'
import type { Printer } from '../print.ts'
import { addressNumber } from '../scalars.ts'
import { argumentsWith, usual } from './arguments.ts'

/** The kernel takes no more; what is said of more is not looked at. */
const mostSegments = 16

const kexecLoad: Presentation = scope => {
  const { arch, style } = scope
  const word = arch === 'i386' ? 4 : 8
  const architectures = [nameTable(kexec_arch_values, arch)]
  const flags = [nameTable(kexec_load_flags, arch)]
  const list = usual(scope, 'segments')
  const segments: Printer = (out, frame, at, bases) =>
    (readUnsigned(frame.view, frame.args + 8, word) > mostSegments ? addressOnly : list)(
      out,
      frame,
      at,
      bases,
    )
  const addressOnly: Printer = (out, frame, at) => addressNumber(out, frame, at, word)
  return argumentsWith(scope, {
    segments,
    flags: (out, { view }, at) => {
      const low = view.getUint32(at, true)
      const high = word === 8 ? view.getUint32(at + 4, true) : 0
      printValue(out, architectures, (low & 0xffff0000) >>> 0, 0, style)
      if ((low & 0xffff) === 0 && high === 0) return
      out.putChar('|')
      printFlags(out, flags, low & 0xffff, high, style)
    },
  })
}

export const kexecPresentations: Presentations = { kexec_load: kexecLoad }
