/** Calls of 32-bit programs whose arguments lie in memory: one argument tells where, and another may tell which call is meant. */
import { type Arch, syscallNumbers } from './syscalls.ts'

/** A call that stands for others. */
export interface ArgumentBlock {
  /** The argument that chooses; null: there is but one, number 0. */
  readonly chosenBy: number | null
  /** The argument that points at the words. */
  readonly at: number
  /** What is meant, by the value that chooses. */
  readonly calls: { readonly [choice: number]: MeantCall }
  /** The same where bits above the lower 16 are set; without it these belong to the value. */
  readonly newer?: ArgumentBlock['calls']
}
export interface MeantCall {
  readonly name: string
  /** Where each argument is: a register by its number, or a word in memory. */
  readonly args: readonly Place[]
  /** The register that says where the kernel writes what the call returns. */
  readonly resultAt?: number
}
export type Place = number | { readonly word: number }

/** How many words the kernel reads for a call. */
export const wordsOf = ({ args }: MeantCall): number => args.filter(place => typeof place !== 'number').length

const inWords = (name: string, count: number): MeantCall => ({
  name,
  args: Array.from({ length: count }, (_, word) => ({ word })),
})

/** The parts of socketcall(2), in the order of their numbers (linux/net.h). */
const socketCalls: readonly MeantCall[] = [
  inWords('socket', 3),
  inWords('bind', 3),
  inWords('connect', 3),
  inWords('listen', 2),
  inWords('accept', 3),
  inWords('getsockname', 3),
  inWords('getpeername', 3),
  inWords('socketpair', 4),
  inWords('send', 4),
  inWords('recv', 4),
  inWords('sendto', 6),
  inWords('recvfrom', 6),
  inWords('shutdown', 2),
  inWords('setsockopt', 5),
  inWords('getsockopt', 5),
  inWords('sendmsg', 3),
  inWords('recvmsg', 3),
  inWords('accept4', 4),
  inWords('recvmmsg', 5),
  inWords('sendmmsg', 4),
]

/** The parts of ipc(2), by their numbers (linux/ipc.h). */
const ipcCalls: ArgumentBlock['calls'] = {
  1: { name: 'semop', args: [1, 4, 2] },
  2: { name: 'semget', args: [1, 2, 3] },
  3: { name: 'semctl', args: [1, 2, 3, 4] },
  4: { name: 'semtimedop', args: [1, 4, 2, 5] },
  11: { name: 'msgsnd', args: [1, 4, 2, 3] },
  12: { name: 'msgrcv', args: [1, { word: 0 }, 2, { word: 1 }, 3] },
  13: { name: 'msgget', args: [1, 2] },
  14: { name: 'msgctl', args: [1, 2, 4] },
  21: { name: 'shmat', args: [1, 4, 2], resultAt: 3 },
  22: { name: 'shmdt', args: [4] },
  23: { name: 'shmget', args: [1, 2, 3] },
  24: { name: 'shmctl', args: [1, 2, 4] },
}

const makeBlocks = ({ select, mmap, ipc, socketcall } = syscallNumbers.i386): Blocks => ({
  [select]: { chosenBy: null, at: 0, calls: { 0: inWords('select', 5) } },
  [mmap]: { chosenBy: null, at: 0, calls: { 0: inWords('mmap', 6) } },
  [ipc]: {
    chosenBy: 0,
    at: 4,
    calls: ipcCalls,
    newer: { ...ipcCalls, 12: { name: 'msgrcv', args: [1, 4, 2, 5, 3] } },
  },
  [socketcall]: {
    chosenBy: 0,
    at: 1,
    calls: Object.fromEntries(socketCalls.map((call, n) => [n + 1, call])),
  },
})

type Blocks = { readonly [sysno: number]: ArgumentBlock }
/** Of 32-bit programs. Their numbers are not read before there is one. */
let blocks: Blocks | undefined

/** The block of a call, by its number; undefined where its arguments are in registers. */
export function argumentBlock(arch: Arch, sysno: number): ArgumentBlock | undefined {
  if (arch !== 'i386') return undefined
  blocks ??= makeBlocks()
  return blocks[sysno]
}

/** Names of calls that are made through others. */
export const meantNames = (arch: Arch, sysno: number): readonly string[] =>
  Object.values(argumentBlock(arch, sysno)?.calls ?? {}).map(({ name }) => name)

/** In a choice: that it is one of `newer`. */
const newerChoice = 0x1_0000

/** What a call chooses, by the value of its argument that does. */
export const choiceOf = ({ newer }: ArgumentBlock, value: number): number =>
  newer !== undefined && value >= newerChoice ? (value & 0xffff) + newerChoice : value

const chosen = ({ calls, newer }: ArgumentBlock, choice: number): MeantCall | undefined =>
  newer !== undefined && choice >= newerChoice ? newer[choice - newerChoice] : calls[choice]

/** The registers that a call was made with, by the number that says what is meant: those that it takes beside that choice. undefined: arguments are what they seem. */
export function registersOf(arch: Arch, number: number): readonly number[] | undefined {
  const meant = meantCall(arch, number)
  const block = argumentBlock(arch, calledNumber(number))
  if (meant === undefined || block === undefined) return undefined
  if (block.chosenBy === null) return [block.at]
  const forms = [block.calls, block.newer ?? {}].flatMap(calls => Object.values(calls))
  const used = forms
    .filter(({ name }) => name === meant.name)
    .flatMap(({ args }) => args.filter(place => typeof place === 'number'))
  if (used.length === 0) return undefined
  return Array.from({ length: Math.max(...used) - block.chosenBy }, (_, i) => block.chosenBy! + 1 + i)
}

/** Numbers of calls have 32 bits; above stands which call is meant, plus one. */
const choiceUnit = 2 ** 32

/** What stands for a call whose arguments were found in memory. */
export const meantNumber = (sysno: number, choice: number): number => sysno + (choice + 1) * choiceUnit

/** The number that the program called. */
export const calledNumber = (number: number): number => number >>> 0

/** The call that such a number means; undefined where it is a call's own. */
export function meantCall(arch: Arch, number: number): MeantCall | undefined {
  if (number < choiceUnit) return undefined
  const block = argumentBlock(arch, calledNumber(number))
  return block && chosen(block, Math.floor(number / choiceUnit) - 1)
}
