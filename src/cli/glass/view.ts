/** `glass view`: a recording, or a program while it runs, as a page. */
import { accessSync, constants, renameSync, rmSync, statSync } from 'node:fs'
import { constants as os } from 'node:os'
import { basename } from 'node:path'
import { cacheFile, unfinished } from '../../analysis/cache-files.ts'
import { RecordingError } from '../../record/recording-format.ts'
import { descriptorSink, privateFileSink } from '../../sinks/byte-sink.ts'
import { RecordingFeed } from '../../view/recording-feed.ts'
import { recordingQuestions } from '../../view/recording-questions.ts'
import type { ViewServer } from '../../view/view-server.ts'
import { reportData, writeReport } from '../../view/write-report.ts'
import { isSameFile, resolveProgram } from '../resolve-program.ts'
import type { StartContext } from '../start-context.ts'
import {
  type Ending,
  endings,
  endServer,
  pageHtml,
  portOf,
  reportCalls,
  type ServingWish,
  saveReport,
  servePage,
} from './serve-page.ts'
import { isRecording, latin1, readable, redacted, temporary } from './viewable-recording.ts'
import { exitOf, hasTerminal, passOn, startRecorder } from './watched-program.ts'
import { CommandEnd, guarded, parseWords } from './words.ts'

const stdout = descriptorSink(1)
const stderr = descriptorSink(2)

interface Wish extends ServingWish {
  /** The report to write; undefined: to serve the page. */
  readonly report: string | undefined
  /** Calls of a report. */
  readonly most: number
  readonly output: string | undefined
  /** Keep what was read of a recording for the next time. */
  readonly cache: boolean
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

const options = {
  port: { type: 'string' },
  open: { type: 'boolean' },
  output: { type: 'string', short: 'o' },
  export: { type: 'string' },
  most: { type: 'string' },
  'no-cache': { type: 'boolean' },
  redact: { type: 'string', multiple: true },
  'redact-file': { type: 'string', multiple: true },
} as const
const takesValue = /^(--port|--output|--export|--most|--redact|--redact-file|-o)$/

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
  const port = portOf(values.port)
  const most = Number(values.most ?? reportCalls)
  if (!Number.isSafeInteger(most) || most < 1) throw new CommandEnd(`'${values.most}' is no number of calls`)
  if (values.most !== undefined && values.export === undefined)
    throw new CommandEnd('--most is for --export: the page itself has all calls')
  const redact = [
    ...(values.redact ?? []).map(rule => `--redact=${rule}`),
    ...(values['redact-file'] ?? []).map(path => `--redact-file=${path}`),
  ]
  return {
    wish: {
      port,
      open: values.open === true,
      output: values.output,
      report: values.export,
      most,
      redact,
      cache: values['no-cache'] !== true,
    },
    subject: isProgram ? { program } : { file: positionals[0]! },
  }
}

/** Whether a word names a file to look at; what could be executed is a program. */
function isFile(word: string): boolean {
  const path = Buffer.from(word, 'latin1')
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat === undefined) return word.includes('/') || /\.rec$/.test(word)
  // A folder beside us may be called as a program is.
  if (stat.isDirectory()) return word.includes('/')
  try {
    accessSync(path, constants.X_OK)
    return (stat.mode & 0o111) === 0 || isRecording(path)
  } catch {
    return true
  }
}

async function viewFile(file: string, wish: Wish, context: StartContext): Promise<void> {
  let server: ViewServer | undefined
  for (const name of endings) process.on(name, () => void endServer(server, name))
  if (wish.report !== undefined && isSameFile(latin1(file), latin1(wish.report)))
    throw new CommandEnd(`'${file}' is what is to be shown`)
  const path =
    wish.redact.length === 0 ? (await readable(file)).path : await redacted(file, wish.redact, context)
  // What is wrong with rules has been said.
  if (path === null) return
  const feed = new RecordingFeed(path)
  if (wish.report !== undefined) return exportReport(feed, basename(file), wish.report, wish)
  const kept = wish.cache && path.equals(Buffer.from(file)) ? keptFile(path) : null
  const reading = readOrRecall(feed, kept)
  // What is no recording is told before there is a link.
  await Promise.race([reading, feed.begun])
  server = await serve(feed, basename(file), wish, line => stdout.write(line))
  await reading
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
  const server =
    wish.report === undefined ? await serve(feed, title, wish, line => stderr.write(line)) : undefined
  const recorder = startRecorder(program, file, wish.redact, context)
  const status = exitOf(recorder)
  let over = false
  let asked: Ending | null = null
  let stopPassing = (): void => {}
  for (const name of endings)
    process.on(name, () => {
      if (over) return void endServer(server, name)
      // A terminal's ^C has reached the program, whose affair it is while it runs; later it is ours.
      if (name === 'SIGINT' && hasTerminal()) return
      if (asked === null) stopPassing = passOn((asked = name), feed, recorder)
      else {
        // Whoever asks twice does not want to wait.
        recorder.kill('SIGKILL')
        process.exit(128 + os.signals[name])
      }
    })
  recorder.on('close', () => {
    over = true
    feed.live = false
    stopPassing()
    // Nobody is going to look at the rest.
    if (asked !== null && server !== undefined) feed.close()
  })
  try {
    if (wish.report !== undefined) {
      process.exitCode = await status
      return await exportReport(feed, title, wish.report, wish)
    }
    await feed.read(() => over)
    process.exitCode = await status
    if (asked !== null) await endServer(server, asked)
  } catch (error) {
    await server?.close('The program could not be recorded.')
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
  const data = reportData(feed, title, notes.length === 0 ? null : notes.join(' '))
  await saveReport(report, writeReport(pageHtml('view'), data), `${count} calls`, notes)
}

/** Where what was read of a recording is kept; null where it is not. Another build may read otherwise. */
const keptFile = (path: Buffer): string | null => cacheFile(path, 'calls', `${statSync(__filename).mtimeMs}`)

/** Reads a recording, or takes what was kept of it; keeps it for the next time. */
async function readOrRecall(feed: RecordingFeed, kept: string | null): Promise<void> {
  if (kept !== null && (await feed.recall(kept))) return
  await feed.read()
  if (kept === null) return
  const making = unfinished(kept)
  try {
    if (await feed.keep(making)) renameSync(making, kept)
  } catch {
    // Without room for it, it is read anew the next time.
    rmSync(making, { force: true })
  }
}

const serve = (
  feed: RecordingFeed,
  title: string,
  wish: Wish,
  print: (line: Buffer) => void,
): Promise<ViewServer> => {
  const page = { questions: recordingQuestions(feed, title), progress: feed, html: pageHtml('view') }
  return servePage(page, wish, print)
}
