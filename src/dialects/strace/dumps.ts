/** -e read= and -e write=: all that a call moved, in hexadecimal and as text, below its line. */
import type { Frame } from '../../record/frame.ts'
import { readAddress } from '../../types/evaluate.ts'
import { layoutOf } from '../../types/resolve.ts'
import type { TextBuffer } from '../text-buffer.ts'

/** Which descriptors' data is dumped. */
export interface DumpChoice {
  readonly reads: (fd: number) => boolean
  readonly writes: (fd: number) => boolean
}

/** Where a call has its data: bytes (and how many, for what is written), a vector of buffers, a message, or several. */
type Place =
  | { readonly bytes: number; readonly length: number }
  | { readonly vector: number; readonly count: number }
  | { readonly message: number }
  | { readonly messages: number }

const vector: Place = { vector: 1, count: 2 }
const bytes: Place = { bytes: 1, length: 2 }

/** Calls whose first argument is read from. */
const reading: { readonly [call: string]: Place } = {
  read: bytes,
  pread64: bytes,
  recvfrom: bytes,
  mq_timedreceive: bytes,
  readv: vector,
  preadv: vector,
  preadv2: vector,
  recvmsg: { message: 1 },
  recvmmsg: { messages: 1 },
}

/** Calls whose first argument is written to. */
const writing: { readonly [call: string]: Place } = {
  write: bytes,
  pwrite64: bytes,
  sendto: bytes,
  mq_timedsend: bytes,
  writev: vector,
  pwritev: vector,
  pwritev2: vector,
  vmsplice: vector,
  sendmsg: { message: 1 },
  sendmmsg: { messages: 1 },
}

/** Below the line of a call that returned: its data, when its descriptor was chosen. */
export function printDump(out: TextBuffer, frame: Frame, call: string, choice: DumpChoice): void {
  if (frame.result < 0) return
  const fd = frame.view.getInt32(frame.args, true)
  const read = reading[call]
  const written = writing[call]
  if (read !== undefined && !frame.failed && choice.reads(fd)) new Dump(out, frame).place(read, result(frame))
  // All that was to be written, even when less was; or nothing, where it was one buffer.
  else if (written !== undefined && !(frame.failed && !('bytes' in written)) && choice.writes(fd))
    new Dump(out, frame).place(written, undefined)
}

const result = (frame: Frame): number => frame.view.getUint32(frame.result, true)

class Dump {
  readonly #out: TextBuffer
  readonly #frame: Frame
  readonly #word: number

  constructor(out: TextBuffer, frame: Frame) {
    this.#out = out
    this.#frame = frame
    this.#word = frame.arch === 'i386' ? 4 : 8
  }

  /** `moved`: the bytes (or messages) that were read. */
  place(place: Place, moved: number | undefined): void {
    if ('bytes' in place)
      this.#bytes(this.#argument(place.bytes), Math.min(this.#argument(place.length), moved ?? mostBytes))
    else if ('vector' in place)
      this.#buffers(this.#argument(place.vector), this.#argument(place.count), moved ?? mostBytes)
    else if ('message' in place) this.#message(this.#argument(place.message), moved ?? mostBytes)
    else this.#messages(this.#argument(place.messages))
  }

  #argument(index: number): number {
    return readAddress(this.#frame.view, this.#frame.args + index * 8, this.#frame.arch)
  }

  /** Several messages, of which the call tells how many there were and how long they are. */
  #messages(address: number): void {
    const layout = layoutOf('mmsghdr', this.#frame.arch)
    const count = Math.min(result(this.#frame), mostMessages)
    for (let i = 0; i < count; i++) {
      const message = address + i * layout.size
      const at = this.#frame.find(message, layout.size)
      if (at < 0) return
      const moved = this.#frame.view.getUint32(at + layout.fields.msg_len!.offset, true)
      const vectors = readAddress(
        this.#frame.view,
        at + layoutOf('msghdr', this.#frame.arch).fields.msg_iovlen!.offset,
        this.#frame.arch,
      )
      this.#out.put(` = ${vectors} buffers in vector ${i}\n`)
      this.#message(message, moved)
    }
  }

  #message(address: number, moved: number): void {
    const { arch, view } = this.#frame
    const { size, fields } = layoutOf('msghdr', arch)
    const at = this.#frame.find(address, size)
    if (at < 0) return
    const buffers = readAddress(view, at + fields.msg_iov!.offset, arch)
    this.#buffers(buffers, readAddress(view, at + fields.msg_iovlen!.offset, arch), moved)
  }

  #buffers(address: number, count: number, moved: number): void {
    const { view, arch } = this.#frame
    const size = this.#word * 2
    let left = moved
    for (let i = 0; i < count && left > 0; i++) {
      const at = this.#frame.find(address + i * size, size)
      if (at < 0) return
      const base = readAddress(view, at, arch)
      const length = Math.min(readAddress(view, at + this.#word, arch), left)
      left -= length
      // strace goes no further than an empty buffer.
      if (length === 0 || this.#frame.available(base) === 0) return
      this.#out.put(` * ${length} bytes in buffer ${i}\n`)
      this.#bytes(base, length)
    }
  }

  #bytes(address: number, length: number): void {
    const have = Math.min(this.#frame.available(address), length)
    const start = this.#frame.at
    for (let row = 0; row < have; row += perRow)
      this.#row(row, start + row, start + Math.min(have, row + perRow))
  }

  /** `| 00010  31 32 … 38  39 … 46  12345678 … |`. */
  #row(offset: number, from: number, to: number): void {
    const out = this.#out
    const { bytes } = this.#frame
    out.put(` | ${offset.toString(16).padStart(5, '0')} `)
    for (let i = 0; i < perRow; i++) {
      if (i % (perRow / 2) === 0) out.putChar(' ')
      if (from + i < to) {
        out.hexByte(bytes[from + i]!)
        out.putChar(' ')
      } else out.put('   ')
    }
    out.putChar(' ')
    for (let i = 0; i < perRow; i++) {
      const byte = from + i < to ? bytes[from + i]! : 32
      out.putByte(byte >= 32 && byte < 127 ? byte : 46)
    }
    out.put(' |\n')
  }
}

const perRow = 16
const mostMessages = 1024
const mostBytes = Number.MAX_SAFE_INTEGER
