/** Lines in gVisor's notation with all replaced that differs between two runs: pointers, pids, times, inodes. Texts are latin1. */

interface Line {
  readonly tid: string
  readonly comm: string
  readonly kind: 'E' | 'X'
  readonly name: string
  readonly args: string
  readonly result: string
}

const duration = String.raw`(?:(?:\d+h)?(?:\d+m)?\d+(?:\.\d+)?s|\d+(?:\.\d+)?(?:ms|\u00c2\u00b5s)|\d+ns)`
const linePattern = /^\[ *\d+: *(\d+)\] (.*?) ([EX]) (\w+)\((.*)$/s
const exitPattern = new RegExp(
  String.raw`^(.*)\) = (\d+ \(0x[0-9a-f]+\)|-1 errno=\d+ \(.*?\)) \(${duration}\)$`,
  's',
)
const marker = /^0x4d, 0x(53|45)([0-9a-f]{6})$/
const givesPid = /^(v?fork|clone3?|wait4|get(pp|p|t)id|getpgrp|getpgid|set_tid_address|setsid|getsid)$/
/** Which arguments of calls are pids. */
const pidArguments: { readonly [call: string]: readonly number[] } = {
  kill: [0],
  tkill: [0],
  tgkill: [0, 1],
  rt_sigqueueinfo: [0],
  rt_tgsigqueueinfo: [0, 1],
  wait4: [0],
  waitid: [1],
  process_vm_readv: [0],
  process_vm_writev: [0],
}
const goTime = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{0,8}[1-9])? [+-]\d{4} [A-Z]+`

/** The lines between the markers of each stream, normalised; a line that is not in the notation's form is kept, marked by `!`. */
export function normalise(trace: string): Map<number, string[]> {
  const lines = trace.split('\n').flatMap(text => parse(text) ?? [])
  const pids = new Set(lines.map(line => line.tid))
  for (const { kind, name, result } of lines)
    if (kind === 'X' && givesPid.test(name) && /^\d/.test(result)) pids.add(result.split(' ')[0]!)
  pids.delete('0')
  const streams = new Map<number, string[]>()
  const open = new Map<string, { readonly lines: string[]; readonly pointers: Map<string, number> }>()
  for (const line of lines) {
    const mark = line.name === 'getpriority' ? marker.exec(line.args) : null
    if (mark !== null) {
      if (mark[1] === '53' && line.kind === 'X') {
        const stream: string[] = []
        streams.set(Number.parseInt(mark[2]!, 16), stream)
        open.set(line.tid, { lines: stream, pointers: new Map() })
      } else if (mark[1] === '45' && line.kind === 'E') open.delete(line.tid)
      continue
    }
    const stream = open.get(line.tid)
    stream?.lines.push(normaliseLine(line, stream.pointers, pids))
  }
  return streams
}

function parse(text: string): Line | undefined {
  const match = linePattern.exec(text)
  if (match === null) return undefined
  const [, tid = '', comm = '', kind = '', name = '', rest = ''] = match
  if (kind === 'E') return { tid, comm, kind, name, args: rest.replace(/\)$/, ''), result: '' }
  const exit = exitPattern.exec(rest)
  const [args, result] = exit === null ? [rest, '!malformed'] : [exit[1]!, exit[2]!]
  return { tid, comm, kind: 'X', name, args, result }
}

function normaliseLine(line: Line, pointers: Map<string, number>, pids: ReadonlySet<string>): string {
  const { kind, name, comm } = line
  const failed = line.result.startsWith('-1 ')
  const address = (hex: string): string => {
    if (!pointers.has(hex)) pointers.set(hex, pointers.size)
    return `#p${pointers.get(hex)}`
  }
  const isAddress = (hex: string): boolean => Number(hex) >= 0x1_0000_0000 && Number(hex) <= 0x7fff_ffff_ffff
  let text = line.args.replaceAll('_:{_:{}} ', '')
  // On enter gVisor printed a vector to read into as a pointer in 2022, and decodes it today.
  if (kind === 'E' || failed) text = withoutReadVector(name, text)
  text = text.replace(/\bpid: \d+/g, 'pid: #')
  for (const index of pidArguments[name] ?? []) {
    const parts = text.split(', ')
    const hex = parts[index]
    if (hex !== undefined && /^0x[0-9a-f]+$/.test(hex) && pids.has(String(Number(hex)))) parts[index] = '#pid'
    text = parts.join(', ')
  }
  text = text
    .replace(
      /\{dev=\d+, ino=\d+, mode=([^,]*), (.*?)size=(\d+), blksize=\d+, blocks=\d+, /g,
      (_, mode: string, middle: string, size: string) =>
        `{dev=#, ino=#, mode=${mode}, ${middle}size=${mode.includes('S_IFDIR') ? '#' : size}, blksize=#, blocks=#, `,
    )
    .replace(new RegExp(`(atime|mtime|ctime)=${goTime}`, 'g'), '$1=#time')
    .replace(/\b(pipe|socket|host):\[\d+\]/g, '$1:[#]')
  if ((name === 'clock_gettime' && kind === 'X') || name === 'gettimeofday')
    text = text.replace(/\{sec=-?\d+ (u|n)sec=\d+\}/g, '{sec=# $1sec=#}')
  if (/^(getitimer|timer_gettime|timerfd_gettime)$/.test(name))
    text = text.replace(/value=(\S+) \{sec=\d+ (u|n)sec=\d+\}/g, 'value=$1 {sec=# $2sec=#}')
  text = text
    .replace(/\{UTime:\{.*?NIvCSw:-?\d+\}/g, usage => usage.replace(/:-?\d+/g, ':#'))
    .replace(
      /\{Sysname: .*?, Nodename: .*?, Release: .*?, Version: .*?, Machine: (.*?), Domainname: .*?\}/g,
      '{Sysname: #, Nodename: #, Release: #, Version: #, Machine: $1, Domainname: #}',
    )
  if (
    (name === 'capget' && kind === 'X') ||
    (name === 'capset' && text.includes('CAP_SYS_ADMIN') && !text.includes('Permitted: 0x0'))
  )
    text = text.replace(
      /Permitted: [A-Z_|0-9a-fx]*, Inheritable: [A-Z_|0-9a-fx]*, Effective: [A-Z_|0-9a-fx]*/g,
      'Permitted: #, Inheritable: #, Effective: #',
    )
  const unmapped = name === 'munmap' && kind === 'X' && !failed ? text.split(', ')[0]! : undefined
  // What stands in quotes is data, not addresses.
  text = text
    .split(/("(?:[^"\\]|\\.)*")/)
    .map((part, i) =>
      i % 2 === 1 ? part : part.replace(/0x[0-9a-f]+/g, hex => (isAddress(hex) ? address(hex) : hex)),
    )
    .join('')
  let shown = `${comm} ${kind} ${name}(${text})`
  if (kind === 'X') shown += ` = ${normaliseResult(name, line.result, pids, isAddress, address)} (T)`
  if (unmapped !== undefined) pointers.delete(unmapped)
  return shown
}

function normaliseResult(
  name: string,
  result: string,
  pids: ReadonlySet<string>,
  isAddress: (hex: string) => boolean,
  address: (hex: string) => string,
): string {
  const success = /^(\d+) \((0x[0-9a-f]+)\)$/.exec(result)
  if (success === null) return result
  const [, decimal = '', hex = ''] = success
  if (BigInt(decimal) !== BigInt(hex)) return `!decimal and hexadecimal differ: ${result}`
  if (givesPid.test(name) && decimal !== '0' && pids.has(decimal)) return '#pid'
  if (name === 'times' || name === 'time') return '#any'
  return isAddress(hex) ? address(hex) : result
}

/** Arguments that follow the vector, by call. */
const afterVector: { readonly [call: string]: number } = { readv: 1, preadv: 2, preadv2: 3 }

function withoutReadVector(name: string, text: string): string {
  const count = afterVector[name]
  if (count !== undefined) {
    const pattern = `^(0x[0-9a-f]+ (?:\\(bad FD\\)|[^,]*), )(0x[0-9a-f]+)(?: .*?)?((?:, 0x[0-9a-f]+){${count}})$`
    return text.replace(new RegExp(pattern, 's'), '$1$2$3')
  }
  if (name !== 'process_vm_readv') return text
  return text.replace(
    /^(0x[0-9a-f]+, |#pid, )(0x[0-9a-f]+)(?: \{base=.*?\}| \(error[^)]*\))?(, 0x[0-9a-f]+, 0x[0-9a-f]+ .*)$/s,
    '$1$2$3',
  )
}
