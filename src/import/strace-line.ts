/** Lines of strace's text: what they are, as far as the line alone tells. Texts are latin1. */
import { splitList } from './strace-text.ts'

export interface StraceLine {
  /** Whose it is: null where nothing but one thread was traced. */
  readonly tid: number | null
  readonly clock: StraceClock | null
  readonly what:
    | StraceCall
    | { readonly kind: 'unfinished'; readonly call: string; readonly args: string }
    | { readonly kind: 'resumed'; readonly call: string; readonly rest: string }
    | { readonly kind: 'signal'; readonly signal: string; readonly info: string }
    | { readonly kind: 'stopped'; readonly signal: string }
    | { readonly kind: 'exited'; readonly code: number }
    | { readonly kind: 'killed'; readonly signal: string; readonly core: boolean }
    | { readonly kind: 'superseded'; readonly by: number }
    | { readonly kind: 'attached'; readonly tid: number }
}
export interface StraceCall {
  readonly kind: 'call'
  readonly call: string
  readonly args: readonly string[]
  /** All behind `= `, without the duration; `?` when it did not return. */
  readonly result: string
  /** Nanoseconds, null without -T. */
  readonly duration: number | null
}
/** A time of day, one since 1970, or what has passed since the line before. */
export interface StraceClock {
  readonly kind: 'day' | 'unix' | 'since'
  /** Apart, since a double does not hold both. */
  readonly seconds: number
  readonly nanoseconds: number
  /** -r beside a time of day: nanoseconds since the line before. */
  readonly since?: number
}

const attachedLine = /^(?:strace: )?Process (\d{1,9})(?:<[^>]*>)? (?:attached|detached)/
/** `[pid 123] `, or where it goes to a file `123 `; -Y names the process too. */
const owner = /^(?:\[pid +(\d{1,9})(?:<[^>]{0,64}>)?\] |(\d{1,9})(?:<[^>]{0,64}>)? +(?=[a-z_0-9(+<\-[?]))/
const day = /^(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))? /
const number = /^ *(\d{1,12})(?:\.(\d{1,9}))? /
/** -n: the call's number; -i: the instruction pointer. */
const brackets = /^\[ *(?:[0-9a-f]{1,16}|\?+)\] /
const name = /^([a-z_][a-z_0-9]{0,63})\(/

/** What a line says; null for any other line. */
export function parseStraceLine(line: string): StraceLine | null {
  const attached = attachedLine.exec(line)
  if (attached !== null)
    return { tid: null, clock: null, what: { kind: 'attached', tid: Number(attached[1]) } }
  let rest = line
  let tid: number | null = null
  const whose = owner.exec(rest)
  // A time may look like a thread's number: times have something behind the point, or colons.
  if (whose !== null) {
    tid = Number(whose[1] ?? whose[2])
    rest = rest.slice(whose[0].length)
  }
  let clock: StraceClock | null = null
  // -r beside -t: the time of day, then that since the line before in parentheses.
  for (let n = 0; n < 2; n++) {
    const read = readClock(rest)
    if (read === null) break
    clock ??= read.clock
    rest = rest.slice(read.length)
  }
  const passed = /^\(\+ *(\d{1,9})(?:\.(\d{1,9}))?\) /.exec(rest)
  if (passed !== null) {
    rest = rest.slice(passed[0].length)
    if (clock !== null) clock = { ...clock, since: Number(passed[1]) * 1e9 + nanosecondsOf(passed[2]) }
  }
  for (let n = 0; n < 2; n++) rest = rest.replace(brackets, '')
  const what = readWhat(rest)
  return what === null ? null : { tid, clock, what }
}

function readClock(text: string): { readonly clock: StraceClock; readonly length: number } | null {
  const ofDay = day.exec(text)
  if (ofDay !== null) {
    const [whole, h, m, s, part] = ofDay
    const seconds = (Number(h) * 60 + Number(m)) * 60 + Number(s)
    return { clock: { kind: 'day', seconds, nanoseconds: nanosecondsOf(part) }, length: whole.length }
  }
  const plain = number.exec(text)
  if (plain === null) return null
  const [whole, n, part] = plain
  const seconds = Number(n)
  // Less than three years after 1970: not the time, but how much has passed.
  const kind = seconds < 1e8 ? 'since' : 'unix'
  return { clock: { kind, seconds, nanoseconds: nanosecondsOf(part) }, length: whole.length }
}

/** Of the digits behind the point. */
const nanosecondsOf = (digits = ''): number => Number(digits.padEnd(9, '0'))

function readWhat(text: string): StraceLine['what'] | null {
  const call = name.exec(text)
  if (call !== null) return readCall(call[1]!, text, call[0].length)
  const resumed = /^<\.\.\. ([a-z_][a-z_0-9]{0,63}) resumed>(.*)$/s.exec(text)
  if (resumed !== null) return { kind: 'resumed', call: resumed[1]!, rest: resumed[2]! }
  const signal = /^--- (SIG[A-Z0-9_]{1,16}) (\{.*\}) ---$/s.exec(text)
  if (signal !== null) return { kind: 'signal', signal: signal[1]!, info: signal[2]! }
  const stopped = /^--- stopped by (SIG[A-Z0-9_]{1,16}) ---$/.exec(text)
  if (stopped !== null) return { kind: 'stopped', signal: stopped[1]! }
  const exited = /^\+\+\+ exited with (\d{1,5}) \+\+\+$/.exec(text)
  if (exited !== null) return { kind: 'exited', code: Number(exited[1]) }
  const killed = /^\+\+\+ killed by (SIG[A-Z0-9_]{1,16})( \(core dumped\))? \+\+\+$/.exec(text)
  if (killed !== null) return { kind: 'killed', signal: killed[1]!, core: killed[2] !== undefined }
  const superseded = /^\+\+\+ superseded by execve in pid (\d{1,9})(?:<[^>]*>)? \+\+\+$/.exec(text)
  if (superseded !== null) return { kind: 'superseded', by: Number(superseded[1]) }
  return null
}

const unfinishedMark = '<unfinished ...>'

/** A call whose arguments begin at `from`: the rest of a line that was broken off has none before it. */
export function readCall(
  call: string,
  text: string,
  from: number,
): StraceCall | { readonly kind: 'unfinished'; readonly call: string; readonly args: string } | null {
  if (text.endsWith(unfinishedMark)) {
    const args = text.slice(from, -unfinishedMark.length)
    // exit_group(0 <unfinished ...>) = ? and its like end otherwise.
    return { kind: 'unfinished', call, args }
  }
  const { parts, end } = splitList(text, from)
  const tail = /^\)\s*= (.*?)(?: <(?:(\d{1,9})(?:\.(\d{1,9}))?|unavailable)>)?\s*$/s.exec(
    text.slice(end, end + 4096),
  )
  if (tail === null) return null
  const args = parts.map(part =>
    part.endsWith(unfinishedMark) ? part.slice(0, -unfinishedMark.length).trim() : part,
  )
  return {
    kind: 'call',
    call,
    args,
    result: tail[1]!.trim(),
    duration: tail[2] === undefined ? null : Number(tail[2]) * 1e9 + nanosecondsOf(tail[3]),
  }
}
