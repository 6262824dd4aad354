import { Refusal } from '../../filters/refusal.ts'
import { decodeFdsByCount } from './decode-choices.ts'
import type { Draft } from './draft.ts'
import type { Options } from './options.ts'
import { quietByCount } from './quiet.ts'
import { timestampsByCount } from './timestamps.ts'

/**
 * What can be said only when all options are known: what excludes what, what has no effect, what follows from what.
 * In strace's order, as only the first that is wrong is told, after the warnings that come before it.
 */
export function settle(draft: Draft): Refusal | undefined {
  for (const step of steps) {
    const refusal = step(draft)
    if (refusal !== undefined) return refusal
  }
  return undefined
}

type Step = (draft: Draft) => Refusal | undefined

const clash = (short: string, long: string) =>
  new Refusal(`${short} and ${long} cannot be provided simultaneously`)

const counting = '(-c/--summary-only or -C/--summary)'

function needsProgram({ options }: Draft): Refusal | undefined {
  if (options.program.length > 0 || options.attach.length > 0 || watches(options)) return undefined
  return new Refusal('must have PROG [ARGS] or -p PID', true)
}

/** Whether those are traced who are found, not named. */
const watches = (options: Options): boolean => options.system || options.cgroup !== null

function settleWatching({ options, long, count }: Draft): Refusal | undefined {
  if (!watches(options)) return undefined
  if (options.system && options.cgroup !== null) return clash('--system', '--cgroup')
  if (options.system && options.lossless === true)
    return new Refusal('--lossless=yes cannot be done with --system: it would hold the whole system', true)
  options.backend = 'ebpf'
  options.follow = true
  // Who is there already is no news.
  if (!long.quiet && count.q === 0) options.quiet = new Set([...options.quiet, 'attach'])
  return undefined
}

function settleDaemon({ options, count, long }: Draft): Refusal | undefined {
  if (count.D > 0 && long.daemonize) return clash('-D', '--daemonize')
  if (count.D > 0) options.daemonize = Math.min(count.D, 3) as Options['daemonize']
  if (options.daemonize > 0 && options.program.length === 0) {
    return new Refusal('PROG [ARGS] must be specified with -D/--daemonize', true)
  }
  if (count.D <= 3) return undefined
  return new Refusal(`Too many -D's (${count.D}), maximum supported -D count is 3`, true)
}

function settleTimestamps({ options, count, long }: Draft): Refusal | undefined {
  if (count.t > 0 && long.timestamps) return clash('-t', '--absolute-timestamps')
  if (count.t > 0) options.timestamps = timestampsByCount(count.t)
  return undefined
}

function settleEscapes({ options, count, long }: Draft): Refusal | undefined {
  if (count.x > 0 && long.stringsInHex) return clash('-x', '--strings-in-hex')
  if (count.x > 0) options.escape = count.x === 1 ? 'non-ascii' : 'all'
  return undefined
}

function settleDecodeFds({ options, count, long }: Draft): Refusal | undefined {
  if (count.y > 0 && long.decodeFds) return clash('-y', '--decode-fds')
  if (count.y > 0) options.decodeFds = decodeFdsByCount(count.y)
  options.decodeNoFds = long.decodeFds && options.decodeFds.size === 0
  return undefined
}

function settleFollow(draft: Draft): Refusal | undefined {
  const { options, warnings, count, long } = draft
  if (options.seccompBpf && options.breakOnExecve) {
    warnings.push('--seccomp-bpf is not enabled because it is not compatible with -b')
    options.seccompBpf = false
  }
  if (options.seccompBpf && options.program.length === 0) {
    warnings.push('--seccomp-bpf is not enabled for processes attached with -p')
  }
  if (count.f > 0 && long.followForks) return clash('-f', '--follow-forks')
  if (count.f > 1 && long.outputSeparately) return clash('-ff', '--output-separately')
  options.follow = count.f > 0 || long.followForks
  // A single -f takes back --output-separately, odd as that is: scripts may rely on the one file.
  options.followSeparately = count.f > 0 ? count.f > 1 : long.outputSeparately
  if (options.seccompBpf && !options.follow) {
    warnings.push('--seccomp-bpf cannot be used without -f/--follow-forks, disabling')
    options.seccompBpf = false
  }
  if (count.F > 0) {
    const deprecated = 'option -F is deprecated, please use -f/--follow-forks instead'
    warnings.push(options.follow ? 'deprecated option -F ignored' : deprecated)
    options.follow = true
  }
  return undefined
}

function settleSummary({ options, warnings, long, count, ...draft }: Draft): Refusal | undefined {
  const counts = options.summary !== 'none'
  // --follow-forks --output-separately is -ff.
  if (counts && options.followSeparately) {
    return new Refusal(`${counting} and -ff/--output-separately are mutually exclusive`, true)
  }
  if (options.summaryWallClock && !counts) {
    return new Refusal(`-w/--summary-wall-clock must be given with ${counting}`, true)
  }
  if (draft.summaryColumnsGiven && !counts) {
    return new Refusal(`-U/--summary-columns must be given with ${counting}`, true)
  }
  if (draft.summarySortGiven && !counts) {
    warnings.push(`-S/--summary-sort-by has no effect without ${counting}`)
  }
  if (options.summary !== 'only') return undefined
  const idle: readonly [given: boolean, name: string][] = [
    [options.instructionPointer, '-i/--instruction-pointer'],
    [options.stackTraces, '-k/--stack-traces'],
    [options.syscallNumbers, '-n/--syscall-number'],
    [options.relativeTimestamps !== null, '-r/--relative-timestamps'],
    [options.timestamps.format !== 'none', '-t/--absolute-timestamps'],
    [options.callTimes !== null, '-T/--syscall-times'],
    [options.decodeFds.size > 0, '-y/--decode-fds'],
  ]
  for (const [given, name] of idle) if (given) warnings.push(`${name} has no effect with -c/--summary-only`)
  return undefined
}

function settleOutput({ options, warnings, count }: Draft): Refusal | undefined {
  if (options.output === null) {
    if (options.followSeparately && !options.follow) {
      warnings.push('--output-separately has no effect without -o/--output')
    }
    if (options.appendOutput) warnings.push('-A/--output-append-mode has no effect without -o/--output')
  }
  if (count.zZ > 1) {
    const only = 'Only the last of -z/--successful-only/-Z/--failed-only options will take effect.'
    warnings.push(`${only} See status qualifier for more complex filters.`)
  }
  if (options.seccompBpf && options.traceFilter.kind === 'all') {
    const nothing = 'Seccomp filter is requested but there are no syscalls to filter.'
    warnings.push(`${nothing}  See -e trace to filter syscalls.`)
    options.seccompBpf = false
  }
  if (options.last !== null && options.format !== 'recording')
    return new Refusal('--last is for recordings: --format=recording', true)
  if (options.last !== null && (options.appendOutput || /^[|!]/.test(options.output ?? '')))
    return new Refusal('--last needs a file of its own', true)
  if (options.output !== null && /^[|!]/.test(options.output) && options.followSeparately) {
    return new Refusal('piping the output and -ff/--output-separately are mutually exclusive', true)
  }
  return undefined
}

/** Only --quiet keeps it from being told, however many -q there are. */
function settlePaths({ options, warnings, followPaths }: Draft): undefined {
  options.pathFilter = followPaths(options.pathFilter, message => {
    if (!options.quiet.has('path-resolution')) warnings.push(message)
  })
}

function settleQuiet(draft: Draft): Refusal | undefined {
  const { options, count, long } = draft
  if (count.q > 0 && long.quiet) return clash('-q', '-e quiet/--quiet')
  const toFile = options.output !== null && options.program.length > 0
  // Somebody who has the output written elsewhere wants the terminal for the program.
  if (count.q > 0 || (toFile && !long.quiet)) options.quiet = quietByCount(Math.max(count.q, 1))
  if (!draft.interruptibleGiven) options.interruptible = options.daemonize > 0 ? 4 : toFile ? 3 : 2
  return undefined
}

const steps: readonly Step[] = [
  needsProgram,
  settleDaemon,
  settleTimestamps,
  settleEscapes,
  settleDecodeFds,
  settleFollow,
  settleSummary,
  settleOutput,
  settlePaths,
  settleQuiet,
  settleWatching,
]
