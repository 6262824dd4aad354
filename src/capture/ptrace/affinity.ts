/**
 * Which CPUs tracer and tracees run on.
 *
 * A stop is two hand-overs, from the tracee to us and back. Between two CPUs, of which one sleeps meanwhile, each costs
 * a wake-up across: 40 µs on a virtual machine, several times what the stop itself takes. On one CPU it costs a switch.
 * Following the tracee is not enough (the scheduler moves it to an idle CPU at every resume): its own mask must be
 * narrowed, which loses when several tracees could compute side by side. So:
 *
 * - All start free. Every 10 ms the tracees that stopped often are looked at. A single one shares a CPU with us and
 *   loses nothing by it, as we work only while it is stopped. Several are put together only while what they run for
 *   from stop to stop (schedstat) is so little that we, whom they all wait for, are what holds them up.
 * - Where this process does nothing but trace (`dedicated`), its other threads leave that CPU: a printer that is woken there would
 *   stand in the way of both.
 * - They are freed when that does not hold any more, and when others use that CPU, so that we wait for it longer than our
 *   tracees run; then they are left alone for half a second, and longer each time.
 * - A child starts free, but for that of a lone tracee, which will most likely wait for it.
 * - What was attached is never narrowed by itself (`auto`): should we be killed, it would stay on one CPU for good.
 * - Nobody sees it: masks are given back before a tracee asks for or sets one, opens something under /proc, or is let go, and
 *   before it forks where we do not follow. A mask that somebody else has changed since is left as it is.
 *
 * Measured, µs a call, median of 3 to 5 interleaved runs of 40,000 small reads and writes, two CPUs (`npm run bench` measures anew):
 *
 *     threads   other load      strace -f   strace, all on one CPU   this
 *     1         none            97          25                       24
 *     1         3 processes     26          20                       27
 *     1         24 processes    152         146                      64
 *     8         24 processes    74          136                      51
 *
 * Before "others use it" was looked at, the last line had 119 for this: a CPU shared with strangers is worse than a wake-up.
 */
import { readdirSync, readlinkSync } from 'node:fs'
import { syscallNumbers } from '../../abi/syscalls.ts'
import { libc } from '../../libc/libc.ts'
import { NativeMemory } from '../../libc/native-memory.ts'
import { type ArchName, archNames } from '../../record/layout.ts'
import type { CaptureOptions } from '../backend.ts'
import { SchedStat } from './sched-stat.ts'
import type { Tracee } from './tracee.ts'

/** Between two looks, in ns. */
const window = 10e6
/** Stops in a window that make a tracee a busy one: 2,000 a second. */
const busyStops = 20
/** Tracees that are put together at most: each costs a look into /proc. */
const most = 32
/** Of several tracees: ns that they may run for from stop to stop to be put together, and to stay so. */
const joinBelow = 20e3
const partAbove = 40e3
/** The part of a window for which others may keep us from the CPU that we share. */
const mostForeign = 0.3
const leaveAlone = 500e6
const longestLeaveAlone = 16e9
/** After a tracee has asked for masks. */
const shyFor = 100e6
/** 8192 CPUs. */
const maskBytes = 1024

/** What a tracee has to do with this. */
export class TraceeAffinity {
  /** Stops in this window. */
  stops = 0
  /** The mask that it had before it was narrowed; null while it is free. */
  mask: Uint8Array | null = null
  /** Of schedstat, when it was last looked at. */
  ran = 0
  delayed = 0
  /** The window in which that was. */
  looked = -1
}

export class Affinity {
  readonly #pin: CaptureOptions['pin']
  readonly #follow: boolean
  /** Tells others how many tracees are narrowed. */
  readonly #narrowedChanged: (count: number) => void
  /** Whether the string that an argument points to begins with another. */
  readonly #begins: (tracee: Tracee, argument: number, text: string) => boolean
  readonly #memory = new NativeMemory(3 * maskBytes)
  readonly #stat = new SchedStat()
  readonly #narrowed = new Set<Tracee>()
  readonly #active: Tracee[] = []
  #windows = 0
  #windowEnd = 0
  #windowStart = 0
  /** Not before this time is anything narrowed. */
  #restUntil = 0
  #rest = leaveAlone
  #cpu = -1
  /** Our own thread's mask while it is narrowed. */
  #ownMask: Uint8Array | null = null
  readonly #dedicated: boolean
  /** Masks of our process's other threads while they keep off the CPU. */
  readonly #movedAway = new Map<number, Uint8Array>()
  /** Our own thread's schedstat: of the last window, and where that ended. */
  readonly #own = { ran: 0, delayed: 0, ranBefore: 0, delayedBefore: 0, looked: -1 }
  /** The mask that was taken last. */
  #lastMask: Uint8Array | null = null
  /** Something has been narrowed, so masks of children cannot be trusted. */
  #ever = false

  constructor(
    options: CaptureOptions,
    narrowedChanged: (count: number) => void,
    begins: (tracee: Tracee, argument: number, text: string) => boolean,
  ) {
    this.#begins = begins
    this.#pin = options.pin
    this.#follow = options.follow
    this.#dedicated = options.dedicated === true
    this.#narrowedChanged = narrowedChanged
  }

  /** A tracee has stopped, at `time`. */
  stopped(tracee: Tracee, time: number): void {
    if (this.#pin === 'never') return
    if (tracee.affinity.stops++ === 0) this.#active.push(tracee)
    if (time < this.#windowEnd) return
    if (this.#windowStart !== 0) this.#decide(time)
    this.#windows++
    this.#windowStart = time
    this.#windowEnd = time + window
    for (const active of this.#active) active.affinity.stops = 0
    this.#active.length = 0
  }

  /**
   * A tracee enters a call: gives masks back where it could see or pass on a narrowed one.
   */
  entered(tracee: Tracee, time: number): void {
    const kind = kinds[tracee.arch][tracee.sysno]
    if (kind === Kind.other || this.#pin === 'never') return
    if (kind === Kind.fork) {
      if (!this.#follow) this.release(tracee)
      return
    }
    if (
      kind !== Kind.masks &&
      (this.#narrowed.size === 0 || !this.#begins(tracee, kind! - Kind.open0, '/proc'))
    )
      return
    this.releaseAll()
    this.#restUntil = Math.max(this.#restUntil, time + shyFor)
  }

  /** `parent` has a child, which has inherited its mask. */
  born(child: Tracee, parent: Tracee | undefined): void {
    if (!this.#ever) return
    if (parent === undefined) {
      const length = this.#get(child.tid)
      if (length > 0 && isOnly(this.#memory.bytes, length, this.#cpu)) this.#set(child.tid, this.#lastMask!)
      return
    }
    if (parent.affinity.mask === null) {
      // Freed since it forked, maybe.
      const length = this.#get(parent.tid)
      if (length > 0) libc.sched_setaffinity(child.tid, length, this.#memory.address)
      return
    }
    child.affinity.mask = parent.affinity.mask
    this.#narrowed.add(child)
    if (this.#narrowed.size > 2) this.release(child)
    this.#narrowedChanged(this.#narrowed.size)
  }

  /** A tracee has ended. */
  ended(tracee: Tracee): void {
    if (this.#narrowed.delete(tracee)) this.#narrowedChanged(this.#narrowed.size)
  }

  /** Gives a tracee its mask back. */
  release(tracee: Tracee): void {
    const { mask } = tracee.affinity
    if (mask === null) return
    tracee.affinity.mask = null
    this.#narrowed.delete(tracee)
    // Unless somebody else has set another mask.
    const length = this.#get(tracee.tid)
    if (length > 0 && isOnly(this.#memory.bytes, length, this.#cpu)) this.#set(tracee.tid, mask)
    this.#narrowedChanged(this.#narrowed.size)
    if (this.#narrowed.size === 0) this.#freeOurselves()
  }

  /** Gives all tracees and this thread their masks back. */
  releaseAll(): void {
    for (const tracee of this.#narrowed) this.release(tracee)
    this.#freeOurselves()
  }

  /** Nothing stops any more, though several tracees are narrowed: they may be computing. */
  silent(time: number): void {
    if (this.#narrowed.size > 1 && time > this.#windowEnd + window) this.#giveUp(time)
  }

  #decide(time: number): void {
    const busy = this.#active.filter(t => t.affinity.stops >= busyStops && this.#may(t))
    if (this.#pin === 'always') {
      if (busy.length > 0 && time >= this.#restUntil) for (const tracee of busy) this.#narrow(tracee)
      return
    }
    if (this.#narrowed.size === 0 && (busy.length === 0 || time < this.#restUntil)) {
      if (busy.length === 0) this.#rest = Math.max(leaveAlone, this.#rest / 1.01)
      return
    }
    const together = new Set([...this.#narrowed, ...busy])
    if (together.size > most) return this.#giveUp(time)
    let [stops, ran, delayed, known] = [0, 0, 0, this.#lookAtOurselves()]
    for (const tracee of together) {
      const { affinity } = tracee
      const { ran: ranBefore, delayed: delayedBefore, looked } = affinity
      if (!this.#stat.read(tracee.tid)) continue
      affinity.ran = this.#stat.ran
      affinity.delayed = this.#stat.delayed
      affinity.looked = this.#windows
      if (looked !== this.#windows - 1) {
        known = false
        continue
      }
      stops += affinity.stops
      ran += affinity.ran - ranBefore
      delayed += affinity.delayed - delayedBefore
    }
    const span = time - this.#windowStart
    if (this.#narrowed.size > 0 && known) {
      // We wait for the CPU while they run, and a lone one while we do. What is more than that is others' doing.
      const foreign = Math.max(this.#own.delayed - ran, together.size === 1 ? delayed - this.#own.ran : 0)
      if (foreign > mostForeign * span || (together.size > 1 && ran > stops * partAbove))
        return this.#giveUp(time)
    }
    if (time < this.#restUntil) return
    // What the kernel does for a stop is part of what they run for.
    if (together.size === 1 || (known && ran < stops * joinBelow))
      for (const tracee of busy) this.#narrow(tracee)
  }

  /** Reads this thread's schedstat; whether the window is known. */
  #lookAtOurselves(): boolean {
    if (!this.#stat.read(0)) return false
    const own = this.#own
    own.ran = this.#stat.ran - own.ranBefore
    own.delayed = this.#stat.delayed - own.delayedBefore
    own.ranBefore = this.#stat.ran
    own.delayedBefore = this.#stat.delayed
    const known = own.looked === this.#windows - 1
    own.looked = this.#windows
    return known
  }

  #may(tracee: Tracee): boolean {
    return this.#pin === 'always' || !tracee.attached
  }

  #giveUp(time: number): void {
    if (this.#narrowed.size > 0) {
      this.#restUntil = time + this.#rest
      this.#rest = Math.min(this.#rest * 2, longestLeaveAlone)
    }
    this.releaseAll()
  }

  #narrow(tracee: Tracee): void {
    if (tracee.affinity.mask !== null || !this.#narrowOurselves()) return
    const length = this.#get(tracee.tid)
    const { bytes } = this.#memory
    if (length <= 0 || !has(bytes, length, this.#cpu)) return
    const mask = bytes.slice(0, length)
    if (isOnly(bytes, length, this.#cpu)) return
    if (libc.sched_setaffinity(tracee.tid, length, this.#memory.address + maskBytes) !== 0) return
    tracee.affinity.mask = mask
    this.#lastMask = mask
    this.#narrowed.add(tracee)
    this.#ever = true
    this.#narrowedChanged(this.#narrowed.size)
  }

  /** Stays on the CPU where this thread runs now; the mask of that CPU alone then stands behind the scratch one. */
  #narrowOurselves(): boolean {
    if (this.#ownMask !== null) return true
    const length = this.#get(0)
    const cpu = libc.sched_getcpu()
    if (length <= 0 || cpu < 0 || cpu >= length * 8) return false
    const { bytes, address } = this.#memory
    const own = bytes.slice(0, length)
    bytes.fill(0, maskBytes, 2 * maskBytes)
    bytes[maskBytes + (cpu >> 3)] = 1 << (cpu & 7)
    if (libc.sched_setaffinity(0, length, address + maskBytes) !== 0) return false
    this.#ownMask = own
    this.#cpu = cpu
    if (this.#dedicated) this.#moveOthersAway()
    return true
  }

  /** Our process's other threads go where we are not, if there is such a place. */
  #moveOthersAway(): void {
    for (const tid of otherThreads()) {
      const length = this.#get(tid)
      const { bytes } = this.#memory
      if (length <= 0 || !has(bytes, length, this.#cpu)) continue
      const mask = bytes.slice(0, length)
      const rest = mask.slice()
      rest[this.#cpu >> 3]! &= ~(1 << (this.#cpu & 7))
      if (rest.every(byte => byte === 0)) continue
      this.#set(tid, rest)
      this.#movedAway.set(tid, mask)
    }
  }

  #freeOurselves(): void {
    if (this.#ownMask === null) return
    this.#set(0, this.#ownMask)
    this.#ownMask = null
    for (const [tid, mask] of this.#movedAway) this.#set(tid, mask)
    this.#movedAway.clear()
  }

  /** Reads a mask to the start of the scratch memory: its length in bytes, or -1. */
  #get(tid: number): number {
    const { address, bytes } = this.#memory
    bytes.fill(0, 0, maskBytes)
    return libc.sched_getaffinity(tid, maskBytes, address) < 0 ? -1 : maskBytes
  }

  #set(tid: number, mask: Uint8Array): void {
    const at = 2 * maskBytes
    this.#memory.bytes.set(mask, at)
    libc.sched_setaffinity(tid, mask.length, this.#memory.address + at)
  }
}

/** Threads of this process but for the one that asks. */
function otherThreads(): number[] {
  const own = readlinkSync('/proc/thread-self').split('/').at(-1)
  return readdirSync('/proc/self/task')
    .filter(name => name !== own)
    .map(Number)
}

const has = (mask: Uint8Array, length: number, cpu: number): boolean =>
  cpu < length * 8 && ((mask[cpu >> 3]! >> (cpu & 7)) & 1) === 1

const isOnly = (mask: Uint8Array, length: number, cpu: number): boolean => {
  for (let i = 0; i < length; i++) if (mask[i] !== (i === cpu >> 3 ? 1 << (cpu & 7) : 0)) return false
  return true
}

/** open0, open1: opens what its first or second argument names. */
const Kind = { other: 0, masks: 1, fork: 2, open0: 3, open1: 4 } as const

/** Calls that show or set masks. A filter must let us see them. */
export const maskCalls: readonly string[] = ['sched_getaffinity', 'sched_setaffinity']

/** By architecture and number. */
const kinds = Object.fromEntries(
  archNames.map(arch => {
    const numbers: { readonly [name: string]: number } = syscallNumbers[arch]
    const table = new Uint8Array(1024)
    const mark = (name: string, kind: number) => {
      const number = numbers[name]
      if (number !== undefined && number < table.length) table[number] = kind
    }
    for (const name of maskCalls) mark(name, Kind.masks)
    for (const name of ['fork', 'vfork', 'clone', 'clone3']) mark(name, Kind.fork)
    for (const name of ['open', 'creat']) mark(name, Kind.open0)
    for (const name of ['openat', 'openat2']) mark(name, Kind.open1)
    return [arch, table]
  }),
) as { readonly [arch in ArchName]: Uint8Array }
