/** Records to the values of the API: calls, and what else a trace tells of. */
import { calledNumber } from '../abi/argument-blocks.ts'
import type { Frame } from '../record/frame.ts'
import { archNames, ExitFlag, Header, RecordKind, Signal, Status, Thread } from '../record/layout.ts'
import { errnoOf, signalOf } from '../types/decode-numbers.ts'
import { signalInfo, signalInfoBytes } from '../types/signal-info.ts'
import type { AnyCall, StartEvent, ThreadEvent, TraceEvent } from './call.ts'
import { CallDecoders } from './call-decoders.ts'
import { type ReadThread, type RecordListener, RecordReader } from './record-reader.ts'

export interface EventReaderOptions {
  /** Bytes of strings and buffers to keep, where they are not paths. */
  readonly limit: number
  /** Calls that are told of; undefined: all. */
  readonly chooses?: ((name: string, known: boolean, bits: 32 | 64) => boolean) | undefined
  /** Tell of signals, stops, starts and ends of threads as well. */
  readonly events: boolean
}

/** Takes records in their order, and gives `take` what they amount to. */
export class EventReader {
  readonly #records: RecordReader

  constructor(options: EventReaderOptions, take: (event: AnyCall | TraceEvent) => void) {
    const decoders = new CallDecoders(options.limit)
    const listener: RecordListener = {
      call: thread => {
        const { frame } = thread
        const decoder = decoders.get(frame.arch, frame.sysno)
        const bits = frame.arch === 'i386' ? 32 : 64
        if (options.chooses?.(decoder.name, decoder.known, bits) === false) return
        const args = decoder.args(frame)
        const { cut } = decoder.progress
        take({
          kind: 'call',
          name: decoder.name,
          args,
          returns: decoder.returns(frame),
          result: frame.result < 0 ? null : frame.view.getBigInt64(frame.result, true),
          errno: frame.failed ? errnoOf(frame.errno) : null,
          outcome: outcomeOf(frame),
          pid: thread.pid,
          tid: thread.tid,
          comm: thread.comm,
          time: this.#records.startTime + frame.enterTime / 1e6,
          duration: frame.elapsed === null ? null : frame.elapsed / 1e6,
          arch: frame.arch,
          sysno: calledNumber(frame.sysno),
          truncated: cut,
          tampered: (frame.exitFlags & (ExitFlag.injected | ExitFlag.poked)) !== 0,
          // What the decoder makes is what the declaration's type says; the compiler cannot see it through a name.
        } as unknown as AnyCall)
      },
      other: (kind, thread, _bytes, view, offset) => {
        if (!options.events) return
        const event = otherEvent(kind, thread, view, offset, this.#records.startTime)
        if (event !== undefined) take(event)
      },
    }
    this.#records = new RecordReader(listener)
  }

  record(bytes: Uint8Array, view: DataView, offset: number): void {
    this.#records.record(bytes, view, offset)
  }

  /** The stream is over. */
  end(): void {
    this.#records.end()
  }
}

const outcomeOf = (frame: Frame): AnyCall['outcome'] =>
  frame.result < 0 ? 'unfinished' : frame.failed ? 'failed' : 'returned'

const origins: readonly StartEvent['origin'][] = ['started', 'attached', 'fork', 'vfork', 'clone']

/** What a record that is no call tells of; `startTime` is the stream's start in ms. */
export function otherEvent(
  kind: RecordKind,
  { pid, tid, comm }: ReadThread,
  view: DataView,
  offset: number,
  startTime: number,
): TraceEvent | undefined {
  const time = startTime + view.getFloat64(offset + Header.time, true) / 1e6
  const about: ThreadEvent = { pid, tid, comm, time }
  const value = view.getUint32(offset + Status.value, true)
  switch (kind) {
    case RecordKind.signal: {
      const whole = view.getUint32(offset + Signal.length, true) >= signalInfoBytes
      const info = whole
        ? signalInfo(view, offset + Signal.siginfo, archNames[view.getUint8(offset + Header.arch)] ?? 'amd64')
        : null
      return { kind: 'signal', signal: signalOf(view.getUint32(offset + Signal.signo, true)), info, ...about }
    }
    case RecordKind.stopped:
      return { kind: 'stop', signal: signalOf(value), ...about }
    case RecordKind.exited:
      return { kind: 'exit', code: value, signal: null, coreDumped: false, ...about }
    case RecordKind.killed: {
      const coreDumped = view.getUint32(offset + Status.core, true) !== 0
      return { kind: 'exit', code: null, signal: signalOf(value), coreDumped, ...about }
    }
    case RecordKind.thread: {
      const parent = view.getUint32(offset + Thread.parent, true)
      const origin = origins[view.getUint32(offset + Thread.origin, true)] ?? 'attached'
      return { kind: 'start', origin, parent: parent === 0 ? null : parent, ...about }
    }
    case RecordKind.detached:
      return { kind: 'detach', ...about }
    case RecordKind.lost:
      return { kind: 'lost', count: value, ...about }
    default:
      return undefined
  }
}
