/** What earlier runs have found out of the kernel that runs: reading its types takes as long as node takes to start. */
import { readFileSync, statSync } from 'node:fs'
import type { KeptFiles } from './kept-files.ts'
import { btfFile, type KernelFacts, readKernelFacts } from './kernel-facts.ts'
import type { KernelFeatures } from './kernel-features.ts'

export interface KnownKernel {
  readonly facts: KernelFacts
  /** Undefined until they have been tried out. */
  readonly features?: KernelFeatures | undefined
}

/** As `readKernelFacts`; of an earlier run, where there was one. */
export function knowKernel(kept: KeptFiles, withNotes: boolean): KnownKernel | string {
  const identity = kernelIdentity()
  const known = identity === null ? undefined : kept.read(fileName(withNotes), identity)
  if (known !== undefined)
    try {
      return JSON.parse(known.toString()) as KnownKernel
    } catch {
      // Damaged: found out anew.
    }
  const facts = readKernelFacts(withNotes)
  return typeof facts === 'string' ? facts : { facts }
}

export function keepKernel(kept: KeptFiles, withNotes: boolean, kernel: KnownKernel): void {
  const identity = kernelIdentity()
  if (identity !== null) kept.write(fileName(withNotes), identity, Buffer.from(JSON.stringify(kernel)))
}

const fileName = (withNotes: boolean): string => (withNotes ? 'kernel-with-files' : 'kernel')

let ofThisKernel: string | null | undefined

/** Which build of the kernel runs: its notes have the linker's id of it. Null where it does not say. */
export function kernelIdentity(): string | null {
  if (ofThisKernel === undefined) ofThisKernel = readIdentity()
  return ofThisKernel
}

function readIdentity(): string | null {
  try {
    return `${readFileSync('/sys/kernel/notes', 'hex')} ${statSync(btfFile).size}`
  } catch {
    return null
  }
}
