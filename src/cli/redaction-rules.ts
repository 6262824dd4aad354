/** The rules of --redact and --redact-file, and what a recording tells of itself under them. */
import { readFileSync } from 'node:fs'
import { Refusal } from '../filters/refusal.ts'
import type { RecordingMetadata } from '../record/recording-format.ts'
import type { Redaction } from '../redaction/rules.ts'
import { scanOptions } from './options/getopt.ts'
import { optionTable } from './options/option-table.ts'
import type { Options } from './options/options.ts'
import { errorText, pathBytes } from './resolve-program.ts'

/** Options that name what is not to be seen. */
const redacting = ['--redact', '--redact-file']

/** The rules that the options name, null for none; or what is wrong with them. */
export async function readRedaction(options: Options): Promise<Redaction | null | string> {
  const { redact, redactFiles } = options
  if (redact.length === 0 && redactFiles.length === 0) return null
  const { parseRules, rulesOf } = await import('../redaction/rules.ts')
  const rules = [...redact]
  for (const file of redactFiles)
    try {
      rules.push(...rulesOf(readFileSync(pathBytes(file), 'latin1')))
    } catch (error) {
      return `Can't open '${file}': ${errorText(error)}`
    }
  const parsed = parseRules(rules)
  return parsed instanceof Refusal ? parsed.message : parsed
}

/** What a recording tells of itself without what the rules name, nor the rules, which may name the secret. */
export function redactMetadata(metadata: RecordingMetadata, redaction: Redaction): RecordingMetadata {
  const { env, path, pattern, kinds } = redaction
  const hide = (word: string): string => {
    if (path?.(word) === true) return '*'.repeat(word.length)
    const chars = [...word]
    for (const [from, to] of pattern?.(word) ?? []) chars.fill('*', from, to)
    return chars.join('')
  }
  const options: string[] = []
  const scan = scanOptions(metadata.options, optionTable)
  for (let step = scan.next(); !step.done; step = scan.next()) {
    const { option, argument, spelled } = step.value
    const name = `--${option.long[0]}`
    if (redacting.includes(name)) continue
    const [variable = '', ...value] = (argument ?? '').split('=')
    const isHidden = name === '--env' && value.length > 0 && env?.(variable) === true
    const shown = isHidden ? `${variable}=${'*'.repeat(value.join('=').length)}` : hide(argument ?? '')
    if (argument === null) options.push(spelled)
    else if (spelled.startsWith('--')) options.push(`${spelled}=${shown}`)
    else options.push(spelled, shown)
  }
  return {
    ...metadata,
    options,
    program: metadata.program.map(hide),
    ...(metadata.cwd === undefined ? {} : { cwd: hide(metadata.cwd) }),
    redacted: [...new Set([...(metadata.redacted ?? []), ...kinds])],
    capture: { ...metadata.capture, stacks: false },
  }
}
