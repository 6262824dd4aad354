/** What the subcommands of glass have in common: reading their words, and telling what is wrong. */
import { parseArgs } from 'node:util'
import { MissingDuckDB } from '../../analysis/missing-duckdb.ts'
import { RecordingError } from '../../record/recording-format.ts'
import { descriptorSink } from '../../sinks/byte-sink.ts'
import { errorText } from '../resolve-program.ts'

/** What ends a subcommand, for people. */
export class CommandEnd extends Error {}

type WordOptions = {
  readonly [name: string]: { type: 'string' | 'boolean'; short?: string; multiple?: boolean }
}
type Words<O extends WordOptions> = ReturnType<
  typeof parseArgs<{ args: string[]; allowPositionals: true; options: O }>
>

/** Words in UTF-8 (they come as latin1, byte for byte). Throws CommandEnd where they are none of these options. */
export function parseWords<O extends WordOptions>(words: readonly string[], options: O): Words<O> {
  try {
    const args = words.map(word => Buffer.from(word, 'latin1').toString('utf8'))
    return parseArgs({ args, allowPositionals: true, options })
  } catch (error) {
    throw new CommandEnd((error as Error).message)
  }
}

/** Does a subcommand's work; what ends it before its time is told on stderr, and in the exit status. */
export async function guarded(name: string, work: () => Promise<void>, status = 1): Promise<void> {
  try {
    await work()
  } catch (error) {
    const known = [CommandEnd, RecordingError, MissingDuckDB].some(kind => error instanceof kind)
    const { code, path } = error as NodeJS.ErrnoException
    if (code === 'EPIPE' || (!known && typeof code !== 'string')) throw error
    const text = known
      ? (error as Error).message
      : `${path === undefined ? '' : `${path}: `}${errorText(error)}`
    descriptorSink(2).write(Buffer.from(`${name}: ${text}\n`))
    process.exitCode = status
  }
}
