/**
 * What a report holds: a store's columns and lists, and each call in full. It stands in the page as `globalThis.sysglassReport`: base64 of this as JSON,
 * compressed with deflate-raw.
 */
import type { ComparedPair } from './comparison-protocol.ts'
import type { CallDetails, CallKind, Overview, Process } from './protocol.ts'

export interface ReportData {
  readonly version: 1
  readonly title: string
  readonly metadata: Overview['metadata']
  /** What the reader should know: that there are more calls than these. */
  readonly note: string | null
  /** Milliseconds since 1970. */
  readonly began: number
  /** Nanoseconds, as all times here. */
  readonly span: number
  readonly columns: {
    readonly begin: readonly number[]
    /** Null: it did not return. */
    readonly took: readonly (number | null)[]
    readonly result: readonly (number | null)[]
    readonly name: readonly number[]
    readonly error: readonly number[]
    readonly task: readonly number[]
    readonly fd: readonly number[]
    readonly path: readonly number[]
    readonly line: readonly number[]
  }
  readonly names: readonly { readonly name: string; readonly kind: CallKind }[]
  readonly errors: readonly string[]
  readonly paths: readonly string[]
  readonly comms: readonly string[]
  readonly lines: readonly string[]
  readonly lanes: readonly {
    readonly tid: number
    readonly pid: number
    readonly comm: string
    readonly begin: number
    readonly end: number | null
  }[]
  readonly taskLanes: readonly number[]
  readonly taskComms: readonly number[]
  readonly processes: readonly Process[]
  /** Calls in full, so many together, each lot as base64 of JSON, compressed with deflate-raw: most are never looked at. */
  readonly details: readonly string[]
  readonly callsTogether: number
}

/** What a report of a comparison holds, as `globalThis.sysglassReport` too. */
export interface ComparisonReportData {
  readonly version: 1
  readonly titles: readonly [string, string]
  readonly notes: readonly string[]
  readonly sides: readonly [ReportData, ReportData]
  readonly pairs: readonly ComparedPair[]
  /** Of each row its calls, as ids, and its kind, as a place in rowKinds. */
  readonly before: readonly number[]
  readonly after: readonly number[]
  readonly kinds: readonly number[]
}

/** A call in full, without its row. */
export type ReportDetails = Omit<CallDetails, 'row'>

declare global {
  /** What a report holds; undefined in the page that a server sends. */
  var sysglassReport: string | undefined
}
