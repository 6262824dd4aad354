/** Reads two recordings into stores, and compares them when all is there. */
import { CallsToCompare, type Detail, Texts } from '../analysis/compared-calls.ts'
import type { Times } from '../analysis/slower-calls.ts'
import { compareStores } from './compare-stores.ts'
import type { ComparedTable } from './compared-table.ts'
import type { Progress, ProgressTeller } from './protocol.ts'
import { RecordingFeed } from './recording-feed.ts'

export class ComparisonFeed implements ProgressTeller {
  readonly sides: readonly [RecordingFeed, RecordingFeed]
  /** Null until all is compared. */
  table: ComparedTable | null = null
  /** What is compared, until it is. */
  #compared: { readonly texts: Texts; readonly calls: readonly [CallsToCompare, CallsToCompare] } | null
  readonly #times: Times
  readonly #listeners = new Set<(progress: Progress) => void>()

  /**
   * Throws node's error when a file cannot be opened.
   *
   * @param detail what both recordings know of arguments
   */
  constructor(paths: readonly [Buffer, Buffer], detail: Detail, times: Times) {
    this.#times = times
    this.sides = [new RecordingFeed(paths[0]), new RecordingFeed(paths[1])]
    const texts = new Texts()
    const calls = [new CallsToCompare(texts, detail), new CallsToCompare(texts, detail)] as const
    this.#compared = { texts, calls }
    for (const [i, { collector }] of this.sides.entries()) collector.watcher = calls[i]!
  }

  /** Reads both, at most so many calls of each, and compares them. */
  async read(most?: number): Promise<void> {
    const [before, after] = this.sides
    const stops = this.sides.map(side => side.onProgress(() => this.#tell()))
    await Promise.all(this.sides.map(side => side.read(() => true, most)))
    for (const stop of stops) stop()
    const { texts, calls } = this.#compared!
    const sideOf = (feed: RecordingFeed, { processes }: CallsToCompare) => ({
      store: feed.collector.store,
      processes,
    })
    this.table = await compareStores(sideOf(before, calls[0]), sideOf(after, calls[1]), texts, this.#times)
    // It takes as much memory as the stores, which stay.
    this.#compared = null
    for (const { collector } of this.sides) collector.watcher = null
    this.#tell()
  }

  onProgress(listener: (progress: Progress) => void): () => void {
    listener(this.#progress())
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** What is wrong with either recording. */
  problems(): string[] {
    return this.sides.flatMap(side => side.progress().error ?? [])
  }

  #progress(): Progress {
    const [a, b] = this.sides.map(side => side.progress()) as [Progress, Progress]
    return {
      calls: a.calls + b.calls,
      span: Math.max(a.span, b.span),
      read: ((a.read ?? 0) + (b.read ?? 0)) / 2,
      complete: this.table !== null,
    }
  }

  #tell(): void {
    const progress = this.#progress()
    for (const listener of this.#listeners) listener(progress)
  }
}
