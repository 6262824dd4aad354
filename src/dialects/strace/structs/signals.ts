/** Structures of signals that strace does not write field by field. */
import { sa_handler_values } from '../../../abi/sets.ts'
import { lookUp, nameTable, printValue } from '../names.ts'
import { fieldsPrinter } from '../print.ts'
import type { StructPrinters } from '../registry.ts'
import { addressNumber } from '../scalars.ts'

export const signalStructs: StructPrinters = {
  /** A handler is SIG_DFL, SIG_IGN or a function. */
  kernel_sigaction: (type, scope) => {
    const tables = [nameTable(sa_handler_values, scope.arch)]
    return fieldsPrinter(type, scope, undefined, {
      sa_handler: (out, frame, at) => {
        const low = frame.view.getUint32(at, true)
        const high = frame.view.getUint32(at + 4, true)
        if (lookUp(tables, low, high) === undefined) addressNumber(out, frame, at, 8)
        else printValue(out, tables, low, high, scope.style)
      },
    })
  },
}
