/** Structures of tracing and confining that strace does not write field by field. */
import { readAddress } from '../../../types/evaluate.ts'
import { layoutOf } from '../../../types/resolve.ts'
import { instructionBytes, printInstruction } from '../classic-bpf.ts'
import { fieldsPrinter, type Printer } from '../print.ts'
import type { StructPrinters } from '../registry.ts'
import { addressNumber } from '../scalars.ts'
import { printArray } from '../sequences.ts'

const longestProgram = 4096
export const tracingStructs: StructPrinters = {
  /** A filter is written out only when everything is asked for. */
  sock_fprog: (_type, scope) => {
    const { style, arch } = scope
    const { fields } = layoutOf('sock_fprog', arch)
    const instruction: Printer = (out, frame, at) => printInstruction(out, frame, at, 'seccomp', style, arch)
    return (out, frame, at, bases) => {
      const length = frame.view.getUint16(at, true)
      const place = at + fields.filter!.offset
      const address = readAddress(frame.view, place, arch)
      out.put(`{len=${length}, filter=`)
      const shown = style.verbose && address !== 0
      if (
        !shown ||
        !printArray(
          out,
          frame,
          address,
          Math.min(length, longestProgram),
          instructionBytes,
          instruction,
          bases,
          style,
        )
      )
        addressNumber(out, frame, place, fields.filter!.size)
      else if (length > longestProgram) {
        out.length--
        out.put(', ...]')
      }
      out.putByte(125)
    }
  },
  /** The first field alone was there in the beginning; that there is more is all that is said of the rest. */
  landlock_ruleset_attr: (type, scope) => {
    const index = scope.args.findIndex(a => a.name === 'size')
    const print = fieldsPrinter(
      { ...type, fields: { handled_access_fs: type.fields.handled_access_fs! } },
      scope,
    )
    return (out, frame, at, bases) => {
      print(out, frame, at, bases)
      if (frame.view.getUint32(frame.args + index * 8, true) <= 8) return
      out.length--
      out.put(', ...}')
    }
  },
}
