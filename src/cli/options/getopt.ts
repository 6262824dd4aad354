/** Scanning a command line as getopt_long(3) does, whatever the options are. */
import { Refusal } from '../../filters/refusal.ts'

/** What the scanner must know of an option. */
export interface OptionNames {
  /** One char; '' for none. It takes an argument only where the long names require one. */
  readonly short: string
  readonly long: readonly string[]
  readonly argument: 'none' | 'optional' | 'required'
  /** Whether the long names must be written out: so they cannot make an abbreviation ambiguous. */
  readonly exact?: boolean
}

/** One option as it was found. */
export interface Found<Option extends OptionNames> {
  readonly option: Option
  readonly argument: string | null
  /** `-a` or `--columns`: written out, even where it was abbreviated. */
  readonly spelled: string
}

/**
 * Scans as getopt_long does when it stops at the first word that is no option: short options may stand together and
 * have their argument behind them or in the next word, long ones may be abbreviated. Yields options as they come, so
 * that what an earlier option has to say is said before a later one is found wrong; ends with the index of the first
 * word that is not scanned, or with the refusal of what cannot be read.
 */
export function* scanOptions<Option extends OptionNames>(
  words: readonly string[],
  options: readonly Option[],
): Generator<Found<Option>, number | Refusal> {
  let index = 0
  while (index < words.length) {
    const word = words[index]!
    if (!word.startsWith('-') || word === '-') return index
    index++
    if (word === '--') return index
    if (word.startsWith('--')) {
      const found = findLong(word, options)
      if (found instanceof Refusal) return found
      let { argument } = found
      if (found.option.argument === 'required' && argument === null) {
        if (index === words.length) return new Refusal(`option '${found.spelled}' requires an argument`, true)
        argument = words[index++]!
      }
      yield { ...found, argument }
      continue
    }
    for (let at = 1; at < word.length; at++) {
      const char = word[at]!
      const option = options.find(({ short }) => short === char)
      if (option === undefined) return new Refusal(`invalid option -- '${char}'`, true)
      let argument: string | null = null
      if (option.argument === 'required') {
        argument = word.slice(at + 1)
        if (argument === '') {
          if (index === words.length) return new Refusal(`option requires an argument -- '${char}'`, true)
          argument = words[index++]!
        }
        at = word.length
      }
      yield { option, argument, spelled: '-' + char }
    }
  }
  return index
}

function findLong<Option extends OptionNames>(
  word: string,
  options: readonly Option[],
): Found<Option> | Refusal {
  const equals = word.indexOf('=')
  const given = equals === -1 ? word.slice(2) : word.slice(2, equals)
  const names = options.flatMap(option => option.long.map(name => ({ option, name })))
  let chosen = names.find(({ name }) => name === given)
  if (chosen === undefined) {
    const candidates = names.filter(({ option, name }) => option.exact !== true && name.startsWith(given))
    chosen = candidates[0]
    if (chosen === undefined) return new Refusal(`unrecognized option '${word}'`, true)
    const { option } = chosen
    const others = candidates.filter(candidate => candidate.option !== option)
    if (others.length > 0) {
      const possible = [chosen, ...others].map(({ name }) => ` '--${name}'`).join('')
      return new Refusal(`option '${word}' is ambiguous; possibilities:${possible}`, true)
    }
  }
  const spelled = '--' + chosen.name
  if (equals === -1) return { option: chosen.option, argument: null, spelled }
  if (chosen.option.argument === 'none')
    return new Refusal(`option '${spelled}' doesn't allow an argument`, true)
  return { option: chosen.option, argument: word.slice(equals + 1), spelled }
}
