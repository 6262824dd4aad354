/** Structures of no other family that strace does not write field by field. */
import type { StructPrinters } from '../registry.ts'

export const otherStructs: StructPrinters = {}
