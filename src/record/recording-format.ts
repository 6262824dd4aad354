/**
 * The file of a recording. All numbers are u32, little-endian.
 *
 * A file is one or more segments, one for each capture that wrote to it (-A appends another). A segment is
 *
 * - a header: 12 bytes of magic, version, length of the metadata, their CRC-32; then the metadata, JSON in UTF-8;
 * - blocks: mark, compressed length, packed length, record bytes, records, CRC-32 of these four numbers and of what
 *   follows: the records, packed (see packed-block.ts) and compressed with Brotli.
 *
 * Each block stands alone, so that a file that was cut off can be read up to its last whole block.
 */

/** What is written. Versions 1 and 2, whose blocks are packed otherwise, are read too. */
export const recordingVersion = 3
/** As PNG's: told from a text at once, and broken visibly by whatever changes ends of lines. */
export const magic = Uint8Array.from('sysglass\r\n\x1a\n', c => c.charCodeAt(0))
export const Segment = { version: 12, length: 16, crc: 20, bytes: 24 } as const
/** 'blok' */
export const blockMark = 0x6b6f6c62
export const Block = {
  mark: 0,
  compressed: 4,
  packed: 8,
  records: 12,
  count: 16,
  crc: 20,
  bytes: 24,
} as const

/** Record bytes at which a block is written. */
export const fullBlock: number = 3 << 20
/** What readers refuse, before they make room for it. */
export const maxMetadataBytes = 1 << 20
export const maxBlockBytes = 4 << 20
export const maxPackedBytes = 2 * maxBlockBytes

/** What a segment tells of itself. Text that came from a command line is latin1: one char is one byte. */
export interface RecordingMetadata {
  /** The version that wrote it. */
  readonly sysglass: string
  /** What the tracer was called as, and its arguments without the program. */
  readonly argv0: string
  readonly options: readonly string[]
  /** argv of the program that was started; empty when none was. */
  readonly program: readonly string[]
  /** Processes that were attached to. */
  readonly attached: readonly number[]
  readonly arch: string
  /** Where the program was started. */
  readonly cwd?: string
  /** Names of the program's environment variables; their values are in its execve. Not all, where there are very many. */
  readonly environment?: readonly string[]
  /** The machine's name, and what node runs us. */
  readonly machine?: string
  readonly node?: string
  /** Its network interfaces: a number, a space and a name each. */
  readonly interfaces?: readonly string[]
  /** uname -r of the machine. */
  readonly kernel: string
  /** When the recording began, ISO 8601. */
  readonly began: string
  readonly capture: CapturedFacts
  /** Kinds of what was taken out: env, path, payload, pattern. Absent where nothing was. */
  readonly redacted?: readonly string[]
}

/** What the capture was asked to note: what is not in the recording, no replay can show. */
export interface CapturedFacts {
  readonly follow: boolean
  /** Bytes that strings and buffers were cut at. */
  readonly dataLimit: number
  readonly environment: boolean
  readonly fdPaths: boolean
  readonly sockets: boolean
  readonly devices: boolean
  readonly threadNames: boolean
  readonly systemTime: boolean
  readonly stacks: boolean
  /** Absent in recordings from before there were such notes. */
  readonly pidNamespaces?: boolean
  /** Why virtual CPUs stopped. */
  readonly virtualCpus?: boolean
  readonly processNames?: boolean
  /** How much of structures in arguments is known: of what a log told not all. Absent: as much as a capture copies. */
  readonly structures?: 'addresses' | 'none'
}

/** A file that is no recording, or a damaged one. The message names the file and says what is wrong. */
export class RecordingError extends Error {
  readonly path: string
  constructor(path: string, problem: string) {
    super(`${path}: ${problem}`)
    this.name = 'RecordingError'
    this.path = path
  }
}

/** The metadata in `json`, or what is wrong with them. Only what is relied on is looked at: later versions may add to it. */
export function parseMetadata(json: string): RecordingMetadata | string {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    return 'its metadata are not JSON'
  }
  const strings = (v: unknown): v is string[] => Array.isArray(v) && v.every(s => typeof s === 'string')
  const m = (typeof value === 'object' ? (value ?? {}) : {}) as { readonly [key: string]: unknown }
  const capture = (typeof m.capture === 'object' ? (m.capture ?? {}) : {}) as typeof m
  const complete =
    typeof m.argv0 === 'string' &&
    strings(m.options) &&
    strings(m.program) &&
    (m.cwd === undefined || typeof m.cwd === 'string') &&
    (m.machine === undefined || typeof m.machine === 'string') &&
    (m.environment === undefined || strings(m.environment)) &&
    (m.redacted === undefined || strings(m.redacted)) &&
    Array.isArray(m.attached) &&
    m.attached.every(pid => Number.isInteger(pid)) &&
    Number.isInteger(capture.dataLimit) &&
    typeof capture.follow === 'boolean'
  return complete ? (value as RecordingMetadata) : 'its metadata are incomplete'
}
