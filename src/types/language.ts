/**
 * The type language: what a system call's arguments are, as plain data.
 *
 * A declaration is frozen data with a phantom type (`~value`) from which TypeScript infers what the decoded
 * value is. Nothing here computes; plan.ts, decode.ts and the dialects interpret. No function may hide in a
 * declaration, since plans must run in a worker and, one day, in the kernel.
 */

import type {
  ClockId,
  Data,
  Descriptor,
  Errno,
  FlagsValue,
  IovecValue,
  Signal,
  SpecialValues,
} from './values.ts'

/** A descriptor of the language; `T` is the decoded value, carried in the type alone. */
export interface Type<T> {
  readonly kind: string
  readonly '~value'?: T
}
/** The decoded value of a descriptor. */
export type Value<D> = D extends { readonly '~value'?: infer T } ? T : never

const node = <T, const O extends object>(o: O): O & Type<T> => Object.freeze(o) as O & Type<T>

// ---- lengths and conditions: how one part of a call speaks of another ------------------------------

/**
 * The call's argument of that name, the call's result, a sibling field of the enclosing structure, or the
 * number of `bytes` bytes that a pointer leads to, `offset` bytes further (0 when it leads nowhere),
 * or the bits of `mask` of a number of 32 bits, moved down by `shift`.
 */
export type Ref =
  | { readonly arg: string }
  | { readonly ret: true }
  | { readonly field: string }
  | { readonly peek: Ref; readonly bytes: 2 | 4 | 8; readonly offset?: number }
  | { readonly part: Ref; readonly mask: number; readonly shift: number }
/** A count or a number of bytes. `min` bounds what a hostile or mistaken program claims. */
export type Length =
  | Ref
  | number
  | { readonly min: readonly [Length, Length] }
  | { readonly times: readonly [Length, Length] }
  | { readonly plus: readonly [Length, number] }
  | { readonly deref: string }

export const arg = <const N extends string>(name: N): { readonly arg: N } => ({ arg: name })
export const field = <const N extends string>(name: N): { readonly field: N } => ({ field: name })
export const ret: { readonly ret: true } = { ret: true }
export const min = (a: Length, b: Length): Length => ({ min: [a, b] })
/** `n` times `a`; a fraction (the pages of so many bytes) is rounded up. */
export const times = (a: Length, n: Length): Length => ({ times: [a, n] })
export const plus = (a: Length, n: number): Length => ({ plus: [a, n] })
/** The 32-bit number that the pointer argument `name` points at (socklen_t *, at the moment of reading). */
export const deref = (name: string): Length => ({ deref: name })

/** The number `offset` bytes behind what the pointer `ref` leads to, at the moment of reading. */
export const peek = (ref: Ref | string, bytes: 2 | 4 | 8 = 4, offset = 0): Ref =>
  offset === 0 ? { peek: asRef(ref), bytes } : { peek: asRef(ref), bytes, offset }

/** The bits of `mask`, moved down by `shift`: ioctl's requests hold the size of what their argument points at. */
export const part = (ref: Ref | string, mask: number, shift = 0): Ref => ({ part: asRef(ref), mask, shift })

/** When an argument is there at all: `open`'s mode only with O_CREAT. */
export type Test =
  | { readonly ref: Ref; readonly anyBit: readonly (string | number)[] }
  | { readonly ref: Ref; readonly oneOf: readonly (string | number)[] }
  | { readonly ref: Ref; readonly noneOf: readonly (string | number)[] }
  | { readonly netlink: Ref; readonly header?: Ref; readonly length?: Ref }
/** At least one of the named flags of `ref` is set. A flag of several bits counts when all are. */
export const has = (ref: Ref | string, ...names: (string | number)[]): Test => ({
  ref: asRef(ref),
  anyBit: names,
})
/** `ref` is one of the named values. */
export const is = (ref: Ref | string, ...names: (string | number)[]): Test => ({
  ref: asRef(ref),
  oneOf: names,
})
/** `ref` is none of the named values. */
export const isNot = (ref: Ref | string, ...names: (string | number)[]): Test => ({
  ref: asRef(ref),
  noneOf: names,
})
/**
 * The descriptor `ref` is a netlink socket, and `header` (when given) leads to what may be a netlink message, or to
 * less than one, of which `length` tells.
 */
export const isNetlink = (ref: Ref | string, header?: Ref | string, length?: Ref | string): Test => ({
  netlink: asRef(ref),
  ...(header === undefined ? {} : { header: asRef(header) }),
  ...(length === undefined ? {} : { length: asRef(length) }),
})
const asRef = (ref: Ref | string): Ref => (typeof ref === 'string' ? { arg: ref } : ref)

// ---- integers ------------------------------------------------------------------------------------

/**
 * What a number means; dialects print by it. `dec` is signed or unsigned by `signed`; `address` is a
 * pointer that is not followed; `errno` is a positive error number inside a structure.
 */
export type Role =
  | 'dec'
  | 'hex'
  | 'oct'
  | 'address'
  | 'fd'
  | 'otherFd'
  | 'dirfd'
  | 'pid'
  | 'tid'
  | 'pgid'
  | 'sid'
  | 'pidOrGroup'
  | 'uid'
  | 'gid'
  | 'mode'
  | 'umask'
  | 'dev'
  | 'size'
  | 'offset'
  | 'signal'
  | 'errno'
  | 'seconds'
  | 'nanoseconds'
  | 'microseconds'
  | 'time'
  | 'clock'
  | 'port'
  | 'cpu'
  | 'key'
  | 'ipcid'
  | 'be16'
  | 'be32'
  | 'waitstatus'
  | 'sysno'
  | 'unused'
  | 'char'
  | 'jiffies'
export interface Int {
  readonly kind: 'int'
  /** Width of an argument, and of the decoded value (64 gives bigint). A field's width comes from its layout. */
  readonly bits: 8 | 16 | 32 | 64
  readonly signed: boolean
  readonly role: Role
  /** Of a descriptor of another process: whose it is. */
  readonly owner?: Owner
}
/** The process whose id, or whose pidfd, a call has; descriptors of two processes in one call are told apart by `slot`. */
export type Owner = ({ readonly process: Ref } | { readonly pidfd: Ref }) & { readonly slot: 1 | 2 }
const int32 = <const R extends Role>(role: R, signed = true): Int & Type<number> =>
  node<number, Int>({ kind: 'int', bits: 32, signed, role })
const int64 = <const R extends Role>(role: R, signed = true): Int & Type<bigint> =>
  node<bigint, Int>({ kind: 'int', bits: 64, signed, role })

export const int: Int & Type<number> = int32('dec')
export const uint: Int & Type<number> = int32('dec', false)
export const short: Int & Type<number> = node<number, Int>({
  kind: 'int',
  bits: 16,
  signed: true,
  role: 'dec',
})
export const ushort: Int & Type<number> = node<number, Int>({
  kind: 'int',
  bits: 16,
  signed: false,
  role: 'dec',
})
export const byte: Int & Type<number> = node<number, Int>({
  kind: 'int',
  bits: 8,
  signed: false,
  role: 'dec',
})
export const long: Int & Type<bigint> = int64('dec')
export const ulong: Int & Type<bigint> = int64('dec', false)
export const size: Int & Type<bigint> = int64('size', false)
export const ssize: Int & Type<bigint> = int64('size')
export const offset: Int & Type<bigint> = int64('offset')
/** A number that is read in hexadecimal: a mask, a cookie, a tag. */
export const hex: Int & Type<bigint> = int64('hex', false)
export const hex32: Int & Type<number> = int32('hex', false)
export const oct32: Int & Type<number> = int32('oct', false)
/** A pointer whose target is not shown. */
export const address: Int & Type<bigint> = int64('address', false)
export const pid: Int & Type<number> = int32('pid')
export const tid: Int & Type<number> = int32('tid')
/** A process group, a session. */
export const pgid: Int & Type<number> = int32('pgid')
export const sid: Int & Type<number> = int32('sid')
/** A process; where it is negative, a group. */
export const pidOrGroup: Int & Type<number> = int32('pidOrGroup')
export const uid: Int & Type<number> = int32('uid', false)
export const gid: Int & Type<number> = int32('gid', false)
/** A file's type and permission bits, in octal. The kernel's umode_t has 16 bits. */
export const mode: Int & Type<number> = node<number, Int>({
  kind: 'int',
  bits: 16,
  signed: false,
  role: 'mode',
})
/** Permission bits alone (umask, open's mode). */
export const permissions: Int & Type<number> = node<number, Int>({
  kind: 'int',
  bits: 16,
  signed: false,
  role: 'umask',
})
export const dev: Int & Type<bigint> = int64('dev', false)
export const signal: Int & Type<Signal> = int32('signal')
export const errno: Int & Type<Errno> = int32('errno')
export const clock: Int & Type<ClockId> = int32('clock')
export const seconds: Int & Type<bigint> = int64('seconds')
export const nanoseconds: Int & Type<bigint> = int64('nanoseconds')
export const microseconds: Int & Type<bigint> = int64('microseconds')
/** Seconds since the epoch, shown with their date by those who ask. */
export const time: Int & Type<bigint> = int64('time')
export const cpu: Int & Type<number> = int32('cpu')
export const jiffies: Int & Type<bigint> = int64('jiffies')
export const key: Int & Type<number> = int32('key')
export const ipcid: Int & Type<number> = int32('ipcid')
/** Network byte order. */
export const be16: Int & Type<number> = node<number, Int>({
  kind: 'int',
  bits: 16,
  signed: false,
  role: 'be16',
})
export const be32: Int & Type<number> = int32('be32', false)
/** The number of a system call of the machine's own architecture. */
export const sysno: Int & Type<number> = int32('sysno', false)
/** Passed but ignored by the kernel; shown only where nothing is hidden. */
export const unused: Int & Type<bigint> = int64('unused', false)

export const fd: Int & Type<Descriptor> = node<Descriptor, Int>({
  kind: 'int',
  bits: 32,
  signed: true,
  role: 'fd',
})
/** A descriptor of another process. */
export const otherFd = (owner: Owner): Int & Type<number> =>
  node<number, Int>({ kind: 'int', bits: 32, signed: true, role: 'otherFd', owner })
/** A descriptor that a path is relative to; AT_FDCWD is -100. */
export const dirfd: Int & Type<Descriptor> = node<Descriptor, Int>({
  kind: 'int',
  bits: 32,
  signed: true,
  role: 'dirfd',
})

// ---- names for numbers ---------------------------------------------------------------------------

/** A set from src/abi/sets.ts. */
export interface NameSet {
  readonly name: string
  readonly kind: string
  readonly prefix?: string
  readonly values: { readonly [name: string]: number | bigint }
  /** Where other architectures differ from amd64; null: the name does not exist there. */
  readonly arm64?: { readonly [name: string]: number | bigint | null }
  readonly i386?: { readonly [name: string]: number | bigint | null }
}
export type NamesOf<S extends NameSet> = keyof S['values'] & string
export interface FlagsType {
  readonly kind: 'flags'
  readonly sets: readonly NameSet[]
  readonly bits: 8 | 16 | 32 | 64
}
export interface EnumType {
  readonly kind: 'enum'
  readonly sets: readonly NameSet[]
  readonly bits: 8 | 16 | 32 | 64
  readonly signed: boolean
  /** A count, a size, an id of which some values have names: what has none is read in decimal. */
  readonly decimal?: true
}
/** Bits OR-ed together; several sets are tried in order. */
export const flags = <const S extends NameSet>(
  set: S,
  ...more: NameSet[]
): FlagsType & Type<FlagsValue<NamesOf<S>>> =>
  node<FlagsValue<NamesOf<S>>, FlagsType>({ kind: 'flags', sets: [set, ...more], bits: 32 })
export const flags64 = <const S extends NameSet>(
  set: S,
  ...more: NameSet[]
): FlagsType & Type<FlagsValue<NamesOf<S>>> =>
  node<FlagsValue<NamesOf<S>>, FlagsType>({ kind: 'flags', sets: [set, ...more], bits: 64 })
/** One of several values: its name, or the number that has none. */
export const oneOf = <const S extends NameSet>(
  set: S,
  ...more: NameSet[]
): EnumType & Type<NamesOf<S> | number> =>
  node<NamesOf<S> | number, EnumType>({ kind: 'enum', sets: [set, ...more], bits: 32, signed: false })
export const oneOf64 = <const S extends NameSet>(
  set: S,
  ...more: NameSet[]
): EnumType & Type<NamesOf<S> | number> =>
  node<NamesOf<S> | number, EnumType>({ kind: 'enum', sets: [set, ...more], bits: 64, signed: false })
/** The same, where numbers without a name are read in decimal. */
export const decimal = <const D extends EnumType>(type: D, signed = false): D =>
  Object.freeze({ ...type, signed, decimal: true as const })

/** A number of which `mask` is one of `values` and the rest flags: SOCK_STREAM|SOCK_CLOEXEC, FUTEX_WAIT|FUTEX_PRIVATE_FLAG, O_RDWR|O_CLOEXEC. */
export interface MixedType {
  readonly kind: 'mixed'
  readonly mask: bigint
  readonly value: NameSet
  readonly flags: NameSet
  readonly bits: 32 | 64
}
export const mixed = <const V extends NameSet, const F extends NameSet>(
  mask: number | bigint,
  value: V,
  flagSet: F,
  bits: 32 | 64 = 32,
): MixedType & Type<FlagsValue<NamesOf<V> | NamesOf<F>>> =>
  node<FlagsValue<NamesOf<V> | NamesOf<F>>, MixedType>({
    kind: 'mixed',
    mask: BigInt(mask),
    value,
    flags: flagSet,
    bits,
  })

// ---- memory --------------------------------------------------------------------------------------

export interface Pointer {
  readonly kind: 'pointer'
  /** `in`: the kernel reads it (captured at enter); `out`: it writes it (exit, unless the call failed); `inout`: both. */
  readonly when: 'in' | 'out' | 'inout'
  readonly to: Node
  /** Captured at exit also when the call failed (nanosleep's rem, clone3's results are not; poll's fds on EINTR are not either). */
  readonly evenFailed?: true
}
const pointer = <D extends Type<unknown>>(when: Pointer['when'], to: D): Pointer & Type<Value<D> | null> =>
  node<Value<D> | null, Pointer>({ kind: 'pointer', when, to: to as unknown as Node })
/** Points at what the kernel reads. null: NULL or unreadable. */
export const into = <D extends Type<unknown>>(to: D): Pointer & Type<Value<D> | null> => pointer('in', to)
/** Points at what the kernel writes. null: NULL, unreadable, or the call failed. */
export const out = <D extends Type<unknown>>(to: D): Pointer & Type<Value<D> | null> => pointer('out', to)
/** Read and written: the value is that at the exit, or that at the enter when the call failed. */
export const inout = <D extends Type<unknown>>(to: D): Pointer & Type<Value<D> | null> => pointer('inout', to)
/** As `out`, and read even when the call failed. */
export const outAlways = <D extends Type<unknown>>(to: D): Pointer & Type<Value<D> | null> =>
  node<Value<D> | null, Pointer>({
    kind: 'pointer',
    when: 'out',
    to: to as unknown as Node,
    evenFailed: true,
  })
/** As `inout`, and read again even when the call failed. */
export const inoutAlways = <D extends Type<unknown>>(to: D): Pointer & Type<Value<D> | null> =>
  node<Value<D> | null, Pointer>({
    kind: 'pointer',
    when: 'inout',
    to: to as unknown as Node,
    evenFailed: true,
  })

/** A string ended by NUL. `path` is always copied whole (PATH_MAX); text is cut at the string limit (-s). */
export interface CString {
  readonly kind: 'cstring'
  readonly path: boolean
  readonly max: number
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

/** `length` bytes, shown as a string and cut at the string limit. `path`: they are a path (readlink, getcwd). */
export interface Bytes {
  readonly kind: 'bytes'
  readonly length: Length
  readonly path: boolean
}
export const bytes = (length: Length): Bytes & Type<Data> =>
  node<Data, Bytes>({ kind: 'bytes', length, path: false })
export const pathBytes = (length: Length): Bytes & Type<string> =>
  node<string, Bytes>({ kind: 'bytes', length, path: true })
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
}
export const struct = <const L extends string, const F extends { readonly [name: string]: Type<unknown> }>(
  layout: L,
  fields: F,
  length?: Length,
): Struct & Type<{ readonly [K in keyof F]: Value<F[K]> }> =>
  node<{ readonly [K in keyof F]: Value<F[K]> }, Struct>(
    length === undefined
      ? { kind: 'struct', layout, fields: fields as unknown as Struct['fields'] }
      : { kind: 'struct', layout, fields: fields as unknown as Struct['fields'], length },
  )

/**
 * A structure of `length` bytes as the caller says, which may be an older, shorter version (not below
 * `least`) or a newer one than the layout: what goes beyond it belongs to the capture.
 */
export const growing = <const L extends string, const F extends { readonly [name: string]: Type<unknown> }>(
  layout: L,
  fields: F,
  length: Length,
  least: number,
): Struct & Type<{ readonly [K in keyof F]: Value<F[K]> }> =>
  node<{ readonly [K in keyof F]: Value<F[K]> }, Struct>({
    kind: 'struct',
    layout,
    fields: fields as unknown as Struct['fields'],
    length,
    least,
  })

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

// ---- choice --------------------------------------------------------------------------------------

/** An argument whose type hangs on another one. Keys of `cases` are names of the sets of what `on` refers to, or numbers. */
export interface Select {
  readonly kind: 'select'
  readonly on: Ref
  readonly cases: { readonly [name: string]: Node }
  readonly otherwise: Node
}
export const select = <const C extends { readonly [name: string]: Type<unknown> }, O extends Type<unknown>>(
  on: Ref | string,
  cases: C,
  otherwise: O,
): Select & Type<Value<C[keyof C]> | Value<O>> =>
  node<Value<C[keyof C]> | Value<O>, Select>({
    kind: 'select',
    on: asRef(on),
    cases: cases as unknown as Select['cases'],
    otherwise: otherwise as unknown as Node,
  })

/** There only when `test` holds. An absent argument is not shown, and decodes to undefined. */
export interface When {
  readonly kind: 'when'
  readonly test: Test
  readonly type: Node
  readonly otherwise: Node
}
export const when = <D extends Type<unknown>>(test: Test, type: D): When & Type<Value<D> | undefined> =>
  node<Value<D> | undefined, When>({
    kind: 'when',
    test,
    type: type as unknown as Node,
    otherwise: absent as unknown as Node,
  })
export const either = <D extends Type<unknown>, E extends Type<unknown>>(
  test: Test,
  type: D,
  otherwise: E,
): When & Type<Value<D> | Value<E>> =>
  node<Value<D> | Value<E>, When>({
    kind: 'when',
    test,
    type: type as unknown as Node,
    otherwise: otherwise as unknown as Node,
  })
/** An argument that this variant of the call does not have (fcntl(fd, F_GETFD)). */
export interface Absent {
  readonly kind: 'absent'
}
export const absent: Absent & Type<undefined> = node<undefined, Absent>({ kind: 'absent' })

// ---- structures that are more than fields ----------------------------------------------------------

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

/** Every kind of descriptor. Interpreters switch over it; adding one makes the compiler list what is missing. */
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
  | Iovecs
  | Select
  | When
  | Absent
  | Special

// ---- calls ---------------------------------------------------------------------------------------

export type Arguments = { readonly [name: string]: Type<unknown> }
export interface Call<A extends Arguments = Arguments, R extends Type<unknown> = Type<unknown>> {
  /** In the order of the registers. */
  readonly args: A
  readonly returns: R
  readonly never?: true
  /** What the call reads above its stack pointer, and where. */
  readonly stack?: { readonly offsets: { readonly [arch: string]: number }; readonly type: Node }
  /** The order of the registers on architectures that have another. */
  readonly order?: { readonly [arch: string]: readonly string[] }
}
/** A system call: its arguments with the man page's names, and what it returns on success. */
export const call = <const A extends Arguments, R extends Type<unknown>>(args: A, returns: R): Call<A, R> =>
  Object.freeze({ args, returns })
/** A call that does not return when it succeeds (exit). */
export const noReturn = <const A extends Arguments>(args: A): Call<A, typeof int> =>
  Object.freeze({ args, returns: int, never: true })
/** The same call with another order of its arguments on some architectures. */
export const reordered = <const A extends Arguments, R extends Type<unknown>>(
  declaration: Call<A, R>,
  order: { readonly [arch: string]: readonly (keyof A & string)[] },
): Call<A, R> => Object.freeze({ ...declaration, order })
/** A call that reads what a signal's delivery left on the stack, `offsets` bytes above the stack pointer. */
export const fromStack = <const A extends Arguments, R extends Type<unknown>>(
  declaration: Call<A, R>,
  offsets: { readonly [arch: string]: number },
  type: Type<unknown>,
): Call<A, R> => Object.freeze({ ...declaration, stack: { offsets, type: type as unknown as Node } })
/** A part of the table. */
export const syscalls = <const T extends { readonly [name: string]: Call }>(table: T): T =>
  Object.freeze(table)
