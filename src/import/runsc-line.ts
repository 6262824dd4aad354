/** Lines of gVisor's strace log: what they say, as far as the line alone tells. */

export interface RunscLine {
  /** Microseconds since midnight and the day as MMDD, of the host's log; null without its header. */
  readonly clock: { readonly day: string; readonly microseconds: number } | null
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

/** What a line says; null for any other line of a log. */
export function parseRunscLine(line: string): RunscLine | null {
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
