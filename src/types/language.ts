/**
 * The type language: what a system call's arguments are, as plain data.
 *
 * A declaration is frozen data with a phantom type (`~value`) from which TypeScript infers what the decoded
 * value is. Nothing here computes; plan.ts, decode.ts and the dialects interpret. No function may hide in a
 * declaration, since plans run in workers and, as programs, in the kernel. Its words stand in language/.
 */

export * from './language/calls.ts'
export * from './language/choices.ts'
export * from './language/integers.ts'
export * from './language/memory.ts'
export * from './language/named-numbers.ts'
export * from './language/node.ts'
export {
  arg,
  deref,
  field,
  has,
  is,
  isNetlink,
  isNot,
  type Length,
  min,
  part,
  peek,
  plus,
  type Ref,
  ret,
  type Test,
  times,
} from './language/references.ts'
export type { Type, Value } from './language/type.ts'
