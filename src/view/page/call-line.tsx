/** A line of strace, with what matters in it told apart: the name, the result, what went wrong, what was searched for. */
import type { JSX } from 'preact'
import { visible } from './shown-text.ts'

interface Parts {
  readonly name: string
  readonly args: string
  readonly result: string
  readonly error: string
}

/** Cuts a line at what strace's notation has: `name(args) = result ERROR (text)`. A line that is none of that stays whole. */
function splitLine(line: string): Parts {
  const open = line.indexOf('(')
  const name = /^\w+$/.test(line.slice(0, Math.max(open, 0))) ? line.slice(0, open) : ''
  const equals = line.lastIndexOf(' = ')
  if (equals < open || equals < 0) return { name, args: line.slice(name.length), result: '', error: '' }
  const result = line.slice(equals)
  const failed = /^ = (?:-1|\?) (?=E[A-Z]+)/.exec(result)
  const cut = failed === null ? result.length : failed[0].length
  return {
    name,
    args: line.slice(name.length, equals).trimEnd(),
    result: result.slice(0, cut).trimStart(),
    error: result.slice(cut),
  }
}

/** The parts of a line; where it must be short, an error's words and then arguments give way, and of a result what is beyond half. */
export function CallLine({ line, search = '' }: { line: string; search?: string }): JSX.Element {
  const { name, args, result, error } = splitLine(line)
  return (
    <>
      {name !== '' && <b class="call-name">{marked(name, search)}</b>}
      <span class="call-args">{marked(args, search)}</span>
      {result !== '' && <span class="call-result"> {marked(result, search)}</span>}
      {error !== '' && <span class="failed call-errno">{marked(error.split(' ')[0]!, search)}</span>}
      {error.includes(' ') && (
        <span class="failed call-error">{marked(error.slice(error.indexOf(' ')), search)}</span>
      )}
    </>
  )
}

/** The text, and where it holds what was searched for, that in a mark. */
export function marked(text: string, search: string): (string | JSX.Element)[] {
  const shown = visible(text)
  if (search === '') return [shown]
  const parts: (string | JSX.Element)[] = []
  const [lower, wanted] = [shown.toLowerCase(), search.toLowerCase()]
  let from = 0
  // Letters whose lower case is longer would put the marks elsewhere.
  if (lower.length !== shown.length) return [shown]
  for (let at = lower.indexOf(wanted); at >= 0 && parts.length < 40; at = lower.indexOf(wanted, from)) {
    parts.push(shown.slice(from, at), <mark key={at}>{shown.slice(at, at + wanted.length)}</mark>)
    from = at + wanted.length
  }
  parts.push(shown.slice(from))
  return parts
}
