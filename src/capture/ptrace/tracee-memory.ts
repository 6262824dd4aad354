import { libc } from './libc.ts'
import { NativeMemory } from './native-memory.ts'
import { Errno, Request } from './ptrace-constants.ts'
import type { TraceeMemory } from './record-builder.ts'

/** Reads a stopped tracee's memory straight into the ring. */
export class StoppedMemory implements TraceeMemory {
  /** The tracee. */
  tid = 0
  readonly #ring: NativeMemory
  readonly #vectors = new NativeMemory(32)
  #peek = false

  constructor(ring: NativeMemory) {
    this.#ring = ring
  }

  read(address: number, length: number, to: number): number {
    if (this.#peek) return this.#readWords(address, length, to)
    // Two struct iovec: ours, theirs. By hand, since it is hot.
    const { words } = this.#vectors
    const ours = this.#ring.address + to
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
    return this.#readWords(address, length, to)
  }

  /** Word by word, through ptrace: slow, and allowed to every tracer. */
  #readWords(address: number, length: number, to: number): number {
    const { bytes } = this.#ring
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
