/** The two records of a call, each a copy; `end` is null when the recording ended first. */
export interface CallRecords {
  readonly enter: Uint8Array
  readonly end: Uint8Array | null
}
