/** From a command line to options, or to what is wrong with it. */
import { Refusal } from '../../filters/refusal.ts'
import { callTables } from '../../filters/syscall-filter.ts'
import { type Draft, newDraft } from './draft.ts'
import { scanOptions } from './getopt.ts'
import { optionTable } from './option-table.ts'
import type { Options } from './options.ts'
import { settle } from './settle.ts'

export type ParseResult =
  /** `warnings` are to be printed before anything else. */
  | { readonly ok: true; readonly options: Options; readonly warnings: readonly string[] }
  | {
      readonly ok: false
      readonly message: string
      /** Whether to point to the help as well. */
      readonly hint: boolean
      readonly code: number
      readonly warnings: readonly string[]
    }

export interface ParseContext {
  /** Whose calls the filters name. Default: this machine's. */
  readonly arch?: 'amd64' | 'arm64'
  /** The tracer's own process, which is no process to attach to. Default: none. */
  readonly ownPid?: number
  /** Looks up where the paths of -P lead, and tells of those that lead elsewhere. Default: they stay as they are. */
  readonly followPaths?: Draft['followPaths']
}

/**
 * Reads a command line, without argv[0]; each char of a word is one byte. Does nothing but read: no file is opened,
 * no user looked up, and paths are followed by the context only. With `help` or `version` in the result the rest of the options may contradict itself.
 */
export function parseOptions(words: readonly string[], context: ParseContext = {}): ParseResult {
  const arch = context.arch ?? (process.arch === 'arm64' ? 'arm64' : 'amd64')
  const draft = newDraft(callTables(arch), context.ownPid ?? null, context.followPaths)
  const { options, warnings } = draft
  const fail = ({ message, hint }: Refusal): ParseResult => ({ ok: false, message, hint, code: 1, warnings })

  const scan = scanOptions(words, optionTable)
  for (;;) {
    const step = scan.next()
    if (step.done) {
      if (step.value instanceof Refusal) return fail(step.value)
      options.program = words.slice(step.value)
      break
    }
    const { option, argument, spelled } = step.value
    const refusal = option.apply(draft, argument, spelled)
    if (refusal !== undefined) return fail(refusal)
    if (options.help) return { ok: true, options, warnings }
  }
  if (options.version > 0) return { ok: true, options, warnings }
  const refusal = settle(draft)
  return refusal === undefined ? { ok: true, options, warnings } : fail(refusal)
}

/** What goes to stderr before tracing begins, or in place of it, for a program that was called as `argv0`. */
export function renderMessages(argv0: string, result: ParseResult): string {
  const lines = result.warnings.map(warning => `${argv0}: ${warning}\n`)
  if (!result.ok) {
    lines.push(`${argv0}: ${result.message}\n`)
    if (result.hint) lines.push(`Try '${argv0} -h' for more information.\n`)
  }
  return lines.join('')
}
