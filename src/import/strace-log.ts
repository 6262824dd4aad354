/**
 * strace's text as a stream of records: the same that a capture writes, so that everything that reads records reads it too. Names, numbers,
 * flags, strings, lists, plain structures, descriptors' paths, results and times come back, as far as the options of the trace had them
 * written; of structures that were shortened, only that they were there. A call that was broken off in the text stands where it returned.
 */

import { errnoAliases, errnoNames } from '../abi/errno.ts'
import { syscallNumbers } from '../abi/syscalls.ts'
import { type ArchName, archNames, maxRecordBytes, RecordKind, ThreadOrigin } from '../record/layout.ts'
import type { TakeRecord } from '../record/record-runs.ts'
import { executingCalls } from '../syscalls/executing-calls.ts'
import { declarationOf } from '../syscalls/index.ts'
import { isUnknownCallName } from '../syscalls/unknown-calls.ts'
import type { Node } from '../types/language.ts'
import { layoutOf } from '../types/resolve.ts'
import { RecordMaker, type ThreadNumbers } from './record-maker.ts'
import { cloning } from './runsc-log.ts'
import { readStraceArguments, type StraceArguments } from './strace-arguments.ts'
import {
  parseStraceLine,
  readCall,
  type StraceCall,
  type StraceClock,
  type StraceLine,
} from './strace-line.ts'
import { type NumberOfName, signalCode, signalNumber } from './strace-names.ts'
import { readDescriptor, readNumber, readString, splitList } from './strace-text.ts'
import { fieldsOf, putNumber } from './strace-values.ts'

export interface StraceLogOptions {
  readonly arch: ArchName
  /** When the log was written, in milliseconds since 1970: its times may lack the day. */
  readonly written: number
}

/** How much of a log was understood. */
export interface StraceLogCounts {
  /** Lines of strace. */
  lines: number
  /** Calls of which an argument, or the result, was not what it should be: its register is 0. */
  odd: number
  /** All other lines: a program may write to the same file. */
  others: number
}

interface LogThread extends ThreadNumbers {
  comm: string
  /** The call that was broken off. */
  begun: { readonly call: string; readonly args: string; readonly time: number } | null
}

/** A line may not be longer than a record can hold. */
const maxLine = maxRecordBytes / 4
/** Where nothing is said of threads there is one. */
const onlyThread = 1
const secondsOfDay = 86_400

export class StraceLogReader {
  readonly counts: StraceLogCounts = { lines: 0, odd: 0, others: 0 }
  readonly #options: StraceLogOptions
  readonly #records: RecordMaker
  readonly #threads = new Map<number, LogThread>()
  /** Those that are about to have a child. */
  readonly #cloning = new Set<LogThread>()
  #begun: { readonly seconds: number; readonly clock: StraceClock | null } | null = null
  /** Days that have gone by at midnight, as the lines have them. */
  #days = 0
  #lastSeconds = 0

  /** `take` gets each record; it is valid during the call. */
  constructor(options: StraceLogOptions, take: TakeRecord) {
    this.#options = options
    this.#records = new RecordMaker(options.arch, take)
  }

  /** Takes a line, latin1, without its end. `tid`: whose it is where it does not say; `line`: what it says, where that is known. */
  line(
    text: string,
    tid: number | null = null,
    line: StraceLine | null = text.length > maxLine ? null : parseStraceLine(text),
  ): void {
    if (line === null) {
      if (text !== '') this.counts.others++
      return
    }
    this.counts.lines++
    this.#tick(line.clock)
    if (line.what.kind === 'attached') return
    this.#tell(line, this.#thread(line.tid ?? tid ?? onlyThread))
  }

  /** The log is over. */
  end(): void {
    if (this.#begun === null) this.#start(null)
    for (const thread of this.#threads.values()) this.#leave(thread)
    this.#records.end()
  }

  #tell({ what }: StraceLine, thread: LogThread): void {
    switch (what.kind) {
      case 'call':
        return this.#call(thread, what, this.#records.now)
      case 'unfinished':
        thread.begun = { call: what.call, args: what.args, time: this.#records.now }
        if (cloning.has(what.call)) this.#cloning.add(thread)
        return
      case 'resumed': {
        const begun = this.#takeBegun(thread)
        // What began before the log did has no arguments that we know.
        const before = begun?.call === what.call ? begun : { args: '', time: this.#records.now }
        const whole = readCall(what.call, `${before.args}${what.rest}`, 0)
        if (whole?.kind === 'call') this.#call(thread, whole, before.time)
        else this.counts.odd++
        return
      }
      case 'signal':
        return this.#signal(thread, what.signal, what.info)
      case 'stopped':
        return this.#records.status(RecordKind.stopped, thread, Number(signalNumber(what.signal) ?? 0n))
      case 'exited':
      case 'killed': {
        this.#leave(thread)
        if (what.kind === 'exited') this.#records.status(RecordKind.exited, thread, what.code)
        else {
          const signal = Number(signalNumber(what.signal) ?? 0n)
          this.#records.status(RecordKind.killed, thread, signal, what.core ? 1 : 0)
        }
        this.#threads.delete(thread.tid)
        return
      }
      case 'superseded':
        this.#threads.delete(thread.tid)
        return
    }
  }

  // ---- time

  #tick(clock: StraceClock | null): void {
    if (this.#begun === null) this.#start(clock)
    const { seconds, clock: first } = this.#begun!
    const records = this.#records
    if (clock === null) records.now += 1000
    else if (clock.kind === 'since') records.now += clock.seconds * 1e9 + clock.nanoseconds
    else if (clock.since !== undefined && clock.nanoseconds === 0) {
      // A time of day in whole seconds tells less than what has passed.
      records.now += clock.since
    } else if (clock.kind === first?.kind) {
      const now = (this.#seconds(clock) - seconds) * 1e9 + clock.nanoseconds - first.nanoseconds
      records.now = Math.max(records.now, now)
    }
  }

  #start(clock: StraceClock | null): void {
    const told = clock === null || clock.kind === 'since' ? null : clock
    const seconds = told === null ? Math.floor(this.#options.written / 1000) : this.#seconds(told)
    this.#begun = { seconds, clock: told }
    this.#records.start(BigInt(Math.max(0, seconds)) * 1_000_000_000n + BigInt(told?.nanoseconds ?? 0))
  }

  /** Since 1970. */
  #seconds({ kind, seconds }: StraceClock): number {
    if (kind === 'unix') return seconds
    if (seconds < this.#lastSeconds - secondsOfDay / 2) this.#days++
    this.#lastSeconds = seconds
    const day = new Date(this.#options.written)
    day.setHours(0, 0, 0, 0)
    return Math.floor(day.getTime() / 1000) + this.#days * secondsOfDay + seconds
  }

  // ---- threads

  #thread(tid: number): LogThread {
    let thread = this.#threads.get(tid)
    if (thread === undefined) {
      // A child may be heard of before its parent's call returns.
      const [parent] = this.#cloning.size === 1 ? this.#cloning : []
      thread = this.#newThread(tid, parent, parent?.begun?.args ?? '')
    }
    return thread
  }

  #newThread(tid: number, parent: LogThread | undefined, flags: string): LogThread {
    const shares = parent !== undefined && flags.includes('CLONE_THREAD')
    const thread: LogThread = {
      pid: shares ? parent.pid : tid,
      tid,
      comm: parent?.comm ?? '',
      begun: null,
    }
    this.#threads.set(tid, thread)
    const origin =
      parent === undefined ? ThreadOrigin.started : shares ? ThreadOrigin.clone : ThreadOrigin.fork
    this.#records.thread(thread, thread.comm, parent?.tid ?? 0, origin)
    return thread
  }

  #takeBegun(thread: LogThread): LogThread['begun'] {
    const { begun } = thread
    thread.begun = null
    this.#cloning.delete(thread)
    return begun
  }

  /** A call that a thread is in when it ends, or the log does, has not returned. */
  #leave(thread: LogThread): void {
    const begun = this.#takeBegun(thread)
    if (begun === null) return
    const { now } = this.#records
    this.#records.now = begun.time
    this.#enter(thread, begun.call, splitList(begun.args, 0).parts)
    this.#records.now = now
  }

  // ---- calls

  /** Notes the beginning of a call; null for a call whose number is not known. */
  #enter(
    thread: ThreadNumbers,
    call: string,
    parts: readonly string[],
    timed = true,
  ): { readonly sysno: number; readonly args: StraceArguments } | null {
    const sysno = this.#sysno(call)
    if (sysno === undefined) {
      this.counts.odd++
      return null
    }
    const args = readStraceArguments(this.#records.arch, call, parts)
    if (args.odd > 0) this.counts.odd++
    this.#records.enter(thread, sysno, args.entered, timed)
    return { sysno, args }
  }

  #call(thread: LogThread, { call, args: parts, result, duration }: StraceCall, time: number): void {
    const records = this.#records
    const { now } = records
    records.now = time
    // What was broken off lasted until it was resumed.
    const entered = this.#enter(thread, call, parts, duration !== null || time !== now)
    records.now = duration === null ? now : time + duration
    const outcome = entered === null ? null : this.#outcome(call, result)
    if (entered !== null && outcome !== null) {
      const { memory, paths } = entered.args.written
      const fd =
        outcome.path === null ? [] : [{ fd: Number(BigInt.asIntN(32, outcome.result)), path: outcome.path }]
      records.exit(thread, entered.sysno, outcome, { memory, paths: [...paths, ...fd] })
      if (outcome.errno === 0) this.#follow(thread, call, parts, outcome.result)
    }
    records.now = Math.max(now, time)
  }

  /** What a call that succeeded changed about threads. */
  #follow(thread: LogThread, call: string, parts: readonly string[], result: bigint): void {
    if (executingCalls.has(call)) {
      const program = parts.map(part => readString(part)).find(string => string !== null)
      thread.comm = program?.bytes.toString('latin1').split('/').at(-1)?.slice(0, 15) ?? thread.comm
      this.#records.comm(thread, thread.comm)
    }
    const child = Number(result)
    if (cloning.has(call) && child > 0 && child < 2 ** 31 && !this.#threads.has(child))
      this.#newThread(child, thread, parts.join())
  }

  /** What came back; null when nothing did, or it cannot be read. */
  #outcome(call: string, text: string): { result: bigint; errno: number; path: string | null } | null {
    const [, name] = /^(?:-1|\?) (E[A-Z0-9_]+)(?: |$)/.exec(text) ?? []
    if (name !== undefined) {
      const errno = errnoNames.indexOf(name)
      const known = errno > 0 ? errno : (errnoAliases as { readonly [name: string]: number })[name]
      if (known === undefined) this.counts.odd++
      return { result: -1n, errno: known ?? 1, path: null }
    }
    if (/^\?/.test(text)) return null
    const [first] = /^-?(?:0x[0-9a-f]+|\d+)(?:<.*>(?:\(deleted\))?)?/s.exec(text) ?? ['']
    const read = readDescriptor(first)
    const result = read === null ? null : readNumber(read.number, () => undefined)
    if (result === null) {
      this.counts.odd++
      return null
    }
    const returns = declarationOf(call, this.#records.arch).returns as unknown as Node
    const isFd = returns.kind === 'int' && returns.role === 'fd'
    return { result: BigInt.asUintN(64, result), errno: 0, path: isFd ? read!.path : null }
  }

  /** The call's number; sets the architecture that has it. */
  #sysno(call: string): number | undefined {
    for (const arch of archesBeside(this.#options.arch)) {
      const sysno = numberOf(call, arch)
      this.#records.arch = arch
      if (sysno !== undefined) return sysno
    }
    return undefined
  }

  // ---- signals

  #signal(thread: ThreadNumbers, name: string, info: string): void {
    const signo = Number(signalNumber(name) ?? 0n)
    const { size, fields } = layoutOf('siginfo', this.#options.arch)
    const bytes = Buffer.alloc(size)
    const put = (field: string, value: bigint | undefined): void => {
      if (value !== undefined) bytes.writeInt32LE(Number(BigInt.asIntN(32, value)), fields[field]!.offset)
    }
    const told = fieldsOf(info)
    const number = (field: string, names: NumberOfName = () => undefined): bigint | undefined =>
      readNumber(told?.get(field)?.replace(/<.*$/s, '') ?? '', names) ?? undefined
    put('si_signo', BigInt(signo))
    put('si_code', number('si_code', signalCode))
    put('_sifields._kill._pid', number('si_pid'))
    put('_sifields._kill._uid', number('si_uid'))
    if (told?.has('si_status') === true) put('_sifields._sigchld._status', number('si_status', signalNumber))
    if (told?.has('si_addr') === true) {
      const { offset, size } = fields['_sifields._sigfault._addr']!
      putNumber(bytes, offset, size, number('si_addr', name => (name === 'NULL' ? 0n : undefined)) ?? 0n)
    }
    this.#records.signal(thread, signo, bytes)
  }
}

/** Programs of 32 bits run beside others. */
const archesBeside = (arch: ArchName): readonly ArchName[] => (arch === 'amd64' ? [arch, 'i386'] : [arch])

function numberOf(call: string, arch: ArchName): number | undefined {
  if (isUnknownCallName(call)) {
    const [, digits] = /_0x([0-9a-f]{1,8})$/.exec(call) ?? []
    return digits === undefined ? undefined : Number.parseInt(digits, 16)
  }
  const numbers: { readonly [name: string]: number } = syscallNumbers[arch]
  return Object.hasOwn(numbers, call) ? numbers[call] : undefined
}

/** Whether there is a call of that name on any architecture. */
export const isSystemCall = (name: string): boolean =>
  archNames.some(arch => numberOf(name, arch) !== undefined)
