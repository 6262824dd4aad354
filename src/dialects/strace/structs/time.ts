/** Structures of time that strace does not write field by field. */

import type { Struct } from '../../../types/language.ts'
import { layoutOf } from '../../../types/resolve.ts'
import type { Printer, PrintScope } from '../print.ts'
import type { StructPrinters } from '../registry.ts'
import { unsignedNumber } from '../scalars.ts'
import { fieldsPrinter } from '../structures.ts'

/** A fraction is unsigned, whatever its C type says. */
const withFraction =
  (name: string) =>
  (type: Struct, scope: PrintScope): Printer => {
    const { size } = layoutOf(type.layout, scope.arch).fields[name]!
    const fraction: Printer = (out, frame, at) => unsignedNumber(out, frame, at, size)
    return fieldsPrinter(type, scope, undefined, { [name]: fraction })
  }

export const timeStructs: StructPrinters = {
  timespec: withFraction('tv_nsec'),
  __kernel_timespec: withFraction('tv_nsec'),
  timeval: withFraction('tv_usec'),
  __kernel_old_timeval: withFraction('tv_usec'),
}
