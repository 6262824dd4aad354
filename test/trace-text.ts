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

/** Numbers that differ from run to run, wherever they stand: those of all runs are replaced in each. */
export interface Varying {
  readonly pids: ReadonlySet<number>
  /** Where heaps of programs at a fixed address begin. */
  readonly heaps: readonly number[]
}

export function varyingNumbers(...texts: readonly string[]): Varying {
  const numbers = (pattern: RegExp): number[] => [
    ...new Set(texts.flatMap(text => [...text.matchAll(pattern)].map(match => Number(match[1])))),
  ]
  return {
    pids: new Set(numbers(/^(\d+) /gm)),
    heaps: numbers(/ brk(?:\(NULL| resumed>)\) += (0x[0-9a-f]+)$/gm).filter(heap => heap < 0x5000_0000_0000),
  }
}

/** Splits the text of `-f` by process, and joins calls that others interrupted. `replace` is for what else varies. */
export function splitTrace(
  text: string,
  varying: Varying,
  replace: (line: string) => string = line => line,
): TracedProcess[] {
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
  const keys = new Map<number, string>()
  const keyOf = (pid: number): string => {
    let key = keys.get(pid)
    if (key === undefined) {
      keys.set(pid, '…')
      const parent = parents.get(pid)
      const command = byPid.get(pid)?.find(line => /^(?:TIME )?execve\(/.test(line) && line.endsWith(' = 0'))
      const own =
        command !== undefined ? replace(clean(command, varying)) : parent?.thread === true ? 'thread' : 'fork'
      key = parent === undefined ? own : `${keyOf(parent.pid)} > ${own}`
      keys.set(pid, key)
    }
    return key
  }
  return [...byPid].map(([pid, lines]) => ({
    pid,
    key: keyOf(pid),
    lines: lines.map(line => replace(clean(line, varying))),
  }))
}

/** Where the kernel places programs, libraries, heaps and stacks, at random. */
const randomAddress = /\b0x[5-7][0-9a-f]{11}\b/g

/** How far above its start a heap of a program at a fixed address may reach. */
const heapBytes = 0x1000_0000

/** A line without process ids, addresses, times and the column that results stand in. */
function clean(line: string, { pids, heaps }: Varying): string {
  const number = (word: string): string => {
    const value = Number(word)
    if (pids.has(value)) return 'PID'
    return word.startsWith('0x') && heaps.some(heap => value >= heap && value < heap + heapBytes)
      ? 'ADDRESS'
      : word
  }
  return (
    line
      .replace(randomAddress, 'ADDRESS')
      .replace(/\b(?:0x[0-9a-f]+|\d+)\b/g, number)
      .replace(
        /^((?:TIME )?sysinfo\(\{)(.*)\}/,
        (_, start, fields) => `${start}${fields.replace(/\d+/g, 'N')}}`,
      )
      .replace(/\b(si_[us]time)=\d+(?: \/\* [\d.]+ s \*\/)?/g, '$1=CPU')
      .replace(/(ru_[us]time)=\{tv_sec=\d+, tv_usec=\d+\}/g, '$1=CPU')
      // What others do on this machine meanwhile: free space, entries of shared folders, their times.
      .replace(/\b(f_bfree|f_bavail|f_files|f_ffree)=\d+/g, '$1=N')
      .replace(/\b(stx?_nlink)=\d\d+/g, '$1=N')
      .replace(/\b(\d{10})(, tv_nsec=)\d+\}(?: \/\* [-\dT:.+]+ \*\/)?/g, recent)
      .replace(/\b(\d{10}) \/\* [-\dT:.+]+ \*\/(, \w+_nsec=)\d+/g, recent)
      .replace(/\b(\d{10})()\b/g, recent)
      .replace(/\bgetppid\(\) += \d+/, 'getppid() = PID')
      .replace(/\)? +=( [^=]*)$/, match => match.replace(/ +=/, ' ='))
  )
}

/** A time of the last days is that of a run, or of one before. */
const recent = (whole: string, seconds: string, between: string): string =>
  Math.abs(Date.now() / 1000 - Number(seconds)) < 3 * 86_400
    ? `NOW${between}${between === '' ? '' : 'N'}`
    : whole

/** What a line is about: the call, the signal, the end. */
export const subject = (line: string): string =>
  /^(?:TIME )?(\w+|--- \w+|\+\+\+ \w+)/.exec(line)?.[1] ?? line.slice(0, 20)
