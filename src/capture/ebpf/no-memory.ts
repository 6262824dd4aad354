import type { TraceeMemory } from '../plans/record-builder.ts'

/** For records to which nothing but notes is added. */
export const noMemory: TraceeMemory = { read: () => 0, readNear: () => 0, forget: () => {} }
