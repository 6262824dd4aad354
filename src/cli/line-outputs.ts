/** Where lines of text go: one sink for all, or a file a process (-ff). */

import type { LineOutput } from '../dialects/strace/line-options.ts'
import { TextBuffer } from '../dialects/text-buffer.ts'
import type { ByteSink } from '../sinks/byte-sink.ts'

/** Bytes after which a buffer is written out even when more is to come. */
const flushAt = 1 << 16

/** Everything into one sink. */
export class SharedOutput implements LineOutput {
  onFlush: (flushed: number) => void = () => {}
  readonly text = new TextBuffer()
  readonly #sink: ByteSink
  constructor(sink: ByteSink) {
    this.#sink = sink
  }
  buffer(): TextBuffer {
    return this.text
  }
  lineEnded(): void {
    if (this.text.length > flushAt) this.flush()
  }
  ended(): void {}
  flush(): void {
    const { length } = this.text
    if (length === 0) return
    this.#sink.write(this.text.text())
    this.text.clear()
    this.onFlush(length)
  }
}

/** `NAME.TID` for each thread, opened when it has something to say. */
export class SeparateOutput implements LineOutput {
  onFlush: (flushed: number) => void = () => {}
  readonly #open: (tid: number) => ByteSink
  readonly #files = new Map<number, { readonly text: TextBuffer; readonly sink: ByteSink }>()
  constructor(open: (tid: number) => ByteSink) {
    this.#open = open
  }
  buffer(tid: number): TextBuffer {
    let file = this.#files.get(tid)
    if (file === undefined) this.#files.set(tid, (file = { text: new TextBuffer(), sink: this.#open(tid) }))
    return file.text
  }
  lineEnded(): void {}
  ended(tid: number): void {
    const file = this.#files.get(tid)
    if (file === undefined) return
    if (file.text.length > 0) file.sink.write(file.text.text())
    void file.sink.close()
    this.#files.delete(tid)
  }
  flush(): void {
    // Only whole lines leave early: columns count from the start of a line.
    for (const { text, sink } of this.#files.values()) {
      const end = text.bytes.lastIndexOf(10, text.length - 1) + 1
      if (end === 0 || text.length === 0) continue
      sink.write(text.bytes.subarray(0, end))
      text.bytes.copyWithin(0, end, text.length)
      text.length -= end
    }
  }
}
