/** A stopped tracee's memory. */
import { libc } from '../../libc/libc.ts'
import { NativeMemory } from '../../libc/native-memory.ts'
import type { TraceeMemory } from '../plans/record-builder.ts'
import { endOfUnreadable } from './kernel-mappings.ts'
import { Errno, Request } from './ptrace-constants.ts'

/** The smallest that Linux has; a page of 64 KiB is read in parts. */
const pageBytes = 4096

/** Reads a stopped tracee's memory straight into the ring. */
export class StoppedMemory implements TraceeMemory {
  /** The tracee. */
  tid = 0
  readonly #ring: NativeMemory
  readonly #vectors = new NativeMemory(32)
  readonly #asKernel: boolean
  #peek = false
  /** Pages that are kept: their addresses (-1: none), and which one goes next. Pieces of a vector may go to and fro between two. */
  readonly #pages = new NativeMemory(2 * pageBytes)
  readonly #kept = new Float64Array(2).fill(-1)
  #next = 0

  /** @param asKernel what the program itself may not read is read where the kernel would. */
  constructor(ring: NativeMemory, asKernel = false) {
    this.#ring = ring
    this.#asKernel = asKernel
  }

  readNear(address: number, length: number, to: number): number {
    for (let done = 0; done < length; ) {
      const at = address + done
      const page = at - (at % pageBytes)
      const count = Math.min(length - done, page + pageBytes - at)
      const place = this.#page(page)
      if (place < 0) return done
      const from = place + at - page
      this.#ring.bytes.set(this.#pages.bytes.subarray(from, from + count), to + done)
      done += count
    }
    return length
  }

  forget(): void {
    this.#kept.fill(-1)
  }

  /** Where a page is among those that are kept; -1 when it cannot be read. */
  #page(page: number): number {
    if (this.#kept[0] === page) return 0
    if (this.#kept[1] === page) return pageBytes
    const place = this.#next * pageBytes
    this.#kept[this.#next] = -1
    if (this.#copy(page, pageBytes, this.#pages, place) < pageBytes) return -1
    this.#kept[this.#next] = page
    this.#next = 1 - this.#next
    return place
  }

  read(address: number, length: number, to: number): number {
    return this.#copy(address, length, this.#ring, to)
  }

  #copy(address: number, length: number, into: NativeMemory, to: number): number {
    let done = this.#copyReadable(address, length, into, to)
    while (done < length && this.#asKernel) {
      const count = Math.min(length, endOfUnreadable(this.tid, address + done) - address) - done
      if (count <= 0 || this.#readWords(address + done, count, into, to + done) < count) break
      done += count
      if (done < length) done += this.#copyReadable(address + done, length - done, into, to + done)
    }
    return done
  }

  #copyReadable(address: number, length: number, into: NativeMemory, to: number): number {
    if (this.#peek) return this.#readWords(address, length, into, to)
    // Two struct iovec: ours, theirs. By hand, since it is hot.
    const { words } = this.#vectors
    const ours = into.address + to
    words[0] = ours
    words[1] = ours / 0x1_0000_0000
    words[2] = length
    words[4] = address
    words[5] = address / 0x1_0000_0000
    words[6] = length
    const vectors = this.#vectors.address
    const copied = libc.process_vm_readv(this.tid, vectors, 1, vectors + 16, 1, 0)
    if (copied >= 0) return copied
    const errno = libc.errno()
    // Refused inside some containers, and where the tracee has changed its user; ptrace itself still may.
    if (errno !== Errno.EPERM && errno !== Errno.ENOSYS) return 0
    if (errno === Errno.ENOSYS) this.#peek = true
    return this.#readWords(address, length, into, to)
  }

  /** Word by word, through ptrace: slow, allowed to every tracer, and wherever the program could have had memory to read. */
  #readWords(address: number, length: number, into: NativeMemory, to: number): number {
    const { bytes } = into
    const word = new DataView(new ArrayBuffer(8))
    for (let done = 0; done < length; ) {
      const aligned = address + done - ((address + done) % 8)
      libc.setErrno(0)
      const value = libc.ptrace(Request.PEEKDATA, this.tid, aligned, 0)
      if (value === -1 && libc.errno() !== 0) return done
      word.setBigInt64(0, BigInt(value), true)
      for (let i = address + done - aligned; i < 8 && done < length; i++)
        bytes[to + done++] = word.getUint8(i)
    }
    return length
  }
}
