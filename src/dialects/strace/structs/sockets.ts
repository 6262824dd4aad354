/** Structures of sockets that strace does not write field by field. */
import { messagePrinter } from '../messages.ts'
import type { StructPrinters } from '../registry.ts'

export const socketStructs: StructPrinters = {
  msghdr: (_type, scope) => {
    const print = messagePrinter(scope)
    return (out, frame, at, bases) => print(out, frame, { at, before: -1 }, Number.POSITIVE_INFINITY, bases)
  },
}
