/**
 * Blocks of records on their way from the threads that unpack them to the one that makes rows of them: each of the former has a
 * ring of places in memory that both have, and unpacks every so-manieth block of the file.
 */
import { maxBlockBytes } from '../record/recording-format.ts'
import { openRecording, type RecordPlace } from '../record/recording-reader.ts'

/** Blocks of one thread that are unpacked and not taken. */
const places = 3
/** Words: how many blocks were put into the ring, and taken out of it; then of each place what it holds, how much of it, and how many KB of the file end with it. */
const State = { put: 0, taken: 1, head: 2, headWords: 3, words: 2 + 3 * places } as const
const Kind = { records: 0, end: 1, problem: 2 } as const
type Kind = (typeof Kind)[keyof typeof Kind]

export interface SharedBlocks {
  readonly state: SharedArrayBuffer
  readonly memory: SharedArrayBuffer
}

/** What a thread that unpacks is told. */
export interface UnpackWork {
  readonly file: Uint8Array
  readonly blocks: SharedBlocks
  /** It unpacks the blocks `turn`, `turn + turns`, … of the file. */
  readonly turn: number
  readonly turns: number
}

export const makeSharedBlocks = (): SharedBlocks => ({
  state: new SharedArrayBuffer(State.words * 4),
  // Pages that are not written to take no memory.
  memory: new SharedArrayBuffer(places * maxBlockBytes),
})

/** Unpacks a thread's share of a file, as fast as it is taken; ends with the file, or with what is wrong with it. */
export function unpackInto({ file, blocks, turn, turns }: UnpackWork): void {
  const state = new Int32Array(blocks.state)
  const memory = new Uint8Array(blocks.memory)
  const put = (kind: Kind, bytes: Uint8Array, end = 0): void => {
    const n = state[State.put]!
    for (
      let taken = Atomics.load(state, State.taken);
      n - taken >= places;
      taken = Atomics.load(state, State.taken)
    )
      Atomics.wait(state, State.taken, taken)
    const place = n % places
    memory.set(bytes, place * maxBlockBytes)
    const head = State.head + place * State.headWords
    state[head] = kind
    state[head + 1] = bytes.length
    state[head + 2] = end / 1024
    Atomics.store(state, State.put, n + 1)
    Atomics.notify(state, State.put)
  }
  try {
    for (const { bytes, length, end } of openRecording(Buffer.from(file)).blocks(turn, turns))
      put(Kind.records, bytes.subarray(0, length), end)
    put(Kind.end, new Uint8Array(0))
  } catch (error) {
    put(Kind.problem, Buffer.from((error as Error).message).subarray(0, maxBlockBytes))
  }
}

/** The records of a file that threads unpack; `taken` hears how much of it has been used. Throws an error with the message of what is wrong with the file, after all that comes before. */
export function* sharedRecords(
  all: readonly SharedBlocks[],
  taken: (kilobytes: number) => void,
): IterableIterator<RecordPlace> {
  const rings = all.map(({ state, memory }) => ({
    state: new Int32Array(state),
    bytes: new Uint8Array(memory),
    view: new DataView(memory),
  }))
  for (let block = 0; ; block++) {
    const { state, bytes, view } = rings[block % rings.length]!
    const n = state[State.taken]!
    while (Atomics.load(state, State.put) === n) Atomics.wait(state, State.put, n)
    const place = n % places
    const head = State.head + place * State.headWords
    const [kind, length, end] = [state[head]!, state[head + 1]!, state[head + 2]!]
    const from = place * maxBlockBytes
    if (kind === Kind.end) return
    if (kind === Kind.problem) throw new Error(Buffer.from(bytes.slice(from, from + length)).toString())
    const record = { bytes, view, offset: from }
    while (record.offset < from + length) {
      const size = view.getUint32(record.offset, true)
      yield record
      record.offset += size
    }
    Atomics.store(state, State.taken, n + 1)
    Atomics.notify(state, State.taken)
    taken(end)
  }
}
