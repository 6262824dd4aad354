/** A stopped thread's registers, read and written through ptrace. */
import { nt_descriptor_types } from '../../abi/sets.ts'
import { libc } from '../../libc/libc.ts'
import { NativeMemory } from '../../libc/native-memory.ts'
import { Request } from './ptrace-constants.ts'

/** The general registers, among a thread's. */
export const NT_PRSTATUS: number = nt_descriptor_types.values.NT_PRSTATUS

/** Where registers are in user_regs_struct (rax, rsp) and user_pt_regs (x0, sp), and how large these are for 64-bit programs. */
export const generalRegisters: {
  readonly bytes: number
  readonly result: number
  readonly stackPointer: number
} =
  process.arch === 'arm64'
    ? { bytes: 34 * 8, result: 0, stackPointer: 31 * 8 }
    : { bytes: 27 * 8, result: 10 * 8, stackPointer: 19 * 8 }

/** An iovec and what it leads to, as PTRACE_GETREGSET and SETREGSET take it. */
export class RegisterSet {
  /** Where the registers begin in `memory`. */
  static readonly content = 16
  readonly memory: NativeMemory
  readonly #bytes: number

  constructor(bytes: number) {
    this.#bytes = bytes
    this.memory = new NativeMemory(RegisterSet.content + bytes)
    this.memory.setUint64(0, this.memory.address + RegisterSet.content)
    this.memory.setUint64(8, bytes)
  }

  /** False when the thread is not stopped (any more). A 32-bit program's registers are fewer: see `length`. */
  read(tid: number, type: number): boolean {
    this.memory.setUint64(8, this.#bytes)
    return libc.ptrace(Request.GETREGSET, tid, type, this.memory.address) === 0
  }

  /** How many bytes of registers the last `read` got. */
  get length(): number {
    return this.memory.getUint64(8)
  }

  write(tid: number, type: number): boolean {
    return libc.ptrace(Request.SETREGSET, tid, type, this.memory.address) === 0
  }
}
