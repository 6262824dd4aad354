/** sysglass as a library. */
export type { Descriptor, FlagsValue, Value } from './types/language.ts'
