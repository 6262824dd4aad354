/** Runs a capture to its end: records to the chosen notation, signals to the capture. */
import { constants } from 'node:os'
import type { Capture, CaptureEnd } from '../capture/backend.ts'
import { pump } from '../capture/pump.ts'
import { LinePrinter } from '../dialects/strace/line-printer.ts'
import { Summary } from '../dialects/strace/summary.ts'
import { Header, RecordKind, Thread, ThreadOrigin } from '../record/layout.ts'
import type { ByteSink } from '../sinks/byte-sink.ts'
import { lineOptions } from './line-wishes.ts'
import type { Options } from './options/options.ts'
import type { Output } from './output.ts'
import type { StartContext } from './start-context.ts'

/** What takes records and makes output of them. */
export interface Notation {
  record(bytes: Uint8Array, view: DataView, offset: number): void
  flush(): void
  end(): void
}

export interface TraceEnd {
  readonly end: CaptureEnd
  /** The signal that made us stop, or null. */
  readonly signal: number | null
}

const fatalSignals = ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM'] as const

/** Shows everything that the capture yields; resolves when it has ended and all is written. */
export async function showTrace(
  capture: Capture,
  options: Options,
  output: Output,
  context: StartContext,
  stderr: ByteSink,
): Promise<TraceEnd> {
  let signal: number | null = null
  const stop = (signo: number): void => {
    if (signal !== null) return
    signal = signo
    capture.stop({ signal: signo })
  }
  for (const name of fatalSignals) {
    // With -I 3 and 4 (an output file and a program) the program alone decides when it ends.
    process.on(name, options.interruptible >= 3 ? () => {} : () => stop(constants.signals[name]))
  }
  const notation = makeNotation(options, output, context, stderr)
  let broken = false
  const guard = (write: () => void): void => {
    if (broken) return
    try {
      write()
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === undefined) throw error
      // Nobody reads any more, or the disk is full: say so, and let the tracees run on without us.
      broken = true
      if ((error as NodeJS.ErrnoException).code === 'EPIPE') stop(constants.signals.SIGPIPE)
      else {
        stderr.write(Buffer.from(`${context.argv0}: write: ${(error as Error).message}\n`))
        capture.stop('detach')
      }
    }
  }
  await pump(capture, {
    record: (bytes, view, offset) => guard(() => notation.record(bytes, view, offset)),
    idle: () => guard(() => notation.flush()),
  })
  const end = await capture.done
  guard(() => {
    notation.end()
    notation.flush()
  })
  for (const name of fatalSignals) process.removeAllListeners(name)
  return { end, signal }
}

function makeNotation(options: Options, output: Output, context: StartContext, stderr: ByteSink): Notation {
  const lines = new LinePrinter(lineOptions(options), output.lines)
  const summary = options.summary === 'none' ? undefined : new Summary(options)
  const say = (text: string): void => {
    const bytes = Buffer.from(`${context.argv0}: ${text}\n`, 'latin1')
    // On a shared stderr a message lands where the line has got to, as strace's does.
    if (output.sink === stderr && 'text' in output.lines) output.lines.text.putBytes(bytes)
    else stderr.write(bytes)
  }
  return {
    record(bytes, view, offset) {
      const kind = bytes[offset + Header.kind]
      if (
        kind === RecordKind.thread &&
        !options.quiet.has('attach') &&
        view.getUint32(offset + Thread.origin, true) !== ThreadOrigin.started
      )
        say(`Process ${view.getUint32(offset + Header.tid, true)} attached`)
      else if (kind === RecordKind.detached && !options.quiet.has('attach'))
        say(`Process ${view.getUint32(offset + Header.tid, true)} detached`)
      summary?.record(bytes, view, offset)
      if (options.summary !== 'only') lines.record(bytes, view, offset)
    },
    flush: () => output.lines.flush(),
    end() {
      lines.end()
      if (summary !== undefined) summary.print(output.lines.buffer(0))
    },
  }
}
