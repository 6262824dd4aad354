/**
 * What the page of a comparison asks, and what it gets: rows of two calls that correspond, or of one that the other recording lacks.
 * As with recordings (protocol.ts) a server answers, or a report.
 */
import type { CallDetails, Filter, Overview, Progress, Row } from './protocol.ts'

/** What a row is: the call failed only in the second run, ended otherwise, is in one alone, took longer there; or nothing of it. */
export const rowKinds = ['failing', 'otherwise', 'missing', 'added', 'slower', 'same'] as const
export type RowKind = (typeof rowKinds)[number]
export const isRowKind = (text: string): text is RowKind => (rowKinds as readonly string[]).includes(text)

/** Calls of one name that were slower in the second run. */
export interface SlowerCalls {
  readonly call: string
  /** Milliseconds on average. */
  readonly before: number
  readonly after: number
  readonly calls: readonly [before: number, after: number]
}

/** Two processes that correspond, or one that has no counterpart. */
export interface ComparedPair {
  readonly command: string
  readonly pids: readonly [number | null, number | null]
  /** Its rows stand together. */
  readonly from: number
  readonly rows: number
  /** Rows of each kind, as rowKinds has them. */
  readonly counts: readonly number[]
  readonly slower: readonly SlowerCalls[]
}

/** GET /api/overview; pairs are there when all is compared. */
export interface ComparisonOverview {
  readonly titles: readonly [string, string]
  readonly calls: readonly [number, number]
  readonly complete: boolean
  readonly pairs: readonly ComparedPair[]
  readonly counts: readonly number[]
  readonly metadata: readonly [Overview['metadata'], Overview['metadata']]
  /** What one should know before anything else: that a recording is damaged, that a report has the first calls only. */
  readonly notes: readonly string[]
}

/** Which rows are wanted: those of some kinds, of one pair or all (null), where either call is as the filter has it. */
export interface Choice {
  readonly kinds: readonly RowKind[]
  readonly pair: number | null
  readonly filter: Filter
}

export interface ComparedRow {
  /** Its place among all rows, whatever is chosen. */
  readonly row: number
  readonly pair: number
  readonly kind: RowKind
  readonly before: Row | null
  readonly after: Row | null
}

/** GET /api/rows?kinds=&pair=&filter=&offset=&limit= (at most 500) */
export interface ComparedRows {
  readonly total: number
  readonly offset: number
  readonly rows: readonly ComparedRow[]
}

/** GET /api/place?kinds=&pair=&filter=&row= : where the row stands among the chosen ones, and the next differences around it. */
export interface ComparedPlace {
  /** Null where it is none of them. */
  readonly offset: number | null
  /** Places of the chosen rows before and after it that are differences. */
  readonly previous: number | null
  readonly next: number | null
}

/** GET /api/details?row= */
export interface ComparedDetails {
  readonly row: ComparedRow
  readonly before: CallDetails | null
  readonly after: CallDetails | null
}

export interface ComparisonSource {
  overview(signal?: AbortSignal): Promise<ComparisonOverview>
  rows(choice: Choice, offset: number, limit: number, signal?: AbortSignal): Promise<ComparedRows>
  place(choice: Choice, row: number, signal?: AbortSignal): Promise<ComparedPlace>
  details(row: number, signal?: AbortSignal): Promise<ComparedDetails>
  /** Calls back at once and whenever there is more, until all is compared. */
  progress(tell: (progress: Progress) => void): void
}
