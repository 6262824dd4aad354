/** Structures of time that strace does not write field by field. */
import type { StructPrinters } from '../registry.ts'

export const timeStructs: StructPrinters = {}
