/** Structures of no other family that strace does not write field by field. */
import type { StructPrinters } from '../registry.ts'
import { fieldsPrinter } from '../structures.ts'

export const otherStructs: StructPrinters = {
  /** What a security module says is its own affair, and not shown as text. */
  lsm_ctx: (type, scope) => fieldsPrinter(type, { ...scope, style: { ...scope.style, escape: 'all' } }),
}
