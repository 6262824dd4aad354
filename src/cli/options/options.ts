/**
 * All that a command line can say, as plain data: the parser fills it, the tracer and the printers read it.
 * Text that came from argv is latin1 (one char is one byte), so that names and values pass byte for byte.
 */

import type { SyscallFilter } from '../../filters/syscall-filter.ts'
import type { Amount } from '../../record/last-part.ts'

/** A choice of signals, by the kernel's number; numbers that no signal has (0, 65 to 255) may be listed. */
export type SignalFilter =
  | { readonly all: true }
  | { readonly all: false; readonly signals: ReadonlySet<number> }

/** A choice of file descriptors; with `inverted` those that are not listed. */
export interface DescriptorFilter {
  readonly inverted: boolean
  readonly fds: ReadonlySet<number>
}

/** gVisor's notation as it was: early in 2021, in December 2022, and today. */
export const gvisorEras = ['2021', '2022', 'head'] as const
type GvisorEra = (typeof gvisorEras)[number]
export const outputFormats = ['strace', 'gvisor', 'json', 'recording'] as const
type OutputFormat = (typeof outputFormats)[number]

export const backends = ['ptrace', 'ebpf', 'auto'] as const
export type Backend = (typeof backends)[number]

export const callStatuses = ['successful', 'failed', 'unfinished', 'unavailable', 'detached'] as const
export type CallStatus = (typeof callStatuses)[number]

export const quietKinds = ['attach', 'exit', 'path-resolution', 'personality', 'thread-execve'] as const
export type QuietKind = (typeof quietKinds)[number]

/** `signalfd` is ours: strace 6.1 does not have it, so it must be asked for by name. */
export const decodeFdKinds = ['path', 'socket', 'dev', 'pidfd', 'signalfd'] as const
export type DecodeFdKind = (typeof decodeFdKinds)[number]

export const decodePidKinds = ['comm', 'pidns'] as const
export type DecodePidKind = (typeof decodePidKinds)[number]

export const summaryKeys = [
  'time-percent',
  'total-time',
  'min-time',
  'max-time',
  'avg-time',
  'calls',
  'errors',
  'name',
] as const
export type SummaryColumn = (typeof summaryKeys)[number]
/** `nothing` leaves the calls in the order of their numbers. */
export type SummarySort = SummaryColumn | 'nothing'

/** Decimals of a second: s, ms, us, ns. */
export type Precision = 0 | 3 | 6 | 9

export type Escape =
  /** Printable ASCII as it is, the rest in octal. */
  | 'default'
  /** As `default`, with hexadecimal escapes in place of octal ones (--strings-in-hex=non-ascii-chars). */
  | 'non-ascii-chars'
  /** A string with any non-ASCII char is all hexadecimal (-x). */
  | 'non-ascii'
  /** All strings in hexadecimal (-xx). */
  | 'all'

export interface Timestamps {
  readonly format: 'none' | 'time' | 'unix'
  readonly precision: Precision
}

/** One -E: sets the variable, or removes it when the value is null. */
export interface EnvironmentChange {
  readonly name: string
  readonly value: string | null
}

/** Which of the matching calls an injection is applied to: first, first+step, ... up to last. */
export interface InjectionOccurrence {
  readonly first: number
  /** Null: without end. */
  readonly last: number | null
  /** 0: only the first. */
  readonly step: number
}

/** Bytes to put where an argument points to. */
export interface Poke {
  /** From 1. */
  readonly argument: number
  readonly data: Uint8Array
}

/** One -e inject= or -e fault=. */
export interface Injection {
  readonly calls: SyscallFilter
  /** What follows the set of calls, as it was given, `:`-separated. */
  readonly action: string
  /** errno to fail with. Default for `fault`: 38 (ENOSYS). */
  readonly error: number | null
  readonly retval: bigint | null
  readonly signal: number | null
  /** Name of the call to make in place of none at all; one of the calls in %pure. */
  readonly syscall: string | null
  /** Nanoseconds. */
  readonly delayEnter: number | null
  /** Nanoseconds. */
  readonly delayExit: number | null
  readonly pokeEnter: readonly Poke[]
  readonly pokeExit: readonly Poke[]
  readonly when: InjectionOccurrence
}

export interface Tips {
  readonly format: 'none' | 'compact' | 'full'
  readonly id: number | 'random'
}

export interface Options {
  /** Print the help and exit. Default false. (-h) */
  help: boolean
  /** How many V were given: 1 or more prints the version and exits. Default 0. (-V) */
  version: number

  /** Notation of the output. Default `strace`. (--format) */
  format: OutputFormat
  /** How the calls are caught. Default `ptrace`. (--backend) */
  backend: Backend
  /** All processes are traced. Default false. (--system) */
  system: boolean
  /** Directory of the control group that is traced. Default null. (--cgroup) */
  cgroup: string | null
  /** Threads wait while there is no room for their calls. Null: those that we start. Default null. (--lossless) */
  lossless: boolean | null
  /** When calls began is recorded; else eBPF sees most of them at their end alone. Default true. (--entry-times) */
  entryTimes: boolean
  /** Bytes of a buffer that the gvisor notation shows. Default 1024. (--gvisor-log-size) */
  gvisorLogSize: number
  /** Unix socket to send gVisor's events to. Default null. (--event-socket) */
  eventSocket: string | null
  /** Bytes of a buffer that events show. Default 0. (--event-log-size) */
  eventLogSize: number
  /** Milliseconds that the program may be held up for an event; then it is dropped. Default 100. (--event-wait) */
  eventWait: number
  /** Style of the gvisor notation. Default `head`, today's. (--gvisor-era) */
  gvisorEra: GvisorEra

  /** argv of the program to start; empty when only attaching. Default []. */
  program: string[]
  /** Processes to attach to, in the order given; one may come twice. Default []. (-p) */
  attach: number[]
  /** argv[0] of the program where it is not its name. Default null. (--argv0) */
  argv0: string | null
  /** Changes to the program's environment, in the order given. Default []. (-E) */
  environment: EnvironmentChange[]
  /** Name of the user that the program runs as. Default null. (-u) */
  user: string | null
  /** 0: the tracer is the parent; 1: a grandchild; 2: and in its own process group; 3: and session. Default 0. (-D) */
  daemonize: 0 | 1 | 2 | 3
  /**
   * When signals that would end the tracer reach it: 1 anywhere, 2 while it waits, 3 never, 4 never, nor SIGTSTP.
   * Default 4 with -D, 3 with an output and a program, else 2. (-I)
   */
  interruptible: 1 | 2 | 3 | 4

  /** Trace children too. Default false. (-f) */
  follow: boolean
  /** An output file for each process, when `output` names a file. Default false. (-ff, --output-separately) */
  followSeparately: boolean
  /** Detach when a process calls execve. Default false. (-b execve) */
  breakOnExecve: boolean
  /** Let a seccomp filter pick the calls to stop at; only for programs that we start. Default false. (--seccomp-bpf) */
  seccompBpf: boolean

  /** Path of the output; with a leading `|` or `!` a shell command that reads it; null is stderr. Default null. (-o) */
  output: string | null
  /** Append to the output file. Default false. (-A) */
  appendOutput: boolean

  /** Calls that are shown. Default all. (-e trace) */
  traceFilter: SyscallFilter
  /** Calls whose structures are shortened. Default all. (-e abbrev, none by -v) */
  abbrevFilter: SyscallFilter
  /** Calls whose structures are read at all. Default all. (-e verbose) */
  verboseFilter: SyscallFilter
  /** Calls whose arguments are shown as hexadecimal numbers. Default none. (-e raw) */
  rawFilter: SyscallFilter
  /** Descriptors whose input is dumped. Default none. (-e read) */
  readFds: DescriptorFilter
  /** Descriptors whose output is dumped. Default none. (-e write) */
  writeFds: DescriptorFilter
  /** Signals that are shown. Default all. (-e signal) */
  signalFilter: SignalFilter
  /** Outcomes of calls that are shown. Default all five. (-e status, -z, -Z) */
  statusFilter: ReadonlySet<CallStatus>
  /** Only calls that touch one of these paths; empty is no restriction. Default []. (-P) */
  pathFilter: string[]
  /** Show why a KVM virtual cpu left. Default false. (-e kvm=vcpu) */
  kvmVcpu: boolean
  /** Faults and other changes to calls, in the order given. Default []. (-e inject, -e fault) */
  injections: Injection[]

  /**
   * Messages that are left out. Default none, but attach and personality with an output and a program.
   * (-q, -e quiet)
   */
  quiet: ReadonlySet<QuietKind>
  /** Bytes of a string that are shown, below 2^30. Default 32. (-s) */
  stringLimit: number
  /** How bytes that are no printable ASCII are written. Default `default`. (-x, --strings-in-hex) */
  escape: Escape
  /** Column that results are aligned to, up to 2^31 - 1. Default 40. (-a) */
  column: number
  /** Time of day before each line. Default none, 0. (-t, --absolute-timestamps) */
  timestamps: Timestamps
  /** Decimals of the time since the last line; null leaves it out. Default null. (-r) */
  relativeTimestamps: Precision | null
  /** Decimals of the time spent in each call; null leaves it out. Default null. (-T) */
  callTimes: Precision | null
  /** Default false. (-i) */
  instructionPointer: boolean
  /** Default false. (-n) */
  syscallNumbers: boolean
  /** A stack trace after each call. Default false. (-k) */
  stackTraces: boolean
  /** What is told of file descriptors; whatever is chosen, the path is told where the rest says nothing. Default none. (-y, -e decode-fds) */
  decodeFds: ReadonlySet<DecodeFdKind>
  /** Recordings, which hold all that can be told of descriptors, hold none of it. Default false. (--decode-fds=none) */
  decodeNoFds: boolean
  /** What is told of process ids. Default none. (-Y, -e decode-pids) */
  decodePids: ReadonlySet<DecodePidKind>
  /** Nothing is shortened: `abbrevFilter` is the empty set. Default false. (-v) */
  verboseStructs: boolean
  /** Constants as numbers, as names, or as both. Default `abbrev`. (-X) */
  constantStyle: 'raw' | 'abbrev' | 'verbose'
  /** `only` leaves the calls out, `also` shows both. Default `none`. (-c, -C) */
  summary: 'none' | 'only' | 'also'
  /** Default `total-time`. (-S) */
  summarySort: SummarySort
  /** In this order; `name` is always there. Default time-percent, total-time, avg-time, calls, errors, name. (-U) */
  summaryColumns: readonly SummaryColumn[]
  /** Time from call to return in place of system time. Default false. (-w) */
  summaryWallClock: boolean
  /** Nanoseconds to take off each call; null: measure it. Default null. (-O) */
  summaryOverhead: number | null

  /** Tell on a terminal how a recording comes on, also while a program of ours may write there. Default false. (--progress) */
  progress: boolean
  /** Bytes of strings and buffers that a recording keeps at least. Default 0. (--data-limit) */
  dataLimit: number
  /** A recording keeps no more than its last part. Default null. (--last) */
  last: Amount | null

  /** What is left out of what is shown or recorded. Default []. (--redact) */
  redact: string[]
  /** Files with such rules, one a line. Default []. (--redact-file) */
  redactFiles: string[]

  /** Tell on stderr what the tracer does. Default false. (-d) */
  debug: boolean
  /** A hint at the end. Default null. (--tips) */
  tips: Tips | null
}

const noCalls: SyscallFilter = { kind: 'set', names: new Set(), names32: new Set(), unknown: false }
const noDescriptors: DescriptorFilter = { inverted: false, fds: new Set() }

/** The options of an empty command line. */
export function defaultOptions(): Options {
  return {
    help: false,
    version: 0,
    format: 'strace',
    backend: 'ptrace',
    system: false,
    cgroup: null,
    lossless: null,
    entryTimes: true,
    gvisorLogSize: 1024,
    eventSocket: null,
    eventLogSize: 0,
    eventWait: 100,
    gvisorEra: 'head',
    program: [],
    attach: [],
    argv0: null,
    environment: [],
    user: null,
    daemonize: 0,
    interruptible: 2,
    follow: false,
    followSeparately: false,
    breakOnExecve: false,
    seccompBpf: false,
    output: null,
    appendOutput: false,
    traceFilter: { kind: 'all' },
    abbrevFilter: { kind: 'all' },
    verboseFilter: { kind: 'all' },
    rawFilter: noCalls,
    readFds: noDescriptors,
    writeFds: noDescriptors,
    signalFilter: { all: true },
    statusFilter: new Set(callStatuses),
    pathFilter: [],
    kvmVcpu: false,
    injections: [],
    quiet: new Set(),
    stringLimit: 32,
    escape: 'default',
    column: 40,
    timestamps: { format: 'none', precision: 0 },
    relativeTimestamps: null,
    callTimes: null,
    instructionPointer: false,
    syscallNumbers: false,
    stackTraces: false,
    decodeFds: new Set(),
    decodeNoFds: false,
    decodePids: new Set(),
    verboseStructs: false,
    constantStyle: 'abbrev',
    summary: 'none',
    summarySort: 'total-time',
    summaryColumns: ['time-percent', 'total-time', 'avg-time', 'calls', 'errors', 'name'],
    summaryWallClock: false,
    summaryOverhead: null,
    progress: false,
    dataLimit: 0,
    last: null,
    redact: [],
    redactFiles: [],
    debug: false,
    tips: null,
  }
}
