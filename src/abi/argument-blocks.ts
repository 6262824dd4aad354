/** Calls of 32-bit programs whose arguments lie in memory: one argument tells where, and another may tell which call is meant. */
import type { Arch } from './syscalls.ts'

/** A call that stands for others. */
export interface ArgumentBlock {
  /** The argument that chooses; null: there is but one, number 0. */
  readonly chosenBy: number | null
  /** The argument that points at the words. */
  readonly at: number
  /** What is meant, by the value that chooses: its name, and how many words the kernel reads for it. */
  readonly calls: { readonly [choice: number]: MeantCall }
}
export interface MeantCall {
  readonly name: string
  readonly words: number
}

/** The parts of socketcall(2), in the order of their numbers (linux/net.h). */
const socketCalls: readonly MeantCall[] = [
  { name: 'socket', words: 3 },
  { name: 'bind', words: 3 },
  { name: 'connect', words: 3 },
  { name: 'listen', words: 2 },
  { name: 'accept', words: 3 },
  { name: 'getsockname', words: 3 },
  { name: 'getpeername', words: 3 },
  { name: 'socketpair', words: 4 },
  { name: 'send', words: 4 },
  { name: 'recv', words: 4 },
  { name: 'sendto', words: 6 },
  { name: 'recvfrom', words: 6 },
  { name: 'shutdown', words: 2 },
  { name: 'setsockopt', words: 5 },
  { name: 'getsockopt', words: 5 },
  { name: 'sendmsg', words: 3 },
  { name: 'recvmsg', words: 3 },
  { name: 'accept4', words: 4 },
  { name: 'recvmmsg', words: 5 },
  { name: 'sendmmsg', words: 4 },
]

const i386: { readonly [sysno: number]: ArgumentBlock } = {
  82: { chosenBy: null, at: 0, calls: { 0: { name: 'select', words: 5 } } },
  90: { chosenBy: null, at: 0, calls: { 0: { name: 'mmap', words: 6 } } },
  102: { chosenBy: 0, at: 1, calls: Object.fromEntries(socketCalls.map((call, n) => [n + 1, call])) },
}

/** The block of a call, by its number; undefined where its arguments are in registers. */
export const argumentBlock = (arch: Arch, sysno: number): ArgumentBlock | undefined =>
  arch === 'i386' ? i386[sysno] : undefined

/** Names of calls that are made through others. */
export const meantNames = (arch: Arch, sysno: number): readonly string[] =>
  Object.values(argumentBlock(arch, sysno)?.calls ?? {}).map(({ name }) => name)

/** Numbers of calls have 32 bits; above stands which call is meant, plus one. */
const choiceUnit = 2 ** 32

/** What stands for a call whose arguments were found in memory. */
export const meantNumber = (sysno: number, choice: number): number => sysno + (choice + 1) * choiceUnit

/** The number that the program called. */
export const calledNumber = (number: number): number => number >>> 0

/** The call that such a number means; undefined where it is a call's own. */
export const meantCall = (arch: Arch, number: number): MeantCall | undefined =>
  number < choiceUnit
    ? undefined
    : argumentBlock(arch, calledNumber(number))?.calls[Math.floor(number / choiceUnit) - 1]
