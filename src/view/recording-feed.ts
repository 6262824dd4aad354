/** Reads a recording into a store, block by block, also while its writer goes on; and finds the records of a call again. */

import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises'
import { Header, RecordKind } from '../record/layout.ts'
import { type RecordBlock, RecordingBlocks } from '../record/recording-blocks.ts'
import { RecordingError, type RecordingMetadata } from '../record/recording-format.ts'
import type { CallRecords } from './call-records.ts'
import { CallCollector, noRecord } from './collect-calls.ts'
import { firstWhere } from './first-where.ts'
import { type CallPlaces, keepCalls, recallCalls } from './kept-calls.ts'
import type { Progress } from './protocol.ts'

/** Milliseconds between two looks at a file that grows. */
const lookAgain = 100
/** Milliseconds between two tellings of progress: at most four a second. */
const tellEvery = 250

/** Calls that are shown at most: 52 bytes each are held. */
const mostCalls = 50_000_000
/** Records that are taken in before others have their turn: some milliseconds. */
const recordsAtOnce = 4000

/** From so many calls on reading takes seconds. */
const worthKeeping = 300_000

/** A block that was read again. */
interface ReadBlock extends RecordBlock {
  readonly enters: ReadonlyMap<number, number>
}

export class RecordingFeed {
  readonly collector = new CallCollector()
  /** Resolves when something was read, and it is a recording. */
  readonly begun: Promise<void>
  #begin: () => void = () => {}
  /** Whether the recording is still being written, and no one knows how long. */
  live = false
  /** There was more than was to be read. */
  cut = false
  readonly #name: string
  readonly #blocks: RecordingBlocks
  /** The same file, for those who look back: what was unpacked here stays while blocks are read in. */
  readonly #again: RecordingBlocks
  #last: ReadBlock | undefined
  #places: CallPlaces = { blocks: [], firstCalls: [] }
  readonly #listeners = new Set<(progress: Progress) => void>()
  #metadata: RecordingMetadata | null = null
  #error: string | undefined
  #told = 0
  #lastTold = ''
  #closed = false

  /** Throws node's error when the file cannot be opened. */
  constructor(path: string | Buffer) {
    this.#name = String(path)
    this.#blocks = new RecordingBlocks(path)
    this.#again = new RecordingBlocks(path)
    this.begun = new Promise(resolve => {
      this.#begin = resolve
    })
  }

  /** Of the first segment; null while nothing was read. */
  get metadata(): RecordingMetadata | null {
    return this.#metadata
  }

  /**
   * Reads all of it. Throws a RecordingError where the file is no recording at all; one that is damaged further on is told as progress,
   * and what comes before that is there.
   *
   * @param isOver whether nobody writes to the file any more
   * @param most calls after which it is enough
   */
  async read(isOver: () => boolean = () => true, most: number = mostCalls): Promise<void> {
    const { collector } = this
    collector.enough = most
    while (!this.#closed) {
      const over = isOver()
      try {
        const block = this.#blocks.next()
        this.#metadata ??= this.#blocks.metadata
        if (this.#metadata !== null) this.#begin()
        if (block !== null) {
          const { blocks, firstCalls } = this.#places
          blocks.push({ at: block.at, version: block.version })
          firstCalls.push(collector.store.count)
          let offset = 0
          for (; offset < block.length && collector.store.count < most && !this.#closed; await turn())
            offset = collector.block(blocks.length - 1, block, offset, recordsAtOnce)
          if (collector.store.count >= most) {
            const { at, size } = this.#blocks.progress
            this.cut = offset < block.length || at < size
            if (this.cut && most === mostCalls)
              this.#error = `only the first ${mostCalls} calls are shown: there are more than that`
            break
          }
        } else if (over) {
          const { at, size } = this.#blocks.progress
          if (at === 0) throw new RecordingError(this.#name, size === 0 ? 'is empty' : 'is not a recording')
          if (at < size)
            this.#error = `the recording ends in the middle: the last ${size - at} bytes are lost`
          break
        } else await sleep(lookAgain)
      } catch (error) {
        if (!(error instanceof RecordingError) || this.#metadata === null) throw error
        this.#error = error.message
        break
      }
      this.#tellInTime()
    }
    collector.end(this.cut)
    this.#tell()
  }

  /** Takes what an earlier reading has kept in place of reading; false where there is nothing. */
  async recall(kept: string): Promise<boolean> {
    const found = await recallCalls(kept, this.collector)
    if (found === null) return false
    this.#places = found.places
    this.#metadata = found.metadata
    this.#begin()
    this.#tell()
    return true
  }

  /** Keeps what was read, where it has taken its time and all is there. `file` is made new; the result says whether it was. */
  async keep(file: string, least: number = worthKeeping): Promise<boolean> {
    const { store } = this.collector
    if (this.#metadata === null || store.count < least) return false
    if (!store.complete || this.cut || this.#error !== undefined || this.#closed) return false
    return keepCalls(file, this.collector, this.#places, this.#metadata)
  }

  /** Calls back at once, and whenever more has been read, until all is. The function that is returned ends that. */
  onProgress(listener: (progress: Progress) => void): () => void {
    listener(this.progress())
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  progress(): Progress {
    const { store } = this.collector
    const { at, size } = this.#blocks.progress
    return {
      calls: store.count,
      span: store.span / 1e6,
      read: store.complete ? 1 : this.live ? null : size === 0 ? 0 : at / size,
      complete: store.complete,
      ...(this.#error === undefined ? {} : { error: this.#error }),
    }
  }

  /** The records of a call; null when they cannot be read again. */
  records(id: number): CallRecords | null {
    const { ends, farEnters } = this.collector
    const far = farEnters.get(id)
    const at = ends[id]!
    const { firstCalls } = this.#places
    const block = firstWhere(firstCalls.length, n => firstCalls[n]! > id) - 1
    try {
      let end: Uint8Array | null = null
      let enter: Uint8Array | null = null
      if (at !== noRecord) {
        const { bytes, view, enters } = this.#read(block)
        const found = enters.get(at)
        if (found === undefined || (found < 0 && far === undefined)) return null
        end = recordAt(bytes, view, at)
        if (far === undefined) enter = recordAt(bytes, view, found)
      }
      if (far !== undefined) {
        const { bytes, view, length } = this.#read(far.block)
        if (far.offset >= length) return null
        enter = recordAt(bytes, view, far.offset)
      }
      return enter === null ? null : { enter, end }
    } catch (error) {
      // The file has been changed, or is gone.
      if (error instanceof RecordingError || (error as NodeJS.ErrnoException).code !== undefined) return null
      throw error
    }
  }

  /** A block by its number; the one that was read last is at hand. */
  #read(number: number): ReadBlock {
    const place = this.#places.blocks[number]!
    if (this.#last?.at === place.at) return this.#last
    this.#last = undefined
    const block = this.#again.read(place)
    this.#last = { ...block, enters: entersOf(block) }
    return this.#last
  }

  close(): void {
    this.#closed = true
    this.#listeners.clear()
    this.#blocks.close()
    this.#again.close()
  }

  #tellInTime(): void {
    if (performance.now() - this.#told >= tellEvery) this.#tell()
  }

  #tell(): void {
    this.#told = performance.now()
    const progress = this.progress()
    const now = JSON.stringify(progress)
    if (now === this.#lastTold) return
    this.#lastTold = now
    // When all is there, what is known of processes has been told.
    if (!progress.complete) this.collector.update()
    for (const listener of this.#listeners) listener(progress)
  }
}

const recordAt = (bytes: Uint8Array, view: DataView, at: number): Uint8Array =>
  bytes.slice(at, at + view.getUint32(at, true))

/** For each record that is no enter, where the last enter of its thread stands, if it does in this block; else -1. */
function entersOf({ bytes, view, length }: RecordBlock): Map<number, number> {
  const enters = new Map<number, number>()
  const last = new Map<number, number>()
  for (let offset = 0; offset < length; offset += view.getUint32(offset, true)) {
    const tid = view.getUint32(offset + Header.tid, true)
    if (bytes[offset + Header.kind] === RecordKind.enter) last.set(tid, offset)
    else enters.set(offset, last.get(tid) ?? -1)
  }
  return enters
}
