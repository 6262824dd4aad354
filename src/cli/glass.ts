/** `glass`: what is ours and not strace's, as subcommands. */
import { descriptorSink } from '../sinks/byte-sink.ts'
import { endBySigpipe } from './end-process.ts'
import { helpOf, isSubcommand, overview } from './glass/help.ts'
import { readStartContext, type StartContext } from './start-context.ts'

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1')

async function main(): Promise<void> {
  const whole = readStartContext()
  const [command, ...words] = whole.words
  const context: StartContext = { ...whole, words }
  const stdout = descriptorSink(1)
  if (command === undefined || command === '--help' || command === '-h' || command === 'help') {
    const about = words[0]
    const text =
      about !== undefined && isSubcommand(about) ? helpOf(about, whole.argv0) : overview(whole.argv0)
    if (command === undefined) return fail(text)
    return stdout.write(latin1(text))
  }
  if (!isSubcommand(command))
    return fail(
      `${whole.argv0}: no subcommand '${command}'\nTry '${whole.argv0} --help' for more information.\n`,
    )
  if (asksForHelp(words)) return stdout.write(latin1(helpOf(command, whole.argv0)))
  // Each loads what it needs: a replay starts without what a capture takes.
  switch (command) {
    case 'record':
      return (await import('./glass/record.ts')).record(context)
    case 'replay':
      return (await import('./glass/replay.ts')).replay(context)
    case 'import':
      return (await import('./glass/import.ts')).importLog(context)
    case 'ctl':
      return (await import('./glass/ctl.ts')).ctl(context)
    case 'events':
      return (await import('./glass/events.ts')).events(context)
    case 'diff':
      return (await import('./glass/diff.ts')).diff(context)
    case 'export':
      return (await import('./glass/export.ts')).exportRecording(context)
    case 'view':
      return (await import('./glass/view.ts')).view(context)
    case 'query':
      return (await import('./glass/query.ts')).query(context)
    case 'explain':
      return (await import('./glass/explain.ts')).explain(context)
    case 'info':
      return (await import('./glass/info.ts')).info(context)
    case 'schema':
      return (await import('./glass/schema.ts')).schema()
    default:
      return (await import('./glass/query.ts')).ask(context, command)
  }
}

/** Whether `--help` or `-h` comes first: further on it may be the program's. */
const asksForHelp = (words: readonly string[]): boolean => words[0] === '--help' || words[0] === '-h'

function fail(text: string): void {
  descriptorSink(2).write(latin1(text))
  process.exitCode = 1
}

main().catch(error => {
  if ((error as NodeJS.ErrnoException).code === 'EPIPE') return endBySigpipe()
  fail(`glass: internal error: ${(error as Error).stack ?? error}\n`)
})
