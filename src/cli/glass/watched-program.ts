/** A program that is recorded while its page is looked at. */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs'
import { constants as os } from 'node:os'
import { join } from 'node:path'
import type { RecordingFeed } from '../../view/recording-feed.ts'
import type { StartContext } from '../start-context.ts'
import type { Ending } from './serve-page.ts'

/** Records as `glass record -f` does, in a process of its own. */
export function startRecorder(
  program: readonly string[],
  file: string,
  redact: readonly string[],
  context: StartContext,
): ChildProcess {
  const utf8 = (text: string): string => Buffer.from(text, 'latin1').toString('utf8')
  const environment = Object.fromEntries(
    context.environment.map(utf8).map(pair => {
      const at = pair.indexOf('=', 1)
      return [pair.slice(0, at), pair.slice(at + 1)]
    }),
  )
  const words = ['record', '-f', '-o', file, ...redact, '--', ...program.map(utf8)]
  return spawn(join(__dirname, '..', 'glass'), words, { stdio: 'inherit', env: environment })
}

export const exitOf = (child: ChildProcess): Promise<number> =>
  new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => resolve(code ?? 128 + os.signals[signal!]))
  })

/** Milliseconds between two looks at which processes live: a recording tells of new ones twice a second. */
const lookAgain = 250

/**
 * Has what is recorded end by a signal: its processes get it, as they would from whoever ends the group they are in, and those that
 * come later too. The recorder itself holds such signals back, and ends with its last process. The function that is returned
 * ends this.
 */
export function passOn(signal: Ending, feed: RecordingFeed, recorder: ChildProcess): () => void {
  const told = new Set<number>()
  const look = (): void => {
    const { collector } = feed
    collector.update()
    for (const { pid, end } of collector.store.processes)
      if (end === null && !told.has(pid) && isTracedBy(pid, recorder)) {
        told.add(pid)
        try {
          process.kill(pid, signal)
        } catch {
          // It has just ended.
        }
      }
  }
  look()
  const timer = setInterval(look, lookAgain)
  return () => clearInterval(timer)
}

/** Numbers are used again: only what the recorder traces is meant. */
function isTracedBy(pid: number, { pid: recorder }: ChildProcess): boolean {
  try {
    const tracer = /^TracerPid:\t(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]
    return tracer !== undefined && existsSync(`/proc/${recorder}/task/${tracer}`)
  } catch {
    return false
  }
}

/** Whether there is a terminal whose ^C reaches the program without us. */
export function hasTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'))
    return true
  } catch {
    return false
  }
}
