/**
 * What the programs in the kernel and the thread that reads agree on: memory between them, and the events in the ring.
 *
 * An event is a record of src/record, byte for byte, but for its time (nanoseconds of CLOCK_MONOTONIC as a u64) and its flags.
 * What has no record there has a kind of its own, above all those.
 */
import { type ArchName, Enter, Header } from '../../record/layout.ts'

/** The maps, by the names that programs use. */
export type MapName = 'ring' | 'control' | 'scratch' | 'near' | 'threads' | 'programs' | 'cgroups' | 'waits'

/** `programs`, to which those of calls go on by number: nothing, the program at sys_exit itself, and behind it those of plans. */
export const ProgramIndex = { none: 0, exitItself: 1, firstOfPlans: 2, end: 1024 } as const

/** Numbers of calls below this have plans and can be chosen; all others are one choice. */
export const callNumbers = 1024
/** Calls of 32-bit programs on a 64-bit kernel come behind. */
export const otherCall: number = 2 * callNumbers
/** Where a call stands among the choices. */
export const callPlace = (arch: ArchName, sysno: number): number =>
  arch === 'i386' ? callNumbers + sysno : sysno

/** `choices`: of a call by its number (+ callNumbers: of a 32-bit program; the last: of all without a place) four numbers of 16 bits. */
export const CallChoice = {
  /** `Choice`; 0: it is not seen at all. */
  how: 0,
  /** The plans at its enter, at its exit and at that of one that failed: see `planNumber`. 0 for none. */
  enter: 2,
  exit: 4,
  exitFailed: 6,
  bytes: 8,
} as const
export type CallPhase = Exclude<keyof typeof CallChoice, 'how' | 'bytes'>
/** A program has so many plans at most. */
export const plansOfProgram = 64
/** What says where a plan is: its program, and which of that one's plans it is. */
export const planNumber = (program: number, plan: number): number => program * plansOfProgram + plan

/** How a call is seen. */
export const Choice = {
  /** At its enter and at its exit. */
  entered: 1,
  /** At its exit alone, which still knows all of it: `EventKind.call`. */
  returned: 2,
} as const

/** `control`: one value, mapped by the reader. */
export const Control = {
  /** u32: the reader waits to be woken. */
  asleep: 0,
  /** u32: the reader's own process. */
  reader: 4,
  /** u64: with so many bytes in the ring threads are held. */
  holdAbove: 8,
  /** Two addresses of the kernel's: the directory entry and the mount of the tracer's own root; 0 where nobody has looked. */
  root: 16,
  /** `CallChoice`s. */
  choices: 64,
  /** For each CPU two numbers of 64 bits: calls that did not fit in the ring, and events of threads. */
  lost: 64 + CallChoice.bytes * (2 * callNumbers + 8),
} as const
export const Lost = { calls: 0, events: 8, bytes: 16 } as const
export const controlBytes = (cpus: number): number => Control.lost + Lost.bytes * cpus

/** `scratch`, one value for each CPU: where a record is put together. Programs do not sleep, so nobody else comes in between. */
export const Scratch = {
  /** u64: where the next range goes, counted from the record. */
  at: 0,
  /** u64: bytes of the last range. */
  copied: 8,
  /** A number that was read at an address. */
  peeked: 16,
  /** The call's result, its stack pointer and its arguments. */
  result: 24,
  stack: 32,
  args: 40,
  /** Of a vector that is gone through: where in the record its next element is, and its end. */
  vectorAt: 88,
  vectorEnd: 96,
  /** Bytes that all its strings or buffers may still have, and that each may. */
  budget: 104,
  most: 112,
  /** Once an entry claims more than is left, what is left is taken of each (1); one has (2). */
  overrun: 120,
  /** u64: 1 when an enter is done again at the exit, which has yet to be done; 2 when nothing is to be done behind it. */
  again: 80 + 48,
  /** Of a path that is followed to the root: its directory entry, its mount and that one's root, where its next name goes. */
  entry: 136,
  mount: 144,
  mountRoot: 152,
  nameAt: 160,
  /** The file's inode, the kind of the note, what is noted beside names. */
  inode: 168,
  pathKind: 176,
  facts: 184,
  /** u64: which plan is wanted of a program that has several. */
  plan: 216,
  /** u64: bytes that were handed over since somebody looked how full the ring is. */
  unlooked: 224,
  /** What was read of the kernel's own memory. */
  seen: 232,
  /** Numbers of 64 bits that a plan keeps. */
  slots: 232 + 1024,
  record: 232 + 1024 + 384,
} as const
/** Where something of the scratch memory is, counted from the record. */
export const inScratch = (place: number): number => place - Scratch.record
export const slotCount: number = (Scratch.record - Scratch.slots) / 8
export const seenBytes: number = Scratch.slots - Scratch.seen

/** A range may begin before this many bytes of a record, and have as many. */
export const recordBytes = 256 * 1024
/** So much there is room for: the verifier does not see that the two together are less. */
export const scratchBytes: number = Scratch.record + 2 * recordBytes + 16384

/** What is kept of a thread that is traced: in `near`, or by its id in `threads`. */
export const ThreadState = {
  /** u32: the number of the call that the thread is in, or has come out of. */
  call: 0,
  /** u32: callNumbers for a call of a 32-bit program, and `ThreadFlag`s. */
  state: 4,
  /** i64: CPU time of the thread at the enter, on a clock that begins anywhere. */
  ran: 8,
  bytes: 16,
} as const
export const ThreadFlag = {
  /** Memory was not there at the enter. */
  faulted: 1,
  /** The thread is in a call whose enter was recorded. */
  entered: 2,
  /** The thread has not returned yet from the call that made it, which is its parent's. */
  newborn: 4,
} as const
export const mostThreads = 32768

/** `near`: one value of places by the low bits of thread ids, each of a cache line. The reader has it mapped. */
export const Near = {
  /** u32: whose place it is; 0: nobody's, and all of `state` is 0. */
  tid: 0,
  /** u32: 1 once a thread has found it taken, and stands in `threads`. */
  crowded: 4,
  /** `ThreadState`. */
  state: 8,
  bytes: 64,
  places: 4096,
} as const
export const nearBytes: number = Near.places * Near.bytes
/** In `threads`, the key of a place that is taken: no thread has such an id. */
export const placeOf = (tid: number): number => 0x4000_0000 + (tid & (Near.places - 1))

/**
 * `waits`: where threads wait that are held, a `struct bpf_task_work` each. By low and by higher bits of its id a thread has two places, and each place two
 * values, of which one has the thread look again that the other had look.
 */
export const Waits = { places: Near.places, values: 4 * Near.places, bytes: 8 } as const

/** Kinds of events that are no records. All begin with a record's header. */
export const EventKind = {
  /** A thread has started another: u32 tid, u32 pid, comm of 16 bytes; then as `Fork` has it. */
  fork: 200,
  /** A thread has become another program: u32 the tid that it had, u32 0, comm of 16 bytes. */
  exec: 201,
  /** A thread ends: u32 exit code as wait4 tells it, u32 0; i64 what the call that it is in came to, u64 0. */
  exit: 202,
  /** A signal is delivered: u32 signo, u32 1 when its action is the default one, u64 instruction pointer, kernel_siginfo. */
  signal: 203,
  /** A signal was sent: u32 signo, u32 1 when it is ignored, u64 0, kernel_siginfo. */
  sent: 204,
  /** An enter once more, at the call's exit: the kernel has touched the memory since. */
  again: 206,
  /** A whole call, seen at its exit: an enter's fixed part, the result, and the ranges of whichever half has any. */
  call: 207,
  /** A thread has another name: comm of 16 bytes, behind 8 of 0. */
  comm: 205,
} as const
/** i64 result; then ranges. */
export const WholeCall = { result: Enter.bytes, bytes: Enter.bytes + 8 } as const
export const Event = {
  first: Header.bytes,
  second: Header.bytes + 4,
  comm: Header.bytes + 8,
  result: Header.bytes + 8,
  ip: Header.bytes + 8,
  siginfo: Header.bytes + 16,
} as const
/** u32 flags of clone, u32 the signal at its end, u32 its number in the innermost pid namespace, or 0 where that is the first one. */
export const Fork = {
  flags: Header.bytes + 24,
  signal: Header.bytes + 28,
  innerTid: Header.bytes + 32,
} as const
export const eventBytes = {
  task: Header.bytes + 24,
  fork: Header.bytes + 40,
  signal: Header.bytes + 16 + 48,
} as const
/** struct kernel_siginfo: the part of a siginfo_t that is not padding. */
export const kernelSiginfoBytes = 48

/** Flags of enter and exit events, beside those of records. */
export const EventFlag = {
  /** Memory that a plan wanted was not there: its page may only not have been touched yet. */
  faulted: 0x100,
} as const

/** Events that are looked at for an execve behind one that is made a record. */
export const lookAhead = 4096
