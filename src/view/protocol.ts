/**
 * What the page of `glass view` asks, and what it gets. Two answer it: the server, from the tables that a recording was made into, and
 * a report, from what stands in the page itself. Times are milliseconds since the recording began (doubles: nanoseconds keep
 * their place for a hundred days), durations milliseconds; texts are those of the recording, so they may hold anything: only ever shown as text.
 */

/** What a call is drawn as. */
export const callKinds = [
  'files',
  'network',
  'memory',
  'process',
  'signals',
  'waiting',
  'time',
  'other',
] as const
export type CallKind = (typeof callKinds)[number]

export interface Lane {
  readonly tid: number
  readonly pid: number
  readonly comm: string
  readonly begin: number
  /** Null while the thread lives, or when its end was not seen. */
  readonly end: number | null
  readonly calls: number
  /** The call that the thread is in, of a program that runs: its place in names, and when it began. It has no id before it returns. */
  readonly inCall?: { readonly name: number; readonly begin: number }
}

export interface Process {
  readonly pid: number
  readonly parent: number | null
  readonly comm: string
  readonly command: string
  readonly begin: number
  readonly end: number | null
  readonly code: number | null
  readonly signal: string | null
}

/** GET /api/overview */
export interface Overview {
  readonly title: string
  /** Milliseconds since 1970 at time 0. */
  readonly began: number
  readonly span: number
  readonly calls: number
  /** False while the program runs or the recording is still being read in: ask again when /api/progress says more. */
  readonly complete: boolean
  /** In the order in which they are drawn: threads under their process, processes as a tree. */
  readonly lanes: readonly Lane[]
  readonly processes: readonly Process[]
  /** The names that timelines speak of by number. */
  readonly names: readonly { readonly name: string; readonly kind: CallKind; readonly calls: number }[]
  /** What was noted with the recording: command line, machine, kernel, versions, options. */
  readonly metadata: Readonly<Record<string, unknown>>
  /** What one should know before anything else: that a report has the first calls only. */
  readonly note?: string
}

/** GET /api/progress, server-sent events: one when something changed, at most four a second. */
export interface Progress {
  readonly calls: number
  readonly span: number
  /** How much of the recording is read in, 0 to 1; null when the whole is not known: a program that runs. */
  readonly read: number | null
  readonly complete: boolean
  /** Why it went wrong, if it did. */
  readonly error?: string
}

/** Who tells of progress. */
export interface ProgressTeller {
  /** Calls back at once, and whenever there is more, until all is there. The function that is returned ends that. */
  onProgress(listener: (progress: Progress) => void): () => void
}

export const columns = [
  'id',
  'time',
  'pid',
  'tid',
  'comm',
  'name',
  'outcome',
  'result',
  'errno',
  'duration',
  'fd',
  'path',
] as const
export type Column = (typeof columns)[number]
export const isColumn = (text: string): text is Column => (columns as readonly string[]).includes(text)

export const comparisons = ['equal', 'different', 'contains', 'above', 'below'] as const

export interface Condition {
  readonly column: Column | 'kind'
  /** `contains` looks at the value as text, whatever its case. Ranges are of numbers, ends included. */
  readonly is: (typeof comparisons)[number]
  readonly value: string | number
}

/** All conditions hold, and the text is in the name, the arguments, the path or the error. Sent as JSON in `filter=`. */
export interface Filter {
  readonly conditions: readonly Condition[]
  readonly text: string
}

export const isEverything = ({ conditions, text }: Filter): boolean => conditions.length === 0 && text === ''

/** GET /api/timeline?from=&to=&width=&lanes=TID,TID&filter= : what `width` pixels show of a stretch of time, for some lanes. */
export interface Timeline {
  readonly from: number
  readonly to: number
  readonly lanes: readonly LaneTimeline[]
}

export interface LaneTimeline {
  readonly tid: number
  /**
   * Far away: for each pixel column with calls, flat: column, kind (its place in callKinds) that took most of the time, share of
   * the column that calls took (0 to 1), calls, failed ones.
   */
  readonly columns?: readonly number[]
  /** Near: each call, flat: id, begin, end, name (its place in names), failed (0 or 1). A call that never ended has the span's end. */
  readonly calls?: readonly number[]
}

export interface Row {
  readonly id: number
  readonly time: number
  readonly pid: number
  readonly tid: number
  readonly comm: string
  readonly name: string
  /** returned, failed, unfinished … */
  readonly outcome: string
  readonly result: string | null
  readonly errno: string | null
  readonly duration: number | null
  readonly path: string | null
  /** The line as strace has it, without time and pid, shortened. */
  readonly line: string
}

/** GET /api/rows?filter=&sort=COLUMN&descending=0|1&offset=&limit= (at most 500) */
export interface Rows {
  readonly total: number
  readonly offset: number
  readonly rows: readonly Row[]
}

/** GET /api/place?filter=&sort=&descending=&id= : where a call stands among the rows; null when the filter leaves it out. */
export interface Place {
  readonly offset: number | null
}

export interface Memory {
  /** The argument that it belongs to. */
  readonly name: string
  readonly address: string
  /** Base64; at most 64 KiB. */
  readonly bytes: string
  readonly total: number
}

/** GET /api/call?id= */
export interface CallDetails {
  readonly row: Row
  readonly strace: string
  readonly gvisor: string
  /** Typed values, as `--format=json` has them. */
  readonly values: unknown
  readonly memory: readonly Memory[]
  /** What the call is for, in a line, and where its manual is: `read(2)`. */
  readonly summary: string | null
  readonly manual: string | null
}

export interface Counted {
  /** What a condition that asks for these calls compares with; of threads the tid. */
  readonly value: string
  /** What else to show beside it: of threads the command's name. */
  readonly label?: string
  readonly calls: number
  readonly failed: number
  readonly duration: number
}

/** GET /api/statistics?filter= */
export interface Statistics {
  readonly calls: number
  readonly failed: number
  readonly duration: number
  /** Microseconds: 50, 90, 99, 99.9 % and the longest. */
  readonly percentiles: readonly number[]
  /** Calls that took from 2^n to 2^(n+1) microseconds, n from -4 on. */
  readonly histogram: readonly { readonly from: number; readonly to: number; readonly calls: number }[]
  /** At most 50 each, most calls first. */
  readonly names: readonly Counted[]
  readonly paths: readonly Counted[]
  /** By errno's name. */
  readonly errors: readonly Counted[]
  readonly threads: readonly Counted[]
}

/** What the page is fed from. A question whose signal is aborted need not be answered: nobody looks any more. */
export interface Source {
  overview(signal?: AbortSignal): Promise<Overview>
  timeline(
    from: number,
    to: number,
    width: number,
    lanes: readonly number[],
    filter: Filter,
    signal?: AbortSignal,
  ): Promise<Timeline>
  rows(
    filter: Filter,
    sort: Column,
    descending: boolean,
    offset: number,
    limit: number,
    signal?: AbortSignal,
  ): Promise<Rows>
  place(filter: Filter, sort: Column, descending: boolean, id: number, signal?: AbortSignal): Promise<Place>
  call(id: number, signal?: AbortSignal): Promise<CallDetails>
  statistics(filter: Filter, signal?: AbortSignal): Promise<Statistics>
  /** Calls back at once and whenever there is more, until all is there. */
  progress(tell: (progress: Progress) => void): void
}
