import { open_mode_flags } from '../../abi/sets.ts'
import { libc } from '../../libc/libc.ts'
import { NativeMemory } from '../../libc/native-memory.ts'
import { procNumber } from '../notes/process-numbers.ts'

const pathBytes = 64
const textBytes = 128
const { O_CLOEXEC } = open_mode_flags.values

/** A thread's /proc/TID/schedstat, read without allocating. */
export class SchedStat {
  /** ns on a CPU, and ns in a queue for one. */
  ran = 0
  delayed = 0
  readonly #memory = new NativeMemory(pathBytes + textBytes)
  #at = 0

  /** Of thread `tid`, 0 for this one. False when it cannot be read: the thread is gone, or the kernel keeps no such account. */
  read(tid: number): boolean {
    const { bytes, address } = this.#memory
    const path = tid === 0 ? '/proc/thread-self/schedstat' : `/proc/${procNumber(tid)}/schedstat`
    for (let i = 0; i < path.length; i++) bytes[i] = path.charCodeAt(i)
    bytes[path.length] = 0
    const fd = libc.open(address, O_CLOEXEC, 0)
    if (fd < 0) return false
    const length = libc.pread(fd, address + pathBytes, textBytes - 1, 0)
    libc.close(fd)
    if (length <= 0) return false
    bytes[pathBytes + length] = 0
    this.#at = pathBytes
    this.ran = this.#number()
    this.delayed = this.#number()
    return true
  }

  #number(): number {
    const { bytes } = this.#memory
    let value = 0
    while (bytes[this.#at]! >= 48) value = value * 10 + bytes[this.#at++]! - 48
    this.#at++
    return value
  }
}
