/** A recording as what can be compared with another: its processes, and of their calls what does not differ from run to run. */

import type { TraceEvent } from '../calls/call.ts'
import { CallDecoders } from '../calls/call-decoders.ts'
import { otherEvent } from '../calls/event-reader.ts'
import { type ReadThread, RecordReader } from '../calls/record-reader.ts'
import { type ArchName, AT_FDCWD } from '../record/layout.ts'
import type { RecordingMetadata } from '../record/recording-format.ts'
import type { RecordingReader } from '../record/recording-reader.ts'
import { declarationOf } from '../syscalls/index.ts'
import { Data } from '../types/data.ts'
import { errnoOf } from '../types/decode-numbers.ts'
import type { Node } from '../types/language.ts'

export interface ComparedProcess {
  readonly pid: number
  readonly parent: number | null
  /** What it executed last, or the name it had. */
  command: string
  /** Which calls of the recording are its: all have numbers, in the order in which they are told of. */
  readonly ids: number[]
  /** Calls in their order, as numbers of `ComparedRecording.calls`. */
  readonly calls: number[]
  /** Who made each of them: its threads are numbered as they are first seen. */
  readonly threads: number[]
  readonly tids: Map<number, number>
  /** How each of them ended, as numbers of `ComparedRecording.outcomes`. */
  readonly outcomes: number[]
  /** Milliseconds that each call took, by name. */
  readonly durations: Map<string, number[]>
}

export interface ComparedRecording {
  readonly processes: readonly ComparedProcess[]
  /** Why it could not be read to its end, null when it could. */
  readonly problem: Error | null
}

/** Texts that stand for calls and outcomes, the same in both recordings. */
export class Texts {
  readonly all: string[] = []
  readonly #numbers = new Map<string, number>()

  numberOf(text: string): number {
    let number = this.#numbers.get(text)
    if (number === undefined) {
      number = this.all.push(text) - 1
      this.#numbers.set(text, number)
    }
    return number
  }
}

/** Outcomes beside the names of errors. */
export const succeeded = 'ok'
export const unfinished = 'unfinished'

/** What is known of arguments. */
export interface Detail {
  readonly dataLimit: number
  readonly fdPaths: boolean
  readonly structures: 'all' | 'addresses' | 'none'
}

/** What two recordings both know: no more can be compared. */
export function commonDetail(a: RecordingMetadata, b: RecordingMetadata): Detail {
  const levels = ['none', 'addresses', 'all'] as const
  const level = ({ capture }: RecordingMetadata): number => levels.indexOf(capture.structures ?? 'all')
  return {
    dataLimit: Math.max(0, Math.min(a.capture.dataLimit, b.capture.dataLimit) - 1),
    fdPaths: a.capture.fdPaths && b.capture.fdPaths,
    // What a later version may say is not known here.
    structures: levels[Math.max(0, Math.min(level(a), level(b)))]!,
  }
}

/** Takes the calls of a recording as they come, and what threads begin and end. */
export class CallsToCompare {
  readonly processes: ComparedProcess[] = []
  readonly #living = new Map<number, ComparedProcess>()
  readonly #texts: Texts
  readonly #detail: Detail
  readonly #decoders: CallDecoders
  #count = 0

  constructor(texts: Texts, detail: Detail) {
    this.#texts = texts
    this.#detail = detail
    this.#decoders = new CallDecoders(detail.dataLimit)
  }

  call({ frame, tid, pid, comm }: ReadThread): void {
    const process = this.#process(pid, null, comm)
    const decoder = this.#decoders.get(frame.arch, frame.sysno)
    const args = decoder.args(frame)
    const { name } = decoder
    const about = aboutOf(name, frame.arch, args, this.#detail)
    const returned = frame.result >= 0
    const outcome = !returned ? unfinished : frame.failed ? String(errnoOf(frame.errno)) : succeeded
    process.ids.push(this.#count++)
    process.threads.push(numberOfThread(process, tid))
    process.calls.push(this.#texts.numberOf(`${name}(${about.join(', ')})`))
    process.outcomes.push(this.#texts.numberOf(outcome))
    if (frame.elapsed !== null) {
      const took = frame.elapsed / 1e6
      const known = process.durations.get(name)
      if (known === undefined) process.durations.set(name, [took])
      else known.push(took)
    }
    if (name === 'execve' && outcome === succeeded && Array.isArray(args.argv))
      process.command = args.argv
        .filter(word => typeof word === 'string')
        .map(steady)
        .join(' ')
  }

  event(event: TraceEvent): void {
    if (event.kind === 'start') {
      if (event.tid === event.pid) this.#process(event.pid, event.parent, event.comm)
      else {
        const process = this.#living.get(event.pid)
        if (process !== undefined) numberOfThread(process, event.tid)
      }
    }
    // Its number may be used again.
    if (event.kind === 'exit' && event.tid === event.pid) this.#living.delete(event.pid)
  }

  #process(pid: number, parent: number | null, comm: string): ComparedProcess {
    let process = this.#living.get(pid)
    if (process === undefined) {
      process = {
        pid,
        parent,
        command: comm,
        ids: [],
        calls: [],
        threads: [],
        tids: new Map(),
        outcomes: [],
        durations: new Map(),
      }
      this.#living.set(pid, process)
      this.processes.push(process)
    }
    return process
  }
}

function numberOfThread({ tids }: ComparedProcess, tid: number): number {
  let number = tids.get(tid)
  if (number === undefined) tids.set(tid, (number = tids.size))
  return number
}

export function comparedCalls(reader: RecordingReader, texts: Texts, detail: Detail): ComparedRecording {
  const calls = new CallsToCompare(texts, detail)
  const records = new RecordReader({
    call: thread => calls.call(thread),
    other(kind, thread, _, view, offset) {
      const event = otherEvent(kind, thread, view, offset, 0)
      if (event !== undefined) calls.event(event)
    },
  })
  let problem: Error | null = null
  try {
    for (const { bytes, view, offset } of reader.records()) records.record(bytes, view, offset)
  } catch (error) {
    problem = error as Error
  }
  records.end()
  return { processes: calls.processes, problem }
}

/** Texts of a call that say what it is about: paths, names, addresses of sockets; what was read and written is not among them. */
function aboutOf(
  name: string,
  arch: ArchName,
  args: { readonly [argument: string]: unknown },
  { fdPaths, structures }: Detail,
): string[] {
  const declared = declarationOf(name, arch).args as unknown as { readonly [argument: string]: Node }
  const found: string[] = []
  const look = (value: unknown, depth: number): void => {
    if (typeof value === 'string') found.push(steady(value))
    else if (depth < 3 && typeof value === 'object' && value !== null && !(value instanceof Data)) {
      // Flags and what else has names tell of the caller, and are told by number in other notations.
      if ('names' in value || ArrayBuffer.isView(value) || isSignalSet(value)) return
      if (!Array.isArray(value) && !comparesStructure(value, structures)) return
      for (const inner of Array.isArray(value) ? value.slice(0, 16) : Object.values(value))
        look(inner, depth + 1)
    }
  }
  for (const [argument, value] of Object.entries(args)) {
    const type = declared[argument]
    // What the kernel wrote is its answer, not the question.
    if (type?.kind === 'pointer' && type.when === 'out') continue
    // Where it was started is not what it did.
    if (type?.kind === 'int' && type.role === 'dirfd' && isWorkingDirectory(value)) continue
    if (isDescriptor(value)) {
      if (fdPaths && typeof value.path === 'string') found.push(streams[value.fd] ?? steady(value.path))
    } else if (!(name.startsWith('exec') && argument === 'envp')) look(value, 0)
  }
  return found
}

/** Where these go is a matter of who starts a program. */
const streams: readonly string[] = ['stdin', 'stdout', 'stderr']

const comparesStructure = (value: object, known: Detail['structures']): boolean =>
  known === 'all' || (known === 'addresses' && 'family' in value)

const isDescriptor = (value: unknown): value is { readonly fd: number; readonly path?: unknown } =>
  typeof value === 'object' && value !== null && 'fd' in value

const isSignalSet = (value: object): boolean =>
  Array.isArray(value) && typeof value[0] === 'string' && /^(?:SIG[A-Z]|RT)/.test(value[0])

const isWorkingDirectory = (value: unknown): boolean => isDescriptor(value) && value.fd === AT_FDCWD

/** A text without what differs between any two runs: numbers of processes and kernel objects, names that were made up. */
function steady(text: string): string {
  return text
    .replace(/\/proc\/\d+\b/g, '/proc/PID')
    .replace(/\b(pipe|socket|anon_inode|net|mnt|pid|user|uts|ipc|cgroup|time):\[\d+\]/g, '$1:[N]')
    .replace(
      /((?:^|\/)(?:tmp|run|shm)\/(?:[^/]*\/)*)[^/]*(?:\d[^/]*[A-Z]|[A-Z][^/]*\d|\d{4,}|[._-][A-Za-z0-9]{6,10}$)[^/]*/g,
      '$1TEMPORARY',
    )
}
