/** How one part of a call speaks of another: references, lengths, and the conditions under which something is there. */

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
/** A name alone is an argument's. */
export const asRef = (ref: Ref | string): Ref => (typeof ref === 'string' ? { arg: ref } : ref)
