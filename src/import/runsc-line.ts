/** Lines of gVisor's strace log: what they say, as far as the line alone tells. */

/** What a log in text tells: the day as MMDD, and microseconds since midnight. One in JSON: milliseconds since 1970. */
export type RunscClock =
  | { readonly day: string; readonly microseconds: number }
  | { readonly milliseconds: number }

export interface RunscLine {
  /** The time of the host's log; null without its header. */
  readonly clock: RunscClock | null
  readonly pid: number
  readonly tid: number
  readonly comm: string
  readonly letter: 'E' | 'X'
  readonly call: string
  /** All between the parentheses. */
  readonly args: string
  /** Of an X line. */
  readonly outcome: { readonly result: bigint; readonly errno: number; readonly nanoseconds: number } | null
}

const head =
  /^(?:[IDWE](\d{4}) (\d\d):(\d\d):(\d\d)\.(\d{6}) +\d+ [\w.]+:\d+\] )?\[ *(\d+)(?:\( *\d+\))?(?:: *(\d+)(?:\( *\d+\))?)?\] (.*)$/s
/** A thread's name may look like anything: the call is what the line must end with. */
const enter = /^(.{0,15}?) E ([a-z_0-9]+)\((.*)\)$/s
const exit =
  /^(.{0,15}?) X ([a-z_0-9]+)\((.*)\) = (-1|0x[0-9a-f]+|\d+(?: \(0x[0-9a-f]+\))?)(?: errno=(\d+) \(([^()]*)\))? \(([0-9.\u00c2\u00b5nmsh]+)\)$/s

/** What a line says; null for any other line of a log. Lines are latin1, and may be JSON (--debug-log-format=json, json-k8s). */
export function parseRunscLine(line: string): RunscLine | null {
  if (!line.startsWith('{')) return parseText(line)
  const { text, milliseconds } = unwrapped(line) ?? {}
  const parsed = text === undefined ? null : parseText(text)
  if (parsed === null || milliseconds === undefined) return parsed
  return { ...parsed, clock: { milliseconds } }
}

/** The message of a line in JSON, latin1 too, and its time. */
function unwrapped(line: string): { text: string; milliseconds: number | undefined } | null {
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(line, 'latin1').toString())
  } catch {
    return null
  }
  const { msg, log, time } = value as { msg?: unknown; log?: unknown; time?: unknown }
  const message = msg ?? log
  if (typeof message !== 'string') return null
  const text = Buffer.from(message.replace(/\n$/, '')).toString('latin1')
  return { text, milliseconds: typeof time === 'string' ? wallTime(time) : undefined }
}

/** Milliseconds since 1970 of `2026-11-29T02:19:24.190305138Z`; undefined when it is no such time. */
function wallTime(text: string): number | undefined {
  const [, seconds, fraction = '', zone] =
    /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/.exec(text) ?? []
  const whole = Date.parse(`${seconds}${zone}`)
  return Number.isNaN(whole) ? undefined : whole + Number(`0${fraction}`) * 1000
}

function parseText(line: string): RunscLine | null {
  const start = head.exec(line)
  if (start === null) return null
  const [, day, hour, minute, second, micro, first, tid, rest] = start
  const clock =
    day === undefined
      ? null
      : {
          day,
          microseconds: ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1e6 + Number(micro),
        }
  const thread = { clock, pid: Number(first), tid: Number(tid ?? first) }
  const returned = exit.exec(rest!)
  if (returned !== null) {
    const [, comm, call, args, value, errno, , elapsed] = returned
    const nanoseconds = goNanoseconds(elapsed!.replace('\u00c2\u00b5', '\u00b5'))
    if (nanoseconds === null) return null
    const result = BigInt(value!.split(' ')[0]!)
    const outcome = { result: BigInt.asUintN(64, result), errno: Number(errno ?? 0), nanoseconds }
    return { ...thread, comm: comm!, letter: 'X', call: call!, args: args!, outcome }
  }
  const entered = enter.exec(rest!)
  if (entered === null) return null
  const [, comm, call, args] = entered
  return { ...thread, comm: comm!, letter: 'E', call: call!, args: args!, outcome: null }
}

const units: { readonly [unit: string]: number } = { h: 3.6e12, m: 6e10, s: 1e9, ms: 1e6, µs: 1e3, ns: 1 }

/** Go's text of a duration (`1m0.5s`); null when it is none. */
export function goNanoseconds(text: string): number | null {
  if (!/^(?:\d+(?:\.\d+)?(?:h|ms|m|s|\u00b5s|ns))+$/.test(text)) return null
  let total = 0
  for (const [, number, unit] of text.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s|\u00b5s|ns)/g))
    total += Number(number) * units[unit!]!
  return Math.round(total)
}
