/** `glass view`: a recording, or a program while it runs, as a page. */
import { type ChildProcess, spawn } from 'node:child_process'
import { accessSync, constants, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { constants as os, tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { RecordingError } from '../record/recording-format.ts'
import { openRecording } from '../record/recording-reader.ts'
import { RecordingWriter } from '../record/recording-writer.ts'
import { descriptorSink, privateFileSink } from '../sinks/byte-sink.ts'
import { RecordingFeed } from '../view/recording-feed.ts'
import { startViewServer, type ViewServer } from '../view/view-server.ts'
import { writeReport } from '../view/write-report.ts'
import { isSameFile, replay } from './glass-replay.ts'
import { CommandEnd, guarded, parseWords } from './glass-words.ts'
import { openAnyRecording } from './open-any-recording.ts'
import { errorText, resolveProgram } from './resolve-program.ts'
import type { StartContext } from './start-context.ts'

/** As words of a command line come. */
const latin1 = (text: string): string => Buffer.from(text).toString('latin1')
const stdout = descriptorSink(1)
const stderr = descriptorSink(2)

interface Wish {
  /** The report to write; undefined: to serve the page. */
  readonly report: string | undefined
  /** Calls of a report. */
  readonly most: number
  readonly port: number
  readonly open: boolean
  readonly output: string | undefined
  /** As a replay and a recorder have it. */
  readonly redact: readonly string[]
}

/** What is looked at: a file, or a program and its arguments. */
type Subject = { readonly file: string } | { readonly program: readonly string[] }

/** Does what the words say; ends with ^C. */
export const view = (context: StartContext): Promise<void> =>
  guarded(`${context.argv0} view`, async () => {
    const { wish, subject } = readWords(context.words)
    if ('file' in subject) await viewFile(subject.file, wish, context)
    else await viewProgram(subject.program, wish, context)
  })

const endings = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** A file of ours alone, which goes when we do. */
function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'glass-view-'))
  // A recorder that has just been started may still make its file.
  process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  return join(folder, 'recording')
}

const options = {
  port: { type: 'string' },
  open: { type: 'boolean' },
  output: { type: 'string', short: 'o' },
  export: { type: 'string' },
  most: { type: 'string' },
  redact: { type: 'string', multiple: true },
  'redact-file': { type: 'string', multiple: true },
} as const
const takesValue = /^(--port|--output|--export|--most|--redact|--redact-file|-o)$/
/** Calls of a report, where nothing else is said: some 100 MB in a browser. */
const reportCalls = 200_000

function readWords(words: readonly string[]): { wish: Wish; subject: Subject } {
  let first = 0
  while (words[first]?.startsWith('-') && words[first] !== '--')
    first += takesValue.test(words[first]!) ? 2 : 1
  const rest = words.slice(first)
  const isProgram = rest[0] === '--' || !(rest[0] !== undefined && isFile(rest[0]))
  const { values, positionals } = parseWords(isProgram ? words.slice(0, first) : words, options)
  const program = rest[0] === '--' ? rest.slice(1) : rest
  if (isProgram ? program.length === 0 : positionals.length === 0)
    throw new CommandEnd('which recording, or which program? --help tells more')
  if (!isProgram && positionals.length > 1)
    throw new CommandEnd(`one recording at a time: '${positionals[1]}'; a program stands behind --`)
  if (!isProgram && values.output !== undefined) throw new CommandEnd('-o is for the recording of a program')
  const port = Number(values.port ?? 0)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new CommandEnd(`'${values.port}' is no port: 1 to 65535`)
  const most = Number(values.most ?? reportCalls)
  if (!Number.isSafeInteger(most) || most < 1) throw new CommandEnd(`'${values.most}' is no number of calls`)
  if (values.most !== undefined && values.export === undefined)
    throw new CommandEnd('--most is for --export: the page itself has all calls')
  const redact = [
    ...(values.redact ?? []).map(rule => `--redact=${rule}`),
    ...(values['redact-file'] ?? []).map(path => `--redact-file=${path}`),
  ]
  return {
    wish: { port, open: values.open === true, output: values.output, report: values.export, most, redact },
    subject: isProgram ? { program } : { file: positionals[0]! },
  }
}

/** Whether a word names a file to look at; what could be executed is a program. */
function isFile(word: string): boolean {
  const path = Buffer.from(word, 'latin1')
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat === undefined) return word.includes('/') || /\.rec$/.test(word)
  if (stat.isDirectory()) return false
  try {
    accessSync(path, constants.X_OK)
    return (stat.mode & 0o111) === 0 || isRecording(path)
  } catch {
    return true
  }
}

function isRecording(path: Buffer): boolean {
  try {
    openRecording(path).close()
    return true
  } catch {
    return false
  }
}

async function viewFile(file: string, wish: Wish, context: StartContext): Promise<void> {
  for (const name of endings) process.on(name, () => process.exit(128 + os.signals[name]))
  if (wish.report !== undefined && isSameFile(latin1(file), latin1(wish.report)))
    throw new CommandEnd(`'${file}' is what is to be shown`)
  const path = wish.redact.length === 0 ? await readable(file) : await redacted(file, wish.redact, context)
  // What is wrong with rules has been said.
  if (path === null) return
  const feed = new RecordingFeed(path)
  if (wish.report !== undefined) return exportReport(feed, basename(file), wish.report, wish)
  const reading = feed.read()
  // What is no recording is told before there is a link.
  await Promise.race([reading, feed.begun])
  const server = await serve(feed, basename(file), wish)
  stdout.write(Buffer.from(`${server.link}\n`))
  openLink(server, wish)
  await reading
}

/** A file whose blocks can be read in any order: the recording itself, or what a log or a pipe holds made into one. */
async function readable(file: string): Promise<Buffer> {
  const path = Buffer.from(file)
  const reader = await openAnyRecording(path)
  const isOwn = statSync(path).isFile() && isRecording(path)
  if (isOwn) {
    reader.close()
    return path
  }
  const copy = Buffer.from(temporary())
  const sink = privateFileSink(copy, false)
  const writer = new RecordingWriter(bytes => sink.write(bytes), reader.metadata)
  try {
    for (const { bytes, view, offset } of reader.records()) writer.record(bytes, view, offset)
  } catch (error) {
    if (!(error instanceof RecordingError)) throw error
    stderr.write(Buffer.from(`${error.message}; what comes before that is shown\n`))
  }
  writer.end()
  void sink.close()
  return copy
}

/** Another recording, without what the rules name; null where that could not be made. */
async function redacted(
  file: string,
  rules: readonly string[],
  context: StartContext,
): Promise<Buffer | null> {
  const copy = temporary()
  const words = [file, '--format=recording', '-o', copy, ...rules]
  await replay({ ...context, words: words.map(latin1) })
  return process.exitCode === undefined ? Buffer.from(copy) : null
}

async function viewProgram(program: readonly string[], wish: Wish, context: StartContext): Promise<void> {
  // Nothing is made, and no link printed, for a program that cannot be.
  const resolved = resolveProgram(program[0]!, context.environment)
  if ('message' in resolved) throw new CommandEnd(resolved.message)
  const file = wish.output ?? temporary()
  // The feed waits for what the recorder writes.
  void privateFileSink(Buffer.from(file), false).close()
  const feed = new RecordingFeed(Buffer.from(file))
  feed.live = true
  const title = basename(Buffer.from(program[0]!, 'latin1').toString('utf8'))
  const server = wish.report === undefined ? await serve(feed, title, wish) : undefined
  if (server !== undefined) {
    stderr.write(Buffer.from(`${server.link}\n`))
    openLink(server, wish)
  }
  const recorder = startRecorder(program, file, wish.redact, context)
  const status = exitOf(recorder)
  let over = false
  for (const name of endings)
    process.on(name, () => {
      // ^C is the program's while it runs; later it is ours.
      if (!over && name === 'SIGINT') return
      if (!over) recorder.kill(name)
      process.exit(128 + os.signals[name])
    })
  recorder.on('close', () => {
    over = true
    feed.live = false
  })
  try {
    if (wish.report !== undefined) {
      process.exitCode = await status
      return await exportReport(feed, title, wish.report, wish)
    }
    await feed.read(() => over)
    process.exitCode = await status
  } catch (error) {
    server?.close()
    // The recorder has said why there is nothing to be seen.
    if (!(error instanceof RecordingError) || (await status) === 0) throw error
    process.exitCode = await status
    return
  }
  const kept = wish.output === undefined ? '' : ` The recording is ${wish.output}.`
  stderr.write(
    Buffer.from(`${context.argv0} view: the program has ended.${kept} The page is there until ^C.\n`),
  )
}

async function exportReport(
  feed: RecordingFeed,
  title: string,
  report: string,
  { most }: Wish,
): Promise<void> {
  await feed.read(() => true, most)
  const { error, calls } = feed.progress()
  const count = calls.toLocaleString('en')
  const notes = [
    ...(feed.cut ? [`These are the first ${count} calls; the recording has more.`] : []),
    ...(error === undefined ? [] : [error]),
  ]
  const html = writeReport(pageHtml(), feed, title, notes.length === 0 ? null : notes.join(' '))
  // It holds what a program read and wrote.
  const sink = privateFileSink(Buffer.from(report), false)
  sink.write(Buffer.from(html))
  await sink.close()
  const size = (html.length / 1e6).toFixed(1)
  stderr.write(Buffer.from(`${report}: ${count} calls, ${size} MB\n`))
  for (const note of notes) stderr.write(Buffer.from(`${report}: ${note}\n`))
}

/** Records as `glass record -f` does, in a process of its own. */
function startRecorder(
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

const exitOf = (child: ChildProcess): Promise<number> =>
  new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => resolve(code ?? 128 + os.signals[signal!]))
  })

async function serve(feed: RecordingFeed, title: string, { port }: Wish): Promise<ViewServer> {
  try {
    const onFault = (error: unknown): void =>
      stderr.write(Buffer.from(`glass: internal error: ${(error as Error).stack ?? error}\n`))
    return await startViewServer({ feed, title, html: pageHtml(), port, onFault })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE')
      throw new CommandEnd(`port ${port} is taken: choose another one, or leave --port out`)
    throw new CommandEnd(`port ${port}: ${errorText(error)}`)
  }
}

/** The page, which the build has made one file of. */
const pageHtml = (): string => readFileSync(join(__dirname, 'view.html'), 'utf8')

function openLink({ link }: ViewServer, { open }: Wish): void {
  if (!open) return
  const browser = spawn('xdg-open', [link], { stdio: 'ignore', detached: true })
  browser.on('error', error =>
    stderr.write(Buffer.from(`xdg-open: ${errorText(error)}; open the link yourself\n`)),
  )
  browser.unref()
}
