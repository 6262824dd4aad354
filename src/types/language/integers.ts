/** Numbers, and what they mean. */

import type { ClockId, Descriptor, Errno, Signal } from '../values.ts'
import type { Ref } from './references.ts'
import { node, type Type } from './type.ts'

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
  | 'time'
  | 'clock'
  | 'port'
  | 'key'
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
  /** The call runs the virtual CPU behind this descriptor. */
  readonly runs?: Ref
  /** An argument of 64 bits in two registers of a 32-bit program: which half comes first. The other one's argument is absent. */
  readonly halves?: Half
}
/** The half of a number of 64 bits that stands in the register before. */
export type Half = 'low' | 'high'
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
/** Seconds since the epoch, shown with their date by those who ask. */
export const time: Int & Type<bigint> = int64('time')
export const jiffies: Int & Type<bigint> = int64('jiffies')
export const key: Int & Type<number> = int32('key')
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
/** A descriptor in a field of 64 bits. */
export const fd64: Int & Type<Descriptor> = node<Descriptor, Int>({
  kind: 'int',
  bits: 64,
  signed: true,
  role: 'fd',
})
/** A descriptor of another process. */
export const otherFd = (owner: Owner): Int & Type<number> =>
  node<number, Int>({ kind: 'int', bits: 32, signed: true, role: 'otherFd', owner })
/** No argument, of a call that runs the virtual CPU behind descriptor `fd`: why that stopped is told in memory that the program shares with it. */
export const runsVirtualCpu = (fd: string): Int & Type<bigint> =>
  node<bigint, Int>({ ...hex, runs: { arg: fd } })
/** A descriptor that a path is relative to; AT_FDCWD is -100. */
export const dirfd: Int & Type<Descriptor> = node<Descriptor, Int>({
  kind: 'int',
  bits: 32,
  signed: true,
  role: 'dirfd',
})
