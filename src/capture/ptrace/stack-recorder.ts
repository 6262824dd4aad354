/** Records of stacks: a stopped thread's registers and the bytes of its stack, for others to make sense of. */
import { readFileSync } from 'node:fs'
import { libc } from '../../libc/libc.ts'
import { NativeMemory } from '../../libc/native-memory.ts'
import { align8, Mappings, maxRecordBytes, RecordKind, Stack } from '../../record/layout.ts'
import { procNumber } from '../notes/process-numbers.ts'
import { Request } from './ptrace-constants.ts'
import { nativeIndex, type RecordWriter } from './record-writer.ts'
import { generalRegisters, NT_PRSTATUS } from './register-set.ts'
import type { Tracee } from './tracee.ts'
import { StoppedMemory } from './tracee-memory.ts'

/** Room for the registers of either architecture. */
const maxRegisters = 34 * 8
/** More than programs use between a call and `main`, far less than a record may have. */
const maxStack = 256 * 1024
/** x86-64 lets leaf functions use so much below the stack pointer. */
const redZone = 128
const { stackPointer, bytes: registerBytes } = generalRegisters

export class StackRecorder {
  readonly #writer: RecordWriter
  readonly #memory: StoppedMemory
  readonly #vector = new NativeMemory(16)
  /** What was last written of a process's mappings. */
  readonly #mappings = new Map<number, string>()

  constructor(writer: RecordWriter) {
    this.#writer = writer
    this.#memory = new StoppedMemory(writer.memory)
  }

  /** Records the stack of a stopped thread. `leaving`: it is in a call that does not come back to it. */
  record(tracee: Tracee, leaving = false): void {
    if (this.#writer.quiet) return
    this.#recordMappings(tracee)
    const { ring } = this.#writer
    const at = ring.begin()
    const registers = at + Stack.content
    this.#vector.setUint64(0, this.#writer.memory.address + registers)
    this.#vector.setUint64(8, maxRegisters)
    // A tracee that was killed has left its stop; a 32-bit program's registers are fewer.
    const got = libc.ptrace(Request.GETREGSET, tracee.tid, NT_PRSTATUS, this.#vector.address)
    if (got !== 0 || this.#vector.getUint64(8) !== registerBytes) return
    const address = this.#writer.memory.getUint64(registers + stackPointer) - redZone
    const stack = registers + registerBytes
    this.#memory.tid = tracee.tid
    const copied = address > 0 && address < 2 ** 48 ? this.#memory.read(address, maxStack, stack) : 0
    this.#writer.header(
      at,
      RecordKind.stack,
      nativeIndex,
      leaving ? 1 : 0,
      tracee.tid,
      tracee.pid,
      this.#writer.now(),
    )
    this.#writer.memory.setUint64(at + Stack.address, address)
    ring.view.setUint32(at + Stack.registerBytes, registerBytes, true)
    ring.view.setUint32(at + Stack.stackBytes, copied, true)
    ring.commit(Stack.content + registerBytes + align8(copied))
  }

  /** A process has ended. */
  forget(pid: number): void {
    this.#mappings.delete(pid)
  }

  /** The process's executable mappings, when they are not those that were recorded last. */
  #recordMappings({ tid, pid }: Tracee): void {
    let text: string
    try {
      text = readFileSync(`/proc/${procNumber(tid)}/maps`, 'latin1')
    } catch {
      return
    }
    const executable = text.match(/^\S+ ..x. .*\n/gm)?.join('') ?? ''
    if (executable === this.#mappings.get(pid) || executable.length > maxRecordBytes / 2) return
    this.#mappings.set(pid, executable)
    const { ring } = this.#writer
    const at = ring.begin()
    this.#writer.header(at, RecordKind.mappings, nativeIndex, 0, tid, pid, this.#writer.now())
    ring.view.setUint32(at + Mappings.length, executable.length, true)
    ring.bytes.set(Buffer.from(executable, 'latin1'), at + Mappings.text)
    ring.commit(Mappings.text + align8(executable.length))
  }
}
