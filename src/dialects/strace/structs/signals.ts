/** Structures of signals that strace does not write field by field. */
import { sa_handler_values } from '../../../abi/sets.ts'
import { lookUp, nameTable, printValue } from '../names.ts'
import type { Printer, PrintScope } from '../print.ts'
import type { StructPrinters } from '../registry.ts'
import { addressNumber } from '../scalars.ts'
import { fieldsPrinter } from '../structures.ts'

/** A handler is SIG_DFL, SIG_IGN or a function. */
export const handler = ({ arch, style }: PrintScope): Printer => {
  const tables = [nameTable(sa_handler_values, arch)]
  const word = arch === 'i386' ? 4 : 8
  return (out, frame, at) => {
    const low = frame.view.getUint32(at, true)
    const high = word === 8 ? frame.view.getUint32(at + 4, true) : 0
    if (lookUp(tables, low, high) === undefined) addressNumber(out, frame, at, word)
    else printValue(out, tables, low, high, style)
  }
}

const action: StructPrinters[string] = (type, scope) =>
  fieldsPrinter(type, scope, undefined, { sa_handler: handler(scope) })

export const signalStructs: StructPrinters = { kernel_sigaction: action, old_sigaction: action }
