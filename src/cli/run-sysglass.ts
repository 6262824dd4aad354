/** `sysglass`: strace's command line. Reads it, starts the capture, and ends as the program ended. */
import { writeFileSync } from 'node:fs'
import { constants as os } from 'node:os'
import { basename, join } from 'node:path'
import {
  type Capture,
  type CaptureError,
  type CaptureNote,
  type CaptureOptions,
  isCaptureError,
} from '../capture/backend.ts'
import { startInline } from '../capture/ptrace/inline-capture.ts'
import { descriptorSink } from '../sinks/byte-sink.ts'
import { captureOptions, withNotationPlans } from './capture-wishes.ts'
import { needsPtrace } from './choose-backend.ts'
import type { EarlyWorker } from './early-worker.ts'
import { dieBy, exitBeforeTracing, exitWith } from './end-process.ts'
import { execMessage, reason } from './error-messages.ts'
import { heardSignals, holdSignals } from './fatal-signals.ts'
import { findCgroup } from './find-cgroup.ts'
import { followedPaths } from './followed-paths.ts'
import { renderHelp } from './options/help.ts'
import type { Options } from './options/options.ts'
import { parseOptions, renderMessages } from './options/parse-options.ts'
import { versionText } from './options/version.ts'
import { makeOutput, putMessage } from './output.ts'
import { readRedaction } from './redaction-rules.ts'
import { changeEnvironment, resolveProgram } from './resolve-program.ts'
import type { StartContext } from './start-context.ts'
import { findUser } from './users.ts'

const stdout = descriptorSink(1)
const stderr = descriptorSink(2)
const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1')

/** Does what the command line says, and ends the process. */
export async function runSysglass(context: StartContext, early?: EarlyWorker): Promise<never> {
  try {
    return await run(context, early)
  } catch (error) {
    stderr.write(latin1(`sysglass: internal error: ${(error as Error).stack ?? error}\n`))
    return exitBeforeTracing(1, true)
  }
}

async function run(context: StartContext, early: EarlyWorker | undefined): Promise<never> {
  const { argv0 } = context
  let hasThread = early !== undefined
  const leave = (code: number): Promise<never> => exitBeforeTracing(code, hasThread)
  const parsed = parseOptions(context.words, { ownPid: process.pid, followPaths: followedPaths })
  // Of a command that runs twice, the first run has said it.
  const isSecond = context.waiting !== undefined
  if (!isSecond) stderr.write(latin1(renderMessages(argv0, parsed)))
  if (!parsed.ok) return leave(parsed.code)
  const { options } = parsed
  if (options.help) {
    stdout.write(latin1(renderHelp(argv0)))
    return leave(0)
  }
  if (options.version > 0) {
    stdout.write(latin1(versionText))
    return leave(0)
  }
  const fail = (message: string): Promise<never> => {
    stderr.write(latin1(`${argv0}: ${message}\n`))
    return leave(1)
  }

  nameProcess(argv0)
  const wanted = toCapture(options, context)
  if (typeof wanted === 'string') return fail(wanted)
  const capture = await withNotationPlans(wanted, options)
  if (options.daemonize > 0 && !isSecond) {
    const { becomeProgram } = await import('../capture/ptrace/become-program.ts')
    return fail(captureMessage(becomeProgram(capture, apartOf(options.daemonize))))
  }
  const needs = options.backend === 'ebpf' ? needsPtrace(options) : []
  if (needs.length > 0) return fail(`--backend=ebpf cannot do ${needs.join(', ')}`)
  const redaction = await readRedaction(options)
  if (typeof redaction === 'string') return fail(redaction)
  if (redaction !== null && options.stackTraces)
    return fail('-k and --redact exclude each other: stacks hold whatever the program has there')
  const output = makeOutput(options, stderr)
  if (typeof output === 'string') return fail(output)
  const onNote = (note: CaptureNote): void => {
    const text = noteText(note, options)
    if (text !== undefined) putMessage(output, stderr, latin1(`${argv0}: ${text}\n`))
  }
  const tell = (text: string): void => {
    if (options.debug) stderr.write(latin1(`${argv0}: ${text}\n`))
  }
  const heard = heardSignals(options, capture, context.inherited)
  const held = holdSignals(heard)
  const byPtrace = async (): Promise<Capture | CaptureError> => {
    if (runsInline(options)) return startInline(capture, output.inStep, onNote)
    const [{ startPtrace }, { startWorker }] = await Promise.all([
      import('../capture/ptrace/start-ptrace.ts'),
      import('../capture/ptrace/start-worker.ts'),
    ])
    hasThread = true
    const worker =
      early?.backend === 'ptrace' ? early.worker : startWorker(join(__dirname, 'ptrace-worker.cjs'))
    return startPtrace(capture, { worker, onNote })
  }
  const byEbpf = async (): Promise<Capture | CaptureError> => {
    const { startEbpf } = await import('../capture/ebpf/start-ebpf.ts')
    hasThread = true
    const worker = early?.backend === 'ebpf' ? early.worker : join(__dirname, 'ebpf-worker.cjs')
    return startEbpf(capture, { worker, onNote })
  }
  const starting = startCapture(options, byPtrace, byEbpf, tell)
  // While the capture starts: what shows it.
  const { showTrace } = await import('./show-trace.ts')
  const running = await starting
  if (isCaptureError(running)) {
    await output.close()
    output.discard()
    for (const problem of running.before ?? []) stderr.write(latin1(`${argv0}: ${captureMessage(problem)}\n`))
    return fail(captureMessage(running))
  }
  for (const problem of running.problems) stderr.write(latin1(`${argv0}: ${captureMessage(problem)}\n`))
  const showing = showTrace(running, options, output, context, stderr, capture, heard, redaction)
  held()
  const { signal, end, told } = await showing
  await output.close()
  if (options.tips !== null) {
    const { renderTip } = await import('./tip-text.ts')
    stderr.write(latin1(renderTip(options.tips)))
  }
  if (end.error !== undefined) {
    if (told) return exitWith(1)
    if (end.error.error === 'exec' || end.error.error === 'launch' || end.error.error === 'spawn')
      return fail(captureMessage(end.error))
    if (options.debug && end.error.error === 'unsupported')
      stderr.write(latin1(`${argv0}: PTRACE_GET_SYSCALL_INFO does not work\n`))
    stderr.write(latin1(`${argv0}: ${captureMessage(end.error)}\n`))
    return exitWith(1)
  }
  if (signal !== null) return dieBy(signal)
  const { status } = end
  if (status === null) return exitWith(0)
  return (status & 0x7f) === 0 ? exitWith((status >> 8) & 0xff) : dieBy(status & 0x7f)
}

/** Has ps, top and -Y of another trace show what we were called as, and not `node`. */
function nameProcess(argv0: string): void {
  try {
    writeFileSync('/proc/self/comm', basename(argv0))
  } catch {
    // A name is no more than that.
  }
}

/** Starts the capture that the options ask for, or that they leave where they leave it to us; says which to `tell`. */
async function startCapture(
  options: Options,
  byPtrace: () => Promise<Capture | CaptureError>,
  byEbpf: () => Promise<Capture | CaptureError>,
  tell: (text: string) => void,
): Promise<Capture | CaptureError> {
  const { backend } = options
  const needs = backend === 'auto' ? needsPtrace(options) : []
  if (backend === 'ptrace' || needs.length > 0) {
    if (backend === 'auto') tell(`backend ptrace, for ${needs.join(', ')}`)
    return byPtrace()
  }
  const started = await byEbpf()
  const refused = isCaptureError(started) && started.error === 'unsupported'
  if (backend === 'auto' && refused) {
    tell(`backend ptrace, for ${captureMessage(started)}`)
    return byPtrace()
  }
  if (!refused) tell('backend ebpf')
  return started
}

/**
 * strace's text is made so quickly that a thread of its own for the capture does not pay. Waiting for tracees is waiting for
 * any child of this process, of which there may be no other.
 */
const runsInline = ({ format, eventSocket, output }: Options): boolean =>
  format === 'strace' && eventSocket === null && !/^[|!]/.test(output ?? '')

/** How far apart from the program -D, -DD and -DDD put the tracer. */
const apartOf = (mode: Options['daemonize']): 'group' | 'session' | null =>
  mode === 3 ? 'session' : mode === 2 ? 'group' : null

/** What to capture, or what is wrong with what was asked. */
function toCapture(options: Options, context: StartContext): CaptureOptions | string {
  if (options.cgroup !== null) {
    const cgroup = findCgroup(options.cgroup)
    if (typeof cgroup !== 'string') return cgroup.message
    options.cgroup = cgroup
  }
  const wishes = captureOptions(options)
  if (options.program.length === 0) return wishes
  const user = options.user === null ? undefined : findUser(options.user)
  if (options.user !== null) {
    if (process.getuid?.() !== 0) return 'You must be root to use the -u/--username option'
    if (user === undefined) return `Cannot find user '${options.user}'`
  }
  const envp = changeEnvironment(context.environment, options.environment)
  const resolved = resolveProgram(options.program[0]!, context.environment)
  if ('message' in resolved) return resolved.message
  const argv = options.argv0 === null ? options.program : [options.argv0, ...options.program.slice(1)]
  return {
    ...wishes,
    program: {
      file: resolved.file,
      argv,
      envp,
      ...(context.waiting === undefined ? {} : { waiting: context.waiting }),
    },
    ...(user === undefined ? {} : { user }),
    ...(context.inherited === undefined ? {} : { inherited: context.inherited }),
  }
}

/** What is said of a note, if anything. */
function noteText(told: CaptureNote, { debug, quiet }: Options): string | undefined {
  const { pid } = told
  switch (told.note) {
    case 'ptrace-options':
      return debug ? `ptrace_setoptions = 0x${told.options.toString(16)}` : undefined
    case 'short-read':
      return `umovestr: ${told.message}${reason(os.errno.EFAULT)}`
    case 'not-tampered':
      return `poke_tcb: ${told.message}`
    case 'syscall-info':
      return debug ? 'PTRACE_GET_SYSCALL_INFO works' : undefined
    case 'unknown-ended':
      return quiet.has('exit') ? undefined : `Exit of unknown pid ${pid} ignored`
    case 'unknown-detached':
      return quiet.has('attach') ? undefined : `Detached unknown pid ${pid}`
  }
}

function captureMessage({ error, errno, pid, message }: CaptureError): string {
  if (error === 'exec') return execMessage(errno)
  if (error === 'attach') return `attach: ptrace(PTRACE_SEIZE, ${pid})${reason(errno)}`
  return `${message}${reason(errno)}`
}
