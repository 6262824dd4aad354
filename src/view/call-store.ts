/**
 * The calls of a recording as columns of numbers, which grow at their end: what the page asks is answered from them in one pass, in
 * the server and in a report. Runs in node and in browsers.
 */
import { grown } from './grown.ts'
import { LaneLots } from './lane-lots.ts'
import { LineTexts } from './line-texts.ts'
import { type CallKind, callKinds, type Process } from './protocol.ts'
import { Texts } from './texts.ts'

/** Places in `errors`; those above are names of errors. */
export const Outcome = { returned: 0, unfinished: 1 } as const
export const noFd = -(2 ** 31)
/** The place in `paths` that stands for no path. */
export const noPath = 0

/** A name by which calls go. */
export interface NamedCalls {
  readonly name: string
  readonly kind: CallKind
  calls: number
}

/** Of each kind, its place in callKinds. */
export const kindPlaces = Object.fromEntries(callKinds.map((kind, place) => [kind, place])) as {
  readonly [kind in CallKind]: number
}

/** A thread: its calls follow each other, and never overlap. */
export class ThreadLane {
  comm: string
  /** Nanoseconds since the recording began. */
  begin: number
  end: number | null = null
  /** The call that it is in: its place in names, and when it began. */
  inCall: { readonly name: number; readonly begin: number } | null = null
  /** Its calls, in their order. */
  ids: Uint32Array = new Uint32Array(16)
  count = 0
  readonly lots: LaneLots = new LaneLots()
  /** Its place among the store's lanes. */
  readonly place: number
  readonly tid: number
  pid: number

  constructor(place: number, tid: number, pid: number, comm: string, begin: number) {
    this.place = place
    this.tid = tid
    this.pid = pid
    this.comm = comm
    this.begin = begin
  }

  add(id: number): void {
    if (this.count === this.ids.length) this.ids = grown(this.ids, this.count * 2)
    this.ids[this.count++] = id
  }
}

export interface NewCall {
  begin: number
  /** Nanoseconds; NaN when it did not return. */
  took: number
  result: number
  name: number
  error: number
  task: number
  fd: number
  path: number
  line: number
}

export class CallStore {
  count = 0
  /** Milliseconds since 1970 at time 0. */
  began = 0
  /** The last time that anything is known of, in ns. */
  span = 0
  complete = false

  begin: Float64Array = new Float64Array(0)
  took: Float64Array = new Float64Array(0)
  /** NaN when it did not return. */
  result: Float64Array = new Float64Array(0)
  name: Uint16Array = new Uint16Array(0)
  error: Uint16Array = new Uint16Array(0)
  task: Uint32Array = new Uint32Array(0)
  fd: Int32Array = new Int32Array(0)
  path: Uint32Array = new Uint32Array(0)
  line: Uint32Array = new Uint32Array(0)

  readonly names: NamedCalls[] = []
  readonly errors: Texts = new Texts(['returned', 'unfinished'])
  readonly paths: Texts = new Texts([''])
  readonly comms: Texts = new Texts()
  lines: LineTexts = new LineTexts()
  readonly lanes: ThreadLane[] = []
  /** A thread under one of its names: the places of lane and comm. */
  readonly taskLane: number[] = []
  readonly taskComm: number[] = []
  processes: readonly Process[] = []

  /** Adds a call; its id. */
  add(call: NewCall): number {
    const id = this.count
    if (id === this.begin.length) this.#grow(Math.max(4096, id * 2))
    this.begin[id] = call.begin
    this.took[id] = call.took
    this.result[id] = call.result
    this.name[id] = call.name
    this.error[id] = call.error
    this.task[id] = call.task
    this.fd[id] = call.fd
    this.path[id] = call.path
    this.line[id] = call.line
    this.count = id + 1
    const named = this.names[call.name]!
    named.calls++
    const lane = this.lanes[this.taskLane[call.task]!]!
    lane.lots.add(lane.count, kindPlaces[named.kind], call.took, call.error > Outcome.unfinished)
    lane.add(id)
    const last = Number.isNaN(call.took) ? call.begin : call.begin + call.took
    if (last > this.span) this.span = last
    return id
  }

  addTask(lane: number, comm: string): number {
    this.taskComm.push(this.comms.numberOf(comm))
    return this.taskLane.push(lane) - 1
  }

  laneOf(id: number): ThreadLane {
    return this.lanes[this.taskLane[this.task[id]!]!]!
  }

  /** When a call ended, in ns; one that did not, at the span's end. */
  endOf(id: number): number {
    const took = this.took[id]!
    return Number.isNaN(took) ? Math.max(this.span, this.begin[id]!) : this.begin[id]! + took
  }

  #grow(room: number): void {
    this.begin = grown(this.begin, room)
    this.took = grown(this.took, room)
    this.result = grown(this.result, room)
    this.name = grown(this.name, room)
    this.error = grown(this.error, room)
    this.task = grown(this.task, room)
    this.fd = grown(this.fd, room)
    this.path = grown(this.path, room)
    this.line = grown(this.line, room)
  }
}
