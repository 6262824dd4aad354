/** Structures of files that strace does not write field by field. */
import type { StructPrinters } from '../registry.ts'

export const fileStructs: StructPrinters = {}
