/** Structures of no other family that strace does not write field by field. */
import { readUnsigned } from '../../../record/numbers.ts'
import type { Printer } from '../print.ts'
import { quote } from '../quote.ts'
import type { StructPrinters } from '../registry.ts'
import { fieldsPrinter } from '../structures.ts'
import type { Style } from '../style.ts'

export const otherStructs: StructPrinters = {
  /** What a security module says is its own affair, and not shown as text. */
  lsm_ctx: (type, scope) => {
    const style: Style = { ...scope.style, escape: 'all' }
    const ctx: Printer = (out, frame, at) => {
      const length = readUnsigned(frame.view, at - 8, 8)
      quote(out, frame.bytes, at, at + Math.min(length, frame.copiedFrom(at)), style)
    }
    return fieldsPrinter(type, scope, undefined, { ctx })
  },
}
