/** Names for numbers that no table has: calls of a newer kernel, and no calls at all. */

const prefix = 'syscall_0x'

/** The kernel's number is signed, and widened to a register: -1 has 16 digits. */
export const unknownCallName = (sysno: number): string =>
  `${prefix}${BigInt.asUintN(64, BigInt(sysno | 0)).toString(16)}`

export const isUnknownCallName = (name: string): boolean => name.startsWith(prefix)
