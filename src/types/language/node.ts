/** Every kind of descriptor. */

import type { Absent, Select, When } from './choices.ts'
import type { Int } from './integers.ts'
import type {
  ArrayType,
  Bytes,
  CharArray,
  CString,
  Inside,
  Iovecs,
  Pointer,
  Special,
  Strings,
  Struct,
} from './memory.ts'
import type { EnumType, FlagsType, MixedType } from './named-numbers.ts'

/** Interpreters switch over it; adding one makes the compiler list what is missing. */
export type Node =
  | Int
  | FlagsType
  | EnumType
  | MixedType
  | Pointer
  | CString
  | Bytes
  | CharArray
  | Struct
  | ArrayType
  | Strings
  | Inside
  | Iovecs
  | Select
  | When
  | Absent
  | Special
