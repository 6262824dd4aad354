/** The table of options: names, arguments, explanations, effects. */
import type { OptionNames } from './getopt.ts'
import * as effects from './option-effects.ts'

export const optionGroups = {
  start: 'What to trace',
  trace: 'How to trace',
  filter: 'What to show',
  output: 'How to show it',
  summary: 'Counting',
  tamper: 'Changing calls',
  other: 'Other',
} as const
export type OptionGroup = keyof typeof optionGroups

export interface OptionRow extends OptionNames {
  readonly group: OptionGroup
  /** Stands for the argument in the help; empty where there is none. */
  readonly value: string
  /** One line of help; empty for what is kept for old scripts only. */
  readonly help: string
  readonly apply: effects.Effect
  /** All that the argument, or an item of it, can be; undefined where that is not a list. */
  readonly choices?: readonly string[]
}

/** `value` is what the argument is called, in brackets if a long name can do without; empty for no argument. */
function row(
  names: string,
  value: string,
  group: OptionGroup,
  apply: effects.Effect,
  help: string,
  choices?: readonly string[],
): OptionRow {
  const words = names.split(' ')
  const optional = /^\[(.*)\]$/.exec(value)
  return {
    short: words.find(word => !word.startsWith('--'))?.slice(1) ?? '',
    long: words.filter(word => word.startsWith('--')).map(word => word.slice(2)),
    argument: value === '' ? 'none' : optional !== null ? 'optional' : 'required',
    group,
    value: optional?.[1] ?? value,
    help,
    apply,
    ...(choices === undefined ? {} : { choices }),
  }
}

/** An option that strace does not have, to be written out: an abbreviation that works with strace stays good. */
function ourRow(...parts: Parameters<typeof row>): OptionRow {
  return { ...row(...parts), exact: true }
}

const { flag, qualifier } = effects
const units = ['s', 'ms', 'us', 'ns']

/**
 * All options: the parser and the help read this, and whatever else needs to know them. In the order in which an
 * ambiguous abbreviation lists them.
 */
// biome-ignore format: one option a line, as far as the line goes
export const optionTable: readonly OptionRow[] = [
  row('-a --columns', 'COLUMN', 'output', effects.column, 'align results in this column (40)'),
  row('-A --output-append-mode', '', 'output', flag('appendOutput'), 'add to the output file, do not replace it'),
  row('-b --detach-on', 'execve', 'trace', effects.detachOn, 'let go of a process that calls execve', ['execve']),
  row('-c --summary-only', '', 'summary', effects.summary('only'), 'count calls, errors and time and show only that'),
  row('-C --summary', '', 'summary', effects.summary('also'), 'count, and show the calls too'),
  row('-d --debug', '', 'other', flag('debug'), 'tell on stderr what the tracer itself does'),
  row('-D --daemonize --daemonised --daemonized', '[MODE]', 'trace', effects.daemonize, 'trace as a grandchild, with -DD (pgroup) in a process group and with -DDD (session) in a session of its own', ['grandchild', 'pgroup', 'session']),
  row('-e', 'EXPR', 'filter', effects.expression, 'NAME=VALUE as in --NAME=VALUE below, or calls as in --trace'),
  row('-E --env', 'VAR[=VALUE]', 'start', effects.environment, 'set a variable of PROG, or remove it'),
  row('-f --follow-forks', '', 'trace', effects.follow, 'trace new children too; -ff: with --output-separately'),
  row('-F', '', 'trace', effects.oldFollow, ''),
  row('--output-separately', '', 'output', effects.separateOutput, 'a file for each process: FILE.PID'),
  row('-h --help', '', 'other', flag('help'), 'show this'),
  row('-i --instruction-pointer', '', 'output', flag('instructionPointer'), 'show where in the program the call is'),
  row('-I --interruptible', 'WHEN', 'trace', effects.interruptible, 'when ^C and the like reach the tracer: 1 anywhere, 2 waiting, 3 never, 4 never_tstp (nor ^Z)', ['1', '2', '3', '4', 'anywhere', 'waiting', 'never', 'never_tstp']),
  row('-k --stack-traces', '', 'output', flag('stackTraces'), 'show the stack after each call'),
  row('-n --syscall-number', '', 'output', flag('syscallNumbers'), 'show the number of the call'),
  row('-o --output', 'FILE', 'output', effects.text('output'), 'write here and not to stderr; |COMMAND or !COMMAND: to its input'),
  row('-O --summary-syscall-overhead', 'TIME', 'summary', effects.overhead, 'what tracing adds to a call: 5, 0.2ms ... (microseconds; else measured)'),
  row('-p --attach', 'PID,...', 'start', effects.attach, 'trace a running process'),
  row('-P --trace-path', 'PATH', 'filter', effects.tracePath, 'only calls that touch this path; may be repeated'),
  row('-r --relative-timestamps', '[UNIT]', 'output', effects.precisionOf('relativeTimestamps'), 'show the time since the line before, down to s, ms, us or ns (us)', units),
  row('-s --string-limit', 'BYTES', 'output', effects.stringLimit, 'show at most so much of a string (32)'),
  row('-S --summary-sort-by', 'KEY', 'summary', effects.summarySort, 'time, min-time, max-time, avg-time, calls, errors, name or nothing (time)', ['time', 'min-time', 'max-time', 'avg-time', 'calls', 'errors', 'name', 'nothing']),
  row('-t --absolute-timestamps --timestamps', '[FORMAT,UNIT]', 'output', effects.timestamps, 'show the time: none, time or unix, down to s, ms, us or ns; -tt: time,us; -ttt: unix,us', ['none', 'time', 'unix', ...units]),
  row('-T --syscall-times', '[UNIT]', 'output', effects.precisionOf('callTimes'), 'show how long a call took, down to s, ms, us or ns (us)', units),
  row('-u --user', 'NAME', 'start', effects.text('user'), 'run PROG as this user'),
  row('-U --summary-columns', 'KEY,...', 'summary', effects.summaryColumns, 'what to show: time-percent, total-time, min-time, max-time, avg-time, calls, errors, name', ['time-percent', 'total-time', 'min-time', 'max-time', 'avg-time', 'calls', 'errors', 'name']),
  row('-v --no-abbrev', '', 'output', effects.shorthand('abbrev', 'none'), 'show structures in full'),
  row('-V --version', '', 'other', effects.version, 'show the version'),
  row('-w --summary-wall-clock', '', 'summary', flag('summaryWallClock'), 'count time that passed instead of time on the CPU'),
  row('-x --strings-in-hex', '[WHICH]', 'output', effects.stringsInHex, 'hexadecimal escapes: none, non-ascii-chars, non-ascii (-x), all (-xx)', ['none', 'non-ascii-chars', 'non-ascii', 'all']),
  row('-X --const-print-style', 'STYLE', 'output', effects.constantStyle, 'constants as numbers (raw), names (abbrev) or both (verbose)', ['raw', 'abbrev', 'verbose']),
  row('-y', '', 'output', effects.decodeFds, 'short for --decode-fds; -yy: --decode-fds=all'),
  row('--pidns-translation', '', 'output', effects.shorthand('decodePids', 'pidns'), 'short for --decode-pids=pidns'),
  row('-Y', '', 'output', effects.shorthand('decodePids', 'comm'), 'short for --decode-pids=comm'),
  row('-z --successful-only', '', 'filter', effects.status('successful'), 'short for --status=successful'),
  row('-Z --failed-only --failing-only', '', 'filter', effects.status('failed'), 'short for --status=failed'),
  row('--seccomp-bpf', '', 'trace', flag('seccompBpf'), 'with -f: stop PROG only at the calls to trace'),
  row('--tips', '[ID,FORMAT]', 'other', effects.tips, 'end with a hint: a number or random; none, compact or full', ['none', 'compact', 'full', 'random']),
  row('--trace', 'CALLS', 'filter', qualifier('trace'), 'only these calls, see below'),
  row('--abbrev', 'CALLS', 'output', qualifier('abbrev'), 'shorten structures of these calls'),
  row('--verbose', 'CALLS', 'output', qualifier('verbose'), 'read structures of these calls at all'),
  row('--raw', 'CALLS', 'output', qualifier('raw'), 'show arguments of these calls as plain numbers'),
  row('--signals', 'SIGNALS', 'filter', qualifier('signal'), 'only these signals, by name or number'),
  row('--status', 'STATUS,...', 'filter', qualifier('status'), 'only calls that were successful, failed, unfinished, unavailable, detached', ['successful', 'failed', 'unfinished', 'unavailable', 'detached']),
  row('--read', 'FD,...', 'output', qualifier('read'), 'dump all that is read from these descriptors'),
  row('--write', 'FD,...', 'output', qualifier('write'), 'dump all that is written to these descriptors'),
  row('--fault', 'CALLS[:EFFECT]...', 'tamper', qualifier('fault'), 'make calls fail: error=ERRNO (ENOSYS), when=WHEN'),
  row('--inject', 'CALLS:EFFECT...', 'tamper', qualifier('inject'), 'change calls, see below'),
  row('--kvm', 'vcpu', 'output', qualifier('kvm'), 'show why a virtual CPU stopped', ['vcpu']),
  row('-q --quiet --silent --silence', '[KIND,...]', 'output', effects.quiet, 'leave out messages: attach, exit, path-resolution, personality, thread-execve; -q: attach,personality; -qq: exit too; -qqq: all', ['attach', 'exit', 'path-resolution', 'personality', 'thread-execve', 'all']),
  row('--decode-fds', '[KIND,...]', 'output', effects.decodeFds, 'tell of descriptors: path, socket, dev, pidfd, signalfd (path)', ['path', 'socket', 'dev', 'pidfd', 'signalfd', 'all', 'none']),
  row('--decode-pids', 'KIND,...', 'output', qualifier('decodePids'), 'tell of process ids: comm, pidns', ['comm', 'pidns', 'all', 'none']),
  row('--secontext', '[KIND]', 'output', qualifier('secontext'), ''),
  ourRow('--argv0', 'NAME', 'start', effects.text('argv0'), 'what PROG is told to be called'),
  ourRow('--format', 'FORMAT', 'output', effects.format, 'strace, gvisor, json or recording (strace)', ['strace', 'gvisor', 'json', 'recording']),
  ourRow('--backend', 'NAME', 'trace', effects.backend, 'how calls are caught: ptrace, ebpf (which stops nobody, and takes root) or auto: ebpf where it can be (ptrace)', ['ptrace', 'ebpf', 'auto']),
  ourRow('--system', '', 'start', flag('system'), 'trace all processes, by eBPF, until ^C or until PROG ends'),
  ourRow('--cgroup', 'PATH', 'start', effects.text('cgroup'), 'trace the processes of a control group (cgroup v2), by eBPF, until ^C or until PROG ends'),
  ourRow('--lossless', 'yes|no', 'trace', effects.yesOrNo('lossless'), 'eBPF: hold threads while there is no room for their calls, or lose calls and say how many (yes for PROG, no for others)', ['yes', 'no']),
  ourRow('--entry-times', 'yes|no', 'trace', effects.yesOrNo('entryTimes'), 'no: a recording by eBPF need not tell when calls began, which costs the program half (yes)', ['yes', 'no']),
  ourRow('--gvisor-log-size', 'BYTES', 'output', effects.gvisorLogSize, 'with --format=gvisor: show at most so much of a buffer (1024)'),
  ourRow('--event-socket', 'PATH', 'output', effects.text('eventSocket'), "also send gVisor's events to this unix socket; see glass events"),
  ourRow('--event-log-size', 'BYTES', 'output', effects.eventLogSize, 'events show at most so much of a buffer (0)'),
  ourRow('--event-wait', 'MS', 'output', effects.eventWait, 'hold PROG up for so long before an event is dropped (100)'),
  ourRow('--data-limit', 'BYTES', 'output', effects.dataLimit, 'a recording keeps so many bytes of each string and buffer (1024, or what -s says when that is more); all: 262144'),
  ourRow('--progress', '', 'output', flag('progress'), 'tell on the terminal how a recording comes on, also when PROG writes there; with -p alone that is so anyway'),
  ourRow('--last', 'AMOUNT', 'output', effects.last, 'a recording keeps no more than its last part: 5m (s, m, h, d), 100MB (k, M, G); SIGUSR1 copies it to FILE.1, FILE.2 ...'),
  ourRow('--redact', 'RULE', 'filter', effects.listed('redact'), 'overwrite with *: env[=NAME] (values of variables), path=PATH, payload[=FD|PATH|CALL,...] (bytes read and written), pattern=REGEX (in any text); may be repeated, see glass record --help'),
  ourRow('--redact-file', 'FILE', 'filter', effects.listed('redactFiles'), 'rules for --redact, one a line'),
  ourRow('--gvisor-era', 'ERA', 'output', effects.gvisorEra, 'with --format=gvisor: the notation of 2021, 2022 or head (head)', ['2021', '2022', 'head']),
]
