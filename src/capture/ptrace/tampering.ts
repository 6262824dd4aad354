/**
 * Tampering: calls that are made to fail, get another result, another call in their place, other bytes in memory, a signal or
 * a delay. A call is prevented by taking its number away at the enter; what it returns is set at the exit.
 */

import { nt_descriptor_types } from '../../abi/sets.ts'
import { libc } from '../../libc/libc.ts'
import { NativeMemory } from '../../libc/native-memory.ts'
import { Frame } from '../../record/frame.ts'
import { ExitFlag } from '../../record/layout.ts'
import { callName, declarationOf } from '../../syscalls/index.ts'
import { unknownCallName } from '../../syscalls/unknown-calls.ts'
import type { Tampering } from '../backend.ts'
import { pathFilter } from './path-filter.ts'
import { Errno, Request } from './ptrace-constants.ts'
import { generalRegisters, NT_PRSTATUS, RegisterSet } from './register-set.ts'
import type { Tracee } from './tracee.ts'

const notACall = -1

/** What is to be done about one tampering's calls: where each thread is in counting them. */
interface Counter {
  /** Calls left until the next that is tampered with; 0: none any more. */
  next: number
  /** Calls left that count at all. */
  left: number
}

/** What was done to the call that a tracee is in. */
export interface Tampered {
  readonly by: Tampering
  /** The call was prevented or replaced. */
  replaced: boolean
  poked: boolean
  delayed: boolean
  /** Set at the exit, for the record: the result's low and high half, and whether it is an error. */
  low: number
  high: number
  failed: boolean
}

export class Tamperer {
  readonly #tamperings: readonly Tampering[]
  readonly #counters = new WeakMap<Tracee, Map<string, Counter>>()
  readonly #memory: NativeMemory
  readonly #tell: (pid: number, message: string) => void
  readonly #touchesPath: ((frame: Frame) => boolean) | null
  readonly #frame = new Frame()

  /**
   * @param tell told what could not be done, as people read it.
   * @param paths those that a call must touch; none: any call will do.
   */
  constructor(
    tamperings: readonly Tampering[],
    tell: (pid: number, message: string) => void = () => {},
    paths: readonly string[] = [],
  ) {
    this.#tamperings = tamperings
    this.#touchesPath = paths.length === 0 ? null : pathFilter(paths)
    this.#tell = tell
    const pokes = tamperings.flatMap(t => [...t.pokeEnter, ...t.pokeExit])
    this.#memory = new NativeMemory(64 + Math.max(0, ...pokes.map(p => p.data.length)))
  }

  /** Whether it must be known what a call is called with: then `touches` is asked before `enter`. */
  get choosesByPath(): boolean {
    return this.#touchesPath !== null
  }

  /** Whether the call with the enter record at `offset` touches one of the paths. */
  touches(bytes: Uint8Array, view: DataView, offset: number): boolean {
    this.#frame.enter(bytes, view, offset)
    return this.#touchesPath?.(this.#frame) ?? true
  }

  /**
   * A chosen call is entered: changes what is to be changed before it is made. Null when nothing is; otherwise
   * `signal` and `delayEnter` are left to the caller, who lets it go on.
   */
  enter(tracee: Tracee): Tampered | null {
    const by = this.#due(tracee)
    if (by === null) return null
    const done: Tampered = {
      by,
      replaced: false,
      poked: this.#poke(tracee, by.pokeEnter),
      delayed: by.delayEnter !== null,
      low: 0,
      high: 0,
      failed: false,
    }
    if (by.error !== null || by.retval !== null)
      done.replaced = setNumber(tracee.tid, by.syscall?.[tracee.arch] ?? notACall)
    return done
  }

  /** The call that was tampered with returns. True when its result is now the one in `done`. */
  exit(tracee: Tracee, done: Tampered): boolean {
    const { by } = done
    if (this.#poke(tracee, by.pokeExit)) done.poked = true
    if (by.delayExit !== null) done.delayed = true
    if (!done.replaced) return false
    const result = by.error !== null ? BigInt(-by.error) : by.retval!
    const narrow = tracee.arch === 'i386'
    const bits = BigInt.asUintN(narrow ? 32 : 64, result)
    if (!setResult(tracee.tid, bits)) return false
    done.low = Number(bits & 0xffff_ffffn)
    done.high = Number(bits >> 32n)
    done.failed = by.error !== null
    if (done.failed && narrow) done.high = 0xffff_ffff
    return true
  }

  /** The flags of the exit record. */
  flags({ replaced, poked, delayed }: Tampered): number {
    return (
      (replaced ? ExitFlag.injected : 0) | (poked ? ExitFlag.poked : 0) | (delayed ? ExitFlag.delayed : 0)
    )
  }

  /** Counts the call, by thread and number; the tampering that is due. The last that names a call is the one that counts. */
  #due(tracee: Tracee): Tampering | null {
    const { arch, sysno } = tracee
    const by = this.#tamperings.findLast(t => t.calls[arch] === null || t.calls[arch][sysno] === 1)
    if (by === undefined) return null
    let counters = this.#counters.get(tracee)
    if (counters === undefined) this.#counters.set(tracee, (counters = new Map()))
    const key = `${arch} ${sysno}`
    let counter = counters.get(key)
    if (counter === undefined)
      counters.set(key, (counter = { next: by.when.first, left: by.when.last ?? Number.POSITIVE_INFINITY }))
    if (counter.next === 0 || counter.left-- <= 0 || --counter.next > 0) return null
    counter.next = by.when.step
    return by
  }

  #poke(tracee: Tracee, pokes: Tampering['pokeEnter']): boolean {
    let poked = false
    for (const { argument, data } of pokes) {
      const problem = lacksArgument(tracee, argument)
      if (problem !== null) {
        this.#tell(tracee.tid, `Failed to tamper with process ${tracee.tid}: ${problem}`)
        continue
      }
      const at = (argument - 1) * 2
      const low = tracee.args[at]!
      const address = tracee.arch === 'i386' ? low : low + tracee.args[at + 1]! * 0x1_0000_0000
      const written = this.#write(tracee.tid, address, data)
      if (written > 0) poked = true
      if (written <= 0) this.#tell(tracee.tid, `Failed to tamper with process ${tracee.tid}: couldn't poke`)
      else if (written < data.length)
        this.#tell(
          tracee.tid,
          `pid:${tracee.tid} short write (${written} < ${data.length}) @0x${address.toString(16)}`,
        )
    }
    return poked
  }

  /** How many bytes could be written; not one, 0 or less. */
  #write(tid: number, address: number, data: Uint8Array): number {
    if (!Number.isSafeInteger(address + data.length)) return 0
    const { bytes } = this.#memory
    bytes.set(data, 64)
    this.#memory.setUint64(0, this.#memory.address + 64)
    this.#memory.setUint64(8, data.length)
    this.#memory.setUint64(16, address)
    this.#memory.setUint64(24, data.length)
    const vectors = this.#memory.address
    const written = libc.process_vm_writev(tid, vectors, 1, vectors + 16, 1, 0)
    if (written >= 0) return written
    // Refused inside some containers, and where the program itself may not write: ptrace still may.
    return refusals.includes(libc.errno()) ? writeWords(tid, address, data) : written
  }
}

const refusals: readonly number[] = [Errno.ENOSYS, Errno.EPERM, Errno.EFAULT]

/** Word by word, through ptrace; how many bytes could be written. */
function writeWords(tid: number, address: number, data: Uint8Array): number {
  const word = new DataView(new ArrayBuffer(8))
  let done = 0
  while (done < data.length) {
    const before = (address + done) % 8
    const aligned = address + done - before
    const count = Math.min(8 - before, data.length - done)
    if (count < 8) {
      libc.setErrno(0)
      const value = libc.ptrace(Request.PEEKDATA, tid, aligned, 0)
      if (value === -1 && libc.errno() !== 0) return done
      word.setBigInt64(0, BigInt(value), true)
    }
    for (let i = 0; i < count; i++) word.setUint8(before + i, data[done + i]!)
    if (libc.ptrace(Request.POKEDATA, tid, aligned, word.getBigUint64(0, true)) !== 0) return done
    done += count
  }
  return done
}

/** Why there is nothing to poke at: the call has fewer arguments. Of a call that we do not know, all registers are tried. */
function lacksArgument({ arch, sysno, args }: Tracee, argument: number): string | null {
  const name = callName(arch, sysno)
  const count = name === undefined ? args.length / 2 : Object.keys(declarationOf(name, arch).args).length
  if (argument <= count) return null
  const call = name ?? unknownCallName(sysno)
  return `requested to tamper with argument #${argument}, but system call '${call}' has only ${count} arguments`
}

/** struct user of x86-64 (sys/user.h): the number of the call. */
const origRax = 15 * 8

function setNumber(tid: number, number: number): boolean {
  if (process.arch !== 'arm64')
    return libc.ptrace(Request.POKEUSER, tid, origRax, BigInt.asUintN(64, BigInt(number))) === 0
  const set = new RegisterSet(4)
  set.memory.view.setInt32(RegisterSet.content, number, true)
  return set.write(tid, nt_descriptor_types.values.NT_ARM_SYSTEM_CALL)
}

function setResult(tid: number, bits: bigint): boolean {
  const { bytes, result } = generalRegisters
  if (process.arch !== 'arm64') return libc.ptrace(Request.POKEUSER, tid, result, bits) === 0
  const set = new RegisterSet(bytes)
  if (!set.read(tid, NT_PRSTATUS)) return false
  set.memory.view.setBigUint64(RegisterSet.content + result, bits, true)
  return set.write(tid, NT_PRSTATUS)
}
