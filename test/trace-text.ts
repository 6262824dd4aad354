/** The text of a trace as data: its processes, each with its own lines, freed from what differs between any two runs. */

export interface TracedProcess {
  readonly pid: number
  /** What it is, by its own and its parents' commands: the same in every run. */
  readonly key: string
  /** Whole calls, signals and ends, in order. */
  readonly lines: readonly string[]
}

const timestamp = /^(?:\d\d:\d\d:\d\d(?:\.\d+)?|\d+\.\d+) /
const unfinished = /(?: <unfinished \.\.\.>|<unfinished \.\.\.>)$/
const resumed = /^<\.\.\. [\w?]+ resumed>/

/** Splits the text of `-f` by process, and joins calls that others interrupted. */
export function splitTrace(text: string, replace: (line: string) => string = line => line): TracedProcess[] {
  const byPid = new Map<number, string[]>()
  const halves = new Map<number, string>()
  const parents = new Map<number, { pid: number; thread: boolean }>()
  for (const line of text.split('\n')) {
    const match = /^(\d+) +(.*)$/.exec(line)
    if (match === null) continue
    const pid = Number(match[1])
    let rest = match[2]!
    const time = timestamp.exec(rest)?.[0] ?? ''
    rest = rest.slice(time.length)
    let lines = byPid.get(pid)
    if (lines === undefined) byPid.set(pid, (lines = []))
    const half = halves.get(pid)
    if (half !== undefined && resumed.test(rest)) {
      halves.delete(pid)
      rest = half.replace(unfinished, '') + rest.replace(resumed, '')
    } else if (unfinished.test(rest)) {
      // The end of the process may be all that still comes.
      if (half !== undefined) lines.push(half)
      halves.set(pid, rest)
      continue
    } else if (half !== undefined) {
      lines.push(half)
      halves.delete(pid)
    }
    lines.push((time === '' ? '' : 'TIME ') + rest)
    const child = /^(?:TIME )?(clone3?|v?fork)\(.* = (\d+)(?: \(in .*\))?$/.exec(lines.at(-1)!)
    if (child !== null) parents.set(Number(child[2]), { pid, thread: rest.includes('CLONE_THREAD') })
  }
  for (const [pid, half] of halves) byPid.get(pid)!.push(half)
  const pids = new Set(byPid.keys())
  const keys = new Map<number, string>()
  const keyOf = (pid: number): string => {
    let key = keys.get(pid)
    if (key === undefined) {
      keys.set(pid, '…')
      const parent = parents.get(pid)
      const command = byPid.get(pid)?.find(line => /^(?:TIME )?execve\(/.test(line) && line.endsWith(' = 0'))
      const own =
        command !== undefined ? clean(command, pids, replace) : parent?.thread === true ? 'thread' : 'fork'
      key = parent === undefined ? own : `${keyOf(parent.pid)} > ${own}`
      keys.set(pid, key)
    }
    return key
  }
  return [...byPid].map(([pid, lines]) => ({
    pid,
    key: keyOf(pid),
    lines: lines.map(line => clean(line, pids, replace)),
  }))
}

/** Where the kernel places programs, libraries, heaps and stacks, at random. */
const randomAddress = /\b0x[5-7][0-9a-f]{11}\b/g

/** A line without process ids, addresses, times and the column that results stand in. */
function clean(line: string, pids: ReadonlySet<number>, replace: (line: string) => string): string {
  return replace(
    line
      .replace(randomAddress, 'ADDRESS')
      .replace(/\b(?:0x[0-9a-f]+|\d+)\b/g, number => (pids.has(Number(number)) ? 'PID' : number))
      .replace(/\b(si_[us]time)=\d+/g, '$1=CPU')
      .replace(/(ru_[us]time)=\{tv_sec=\d+, tv_usec=\d+\}/g, '$1=CPU')
      .replace(/\bgetppid\(\) += \d+/, 'getppid() = PID')
      .replace(/\)? +=( [^=]*)$/, match => match.replace(/ +=/, ' =')),
  )
}

/** What a line is about: the call, the signal, the end. */
export const subject = (line: string): string =>
  /^(?:TIME )?(\w+|--- \w+|\+\+\+ \w+)/.exec(line)?.[1] ?? line.slice(0, 20)
