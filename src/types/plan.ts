/**
 * Capture plans: which memory to copy, at enter and at exit, as a small intermediate form.
 *
 * A plan is plain data made from a declaration. It is run by capture backends: src/capture/plans compiles
 * it to closures, src/capture/ebpf to programs; plan-interpreter.ts is the plain interpreter that tests compare with.
 */
import { align8 } from '../record/layout.ts'

/** A number known when the plan runs: an argument, the result, a word of a copied range, or a constant. */
export type Expr =
  | { readonly kind: 'const'; readonly value: number }
  | { readonly kind: 'arg'; readonly index: number; readonly bits: 32 | 64 }
  | { readonly kind: 'ret' }
  /** The stack pointer at the enter. */
  | { readonly kind: 'stack' }
  /** `size` bytes at `offset` of what the innermost `inside` entered (`up` 0), the one around it (1) … */
  | { readonly kind: 'field'; readonly up: number; readonly offset: number; readonly size: number }
  /** `size` bytes at the address `at`, read anew; 0 where they cannot be read. */
  | { readonly kind: 'peek'; readonly at: Expr; readonly size: 2 | 4 | 8 }
  /** Bits of a number of 32 bits, moved down. */
  | { readonly kind: 'part'; readonly a: Expr; readonly mask: number; readonly shift: number }
  /** The u32 that argument `index` points at, read anew. */
  | { readonly kind: 'deref'; readonly index: number }
  | { readonly kind: 'min'; readonly a: Expr; readonly b: Expr }
  /** Rounded up. */
  | { readonly kind: 'times'; readonly a: Expr; readonly by: number }
  | { readonly kind: 'product'; readonly a: Expr; readonly b: Expr }
  | { readonly kind: 'plus'; readonly a: Expr; readonly by: number }
  /** A count of bits as bytes, rounded up to whole words as the kernel reads bit sets. */
  | { readonly kind: 'bitset'; readonly a: Expr }

/** When a branch is taken. Values are compared as unsigned numbers of `bits` (of the argument). */
export type Condition =
  | {
      readonly value: Expr
      readonly test: 'anyBit' | 'oneOf' | 'noneOf'
      readonly numbers: readonly number[]
    }
  /**
   * `value` is the descriptor of a netlink socket: the capture asks the kernel, and notes the protocol for
   * those who read. It need not ask when the u32 at `header` begins no message,
   * but what is shorter (in `length`) than a header may begin with anything.
   */
  | { readonly value: Expr; readonly test: 'netlink'; readonly header?: Expr; readonly length?: Expr }

/** Whether all bits of `mask` are set in `value`, both up to 2^53. In halves: JavaScript's bit operators see 32. */
export function hasBits(value: number, mask: number): boolean {
  const low = mask >>> 0
  const high = Math.floor(mask / 0x1_0000_0000) >>> 0
  return (value & low) >>> 0 === low && (Math.floor(value / 0x1_0000_0000) & high) >>> 0 === high
}

/**
 * Whether a u32 may begin what is sent through a netlink socket: the length in a message's header, or udev's own
 * header. Text, TLS records and DNS messages begin with more.
 */
export const mayBeNetlink = (first: number): boolean => first <= longestNetlink || first === udevPrefix
export const longestNetlink = 0xffff
export const netlinkHeaderBytes = 16
/** "libu", of "libudev". */
export const udevPrefix = 0x7562696c

export type Op =
  /** Copies `length` bytes (at most `max`); `then` runs on the copied range. */
  | {
      readonly op: 'copy'
      readonly at: Expr
      readonly length: Expr
      readonly max: Max
      readonly then?: readonly Op[]
    }
  /** Copies up to and with the NUL. */
  | { readonly op: 'string'; readonly at: Expr; readonly max: Max }
  /** A vector of pointers to strings, ended by NULL. `whole`: more and longer ones than others want, as execve takes them. */
  | { readonly op: 'strings'; readonly at: Expr; readonly env: boolean; readonly whole?: true }
  /** Copies `count` elements of `stride` bytes, at most `max` of them, and runs `each` on every element. */
  | {
      readonly op: 'array'
      readonly at: Expr
      readonly count: Expr
      readonly stride: number
      readonly max?: number
      readonly each: readonly Op[]
    }
  /** iovecs and their buffers; `limit` bounds the bytes over all, `max` those of each (`data` when not given). */
  | {
      readonly op: 'iovecs'
      readonly at: Expr
      readonly count: Expr
      readonly limit?: Expr
      readonly max?: Max
      /** Once an entry does not fit in `limit`, what is left of that is copied of it and of each later one, whatever its length. */
      readonly overrun?: true
    }
  | {
      readonly op: 'if'
      readonly when: Condition
      readonly then: readonly Op[]
      readonly else: readonly Op[]
    }
  | {
      readonly op: 'switch'
      readonly on: Expr
      readonly cases: readonly { readonly value: number; readonly ops: readonly Op[] }[]
      readonly otherwise: readonly Op[]
    }
  /** What descriptor `fd` refers to, if the options ask for it. */
  | { readonly op: 'fd'; readonly fd: Expr; readonly owner?: OwnerExpr }
  /** What the descriptors of the copied range refer to: those whose bits below `count` are set, those that control messages (SCM_RIGHTS) carry … */
  | { readonly op: 'fds'; readonly of: DescriptorHolder; readonly count: Expr }
  /** Which process, thread or group `pid` is, if the options ask for it. */
  | { readonly op: 'pid'; readonly pid: Expr; readonly of: PidKind }
  /** The same of those that the copied range tells of. */
  | { readonly op: 'pids'; readonly of: PidHolder }
  /** Why the virtual CPU behind descriptor `fd` stopped, if the options ask for it. */
  | { readonly op: 'virtualCpu'; readonly fd: Expr }
  /** Enters what stands `offset` bytes into the current range or structure; `field` counts these from within. */
  | { readonly op: 'inside'; readonly offset: number; readonly ops: readonly Op[] }

/** What a number is that of; `pidOrGroup`: a process, or a group where it is negative. */
export type PidKind = 'tid' | 'pid' | 'pgid' | 'sid' | 'pidOrGroup'
export const isPid = (role: string): role is PidKind =>
  role === 'pid' || role === 'tid' || role === 'pgid' || role === 'sid' || role === 'pidOrGroup'
/** Of what only its printer knows in full: where it has descriptors. */
export type DescriptorHolder = 'bitset' | 'messages' | 'siginfo' | 'address' | 'netlink'
/** Of what only its printer knows in full: where it has ids of processes. */
export type PidHolder = 'siginfo' | 'messages' | 'netlink' | 'address'

/** Whose descriptor it is, if not the tracee's. */
export type OwnerExpr = ({ readonly process: Expr } | { readonly pidfd: Expr }) & { readonly slot: 1 | 2 }

/** Where notes of descriptors of another process have their keys. */
export const slotKey = (fd: number, slot: number): number => fd + slot * 0x1_0000_0000

/** A bound: a number of bytes, or `data`: one more than the string limit (-s). */
export type Max = number | 'data'

export interface Plan {
  readonly enter: readonly Op[]
  readonly exit: readonly Op[]
  /** Copied at exit also when the call failed. */
  readonly exitFailed: readonly Op[]
  /** The call does not return when it succeeds. */
  readonly never?: true
}

/** No more bits of a set are looked at. */
export const mostBits: number = 1 << 20

/** Bytes of a set of `bits` bits, of which no more than `mostBits` are looked at; a negative count (of an int) is none. */
export const bitsetBytes = (bits: number): number =>
  bits > 0 && bits <= 0x7fffffff ? align8(Math.ceil(Math.min(bits, mostBits) / 8)) : 0

/** Bounds that hold whatever a program claims. */
export const Bound = {
  path: 4096,
  /** What the kernel looks at of a structure that may grow. */
  page: 4096,
  struct: 16384,
  strings: 4096,
  stringBytes: 131072,
  wholeStrings: 16384,
  wholeStringBytes: 262144,
  elements: 1024,
  data: 262144,
  /** The kernel's usual limit of what one socket's options and control messages take (optmem_max). */
  control: 131072,
} as const
