/** What pointers lead to: strings, bytes, structures, lists. */

import type { Data, IovecValue, SpecialValues } from '../values.ts'
import type { Node } from './node.ts'
import type { Length, Ref } from './references.ts'
import { node, type Type, type Value } from './type.ts'

export interface Pointer {
  readonly kind: 'pointer'
  /** `in`: the kernel reads it (captured at enter); `out`: it writes it (exit, unless the call failed); `inout`: both. */
  readonly when: 'in' | 'out' | 'inout'
  readonly to: Node
  /** Captured at exit also when the call failed (nanosleep's rem, clone3's results are not; poll's fds on EINTR are not either). */
  readonly evenFailed?: true
}
const pointer = <D extends Type<unknown>>(
  when: Pointer['when'],
  to: D,
  evenFailed?: true,
): Pointer & Type<Value<D> | null> =>
  node<Value<D> | null, Pointer>({
    kind: 'pointer',
    when,
    to: to as unknown as Node,
    ...(evenFailed && { evenFailed }),
  })
/** Points at what the kernel reads. null: NULL or unreadable. */
export const into = <D extends Type<unknown>>(to: D): Pointer & Type<Value<D> | null> => pointer('in', to)
/** Points at what the kernel writes. null: NULL, unreadable, or the call failed. */
export const out = <D extends Type<unknown>>(to: D): Pointer & Type<Value<D> | null> => pointer('out', to)
/** Read and written: the value is that at the exit, or that at the enter when the call failed. */
export const inout = <D extends Type<unknown>>(to: D): Pointer & Type<Value<D> | null> => pointer('inout', to)
/** As `out`, and read even when the call failed. */
export const outAlways = <D extends Type<unknown>>(to: D): Pointer & Type<Value<D> | null> =>
  pointer('out', to, true)
/** As `inout`, and read again even when the call failed. */
export const inoutAlways = <D extends Type<unknown>>(to: D): Pointer & Type<Value<D> | null> =>
  pointer('inout', to, true)

/** A string ended by NUL. `path` is always copied whole (PATH_MAX); text is cut at the string limit (-s). */
export interface CString {
  readonly kind: 'cstring'
  readonly path: boolean
  readonly max: number
  /** A path that the call does not follow. */
  readonly followed?: false
}
export const cstring: CString & Type<string> = node<string, CString>({
  kind: 'cstring',
  path: false,
  max: 4096,
})
export const pathString: CString & Type<string> = node<string, CString>({
  kind: 'cstring',
  path: true,
  max: 4096,
})
/** Text of which no more than `max` bytes count (a thread's name). */
export const shortString = (max: number): CString & Type<string> =>
  node<string, CString>({ kind: 'cstring', path: false, max })
/** The usual argument: a pointer to a path, to text, that the kernel reads. */
export const path: Pointer & Type<string | null> = into(pathString)
export const text: Pointer & Type<string | null> = into(cstring)
/** Written as a path is, but no file is looked for there: what a symbolic link is to lead to, the name of a queue. */
export const unfollowedPath: Pointer & Type<string | null> = into(
  node<string, CString>({ ...pathString, followed: false }),
)

/** `length` bytes, shown as a string and cut at the string limit. `path`: they are a path (readlink, getcwd). */
export interface Bytes {
  readonly kind: 'bytes'
  readonly length: Length
  readonly path: boolean
  /** Text, of which the length counts the NUL. */
  readonly text?: true
}
export const bytes = (length: Length): Bytes & Type<Data> =>
  node<Data, Bytes>({ kind: 'bytes', length, path: false })
export const pathBytes = (length: Length): Bytes & Type<string> =>
  node<string, Bytes>({ kind: 'bytes', length, path: true })
/** Text of so many bytes, its NUL among them. */
export const countedText = (length: Length): Bytes & Type<string> =>
  node<string, Bytes>({ kind: 'bytes', length, path: false, text: true })
/** A field of fixed size that holds text ended by NUL (uname, comm); the size comes from the layout. */
export interface CharArray {
  readonly kind: 'chars'
  readonly size: number
}
export const chars = (size = 0): CharArray & Type<string> => node<string, CharArray>({ kind: 'chars', size })

/** A structure whose layout is in src/abi/layouts.ts; the fields named are those that mean something, in the order they are shown. */
export interface Struct {
  readonly kind: 'struct'
  readonly layout: string
  readonly fields: { readonly [name: string]: Node }
  /** Bytes that are really there, where the caller says (a `size` argument): fields beyond it do not exist. */
  readonly length?: Length
  /** The structure may grow: bytes up to `length` that lie beyond the layout are captured too, and fewer than this many are none of it. */
  readonly least?: number
  /** What lies beyond the layout, up to `length`, is captured too: fields lead there (`inside`). */
  readonly tail?: true
}
type Fields = { readonly [name: string]: Type<unknown> }
type StructOf<F> = Struct & Type<{ readonly [K in keyof F]: Value<F[K]> }>
const structure = <const F extends Fields>(fields: F, parts: Omit<Struct, 'kind' | 'fields'>): StructOf<F> =>
  node<{ readonly [K in keyof F]: Value<F[K]> }, Struct>({
    kind: 'struct',
    fields: fields as unknown as Struct['fields'],
    ...parts,
  })
export const struct = <const F extends Fields>(layout: string, fields: F, length?: Length): StructOf<F> =>
  structure(fields, length === undefined ? { layout } : { layout, length })

/**
 * A structure of `length` bytes as the caller says, which may be an older, shorter version (not below
 * `least`) or a newer one than the layout: what goes beyond it belongs to the capture.
 */
export const growing = <const F extends Fields>(
  layout: string,
  fields: F,
  length: Length,
  least: number,
): StructOf<F> => structure(fields, { layout, length, least })

/** A structure of `length` bytes with its tail, which its fields speak of. */
export const withTail = <const F extends Fields>(layout: string, fields: F, length: Length): StructOf<F> =>
  structure(fields, { layout, length, tail: true })

/** How far behind the field `from` of its structure something stands; `of` leads to that structure, and the capture has copied both. */
export interface Inside {
  readonly kind: 'inside'
  readonly of: Ref
  readonly from: string
  readonly to: Node
}
export const inside = <D extends Type<unknown>>(
  of: Ref,
  from: string,
  to: D,
): Inside & Type<Value<D> | null> =>
  node<Value<D> | null, Inside>({ kind: 'inside', of, from, to: to as unknown as Node })

export interface ArrayType {
  readonly kind: 'array'
  readonly of: Node
  readonly length: Length
  /** The bytes of an element, where `of` is a scalar. */
  readonly stride?: number
  /** As many as are copied, where the kernel takes more than is usual. */
  readonly most?: number
}
export const array = <D extends Type<unknown>>(
  of: D,
  length: Length,
  stride?: number,
): ArrayType & Type<readonly Value<D>[]> =>
  node<readonly Value<D>[], ArrayType>(
    stride === undefined
      ? { kind: 'array', of: of as unknown as Node, length }
      : { kind: 'array', of: of as unknown as Node, length, stride },
  )

/** A list of up to `most` elements: more than what is usually copied of one. */
export const longArray = <D extends Type<unknown>>(
  of: D,
  length: Length,
  most: number,
): ArrayType & Type<readonly Value<D>[]> =>
  node<readonly Value<D>[], ArrayType>({ kind: 'array', of: of as unknown as Node, length, most })

/** A vector of pointers to strings, ended by NULL: argv, envp. `env`: shown as a count unless all is asked for. */
export interface Strings {
  readonly kind: 'strings'
  readonly env: boolean
}
export const argv: Pointer & Type<readonly string[] | null> = into(
  node<readonly string[], Strings>({ kind: 'strings', env: false }),
)
export const envp: Pointer & Type<readonly string[] | null> = into(
  node<readonly string[], Strings>({ kind: 'strings', env: true }),
)

/** `count` iovecs and the buffers that they name; `limit` bounds the content over all of them (what was really moved). */
export interface Iovecs {
  readonly kind: 'iovecs'
  readonly count: Length
  readonly limit?: Length
  /** The buffers hold netlink messages, and are copied whole. */
  readonly netlink?: true
}
export const iovecs = (count: Length, limit?: Length): Iovecs & Type<readonly IovecValue[]> =>
  node<readonly IovecValue[], Iovecs>(
    limit === undefined ? { kind: 'iovecs', count } : { kind: 'iovecs', count, limit },
  )

/** `iovecs` whose buffers hold netlink messages. */
export const netlinkIovecs = (count: Length, limit?: Length): Iovecs & Type<readonly IovecValue[]> =>
  node<readonly IovecValue[], Iovecs>({ ...iovecs(count, limit), netlink: true })

/**
 * What the fields above cannot say: kinds with an interpreter of their own in plan.ts and decode.ts (sizes)
 * and a printer in each dialect. `length` is in bytes, or in bits for fdset (nfds).
 */
export interface Special<N extends SpecialName = SpecialName> {
  readonly kind: 'special'
  readonly name: N
  readonly length: Length
}
export type SpecialName = keyof SpecialValues
export const special = <const N extends SpecialName>(
  name: N,
  length: Length,
): Special<N> & Type<SpecialValues[N]> =>
  node<SpecialValues[N], Special<N>>({ kind: 'special', name, length })
