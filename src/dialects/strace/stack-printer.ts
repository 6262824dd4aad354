/** Stacks below lines (-k): ` > FILE(FUNCTION+0xOFFSET) [0xPLACE IN THE FILE]`, the innermost function first. */
import { archNames, Header, Mappings, Stack } from '../../record/layout.ts'
import { readUnsigned } from '../../record/numbers.ts'
import { demangle } from '../../stacks/cxx-names.ts'
import { type Mapping, parseMappings } from '../../stacks/mappings.ts'
import { ElfFiles, type Machine, machines, type StackFrame, unwind } from '../../stacks/unwind.ts'
import type { TextBuffer } from '../text-buffer.ts'

/** Where struct user_regs_struct of x86-64 has the registers of DWARF's numbers 0 to 16 (rax, rdx, rcx, rbx, rsi …). */
const amd64Registers = [10, 12, 11, 5, 13, 14, 4, 19, 9, 8, 7, 6, 3, 2, 1, 0, 16]
/** struct user_pt_regs of arm64: x0 to x30, sp, pc. */
const arm64Registers = Array.from({ length: 33 }, (_, n) => n)
const registersOf: { readonly [arch: string]: readonly number[] } = {
  amd64: amd64Registers,
  arm64: arm64Registers,
}

export class StackPrinter {
  readonly #mappings = new Map<number, readonly Mapping[]>()
  readonly #files = new ElfFiles()
  readonly #names = new Map<string, string>()

  /** Takes a record of a process's mappings. */
  setMappings(bytes: Uint8Array, view: DataView, offset: number): void {
    const from = offset + Mappings.text
    const length = Math.min(view.getUint32(offset + Mappings.length, true), recordEnd(view, offset) - from)
    const text = Buffer.from(bytes.subarray(from, from + length)).toString('latin1')
    this.#mappings.set(view.getUint32(offset + Header.pid, true), parseMappings(text))
  }

  /** A process has ended. */
  forget(pid: number): void {
    this.#mappings.delete(pid)
  }

  /** The frames of a stack record; none where they cannot be told. */
  frames(bytes: Uint8Array, view: DataView, offset: number): readonly StackFrame[] {
    const arch = archNames[bytes[offset + Header.arch]!]
    const machine = (machines as { readonly [arch: string]: Machine })[arch ?? '']
    const mappings = this.#mappings.get(view.getUint32(offset + Header.pid, true))
    const at = registersOf[arch ?? '']
    const registerBytes = view.getUint32(offset + Stack.registerBytes, true)
    if (machine === undefined || mappings === undefined || at === undefined || registerBytes < 27 * 8)
      return []
    const from = offset + Stack.content
    const stack = from + registerBytes
    const stackBytes = view.getUint32(offset + Stack.stackBytes, true)
    if (stack + stackBytes > recordEnd(view, offset)) return []
    const registers = new Map(at.map((word, n) => [n, readUnsigned(view, from + word * 8, 8)]))
    const copy = {
      address: readUnsigned(view, offset + Stack.address, 8),
      view: new DataView(bytes.buffer, bytes.byteOffset + stack, stackBytes),
    }
    return unwind(machine, registers, copy, mappings, this.#files)
  }

  /** @param kept it was taken before its line was due: strace writes such places without a name in another way. */
  print(out: TextBuffer, frames: readonly StackFrame[], kept = false): void {
    const nameless = kept ? '+0x0' : ''
    for (const { address, mapping, symbol } of frames) {
      const name =
        symbol === null ? nameless : `${this.#readable(symbol.name)}+0x${symbol.offset.toString(16)}`
      const place = address - mapping.start + mapping.offset
      out.put(` > ${mapping.name}(${name}) [0x${place.toString(16)}]\n`)
    }
  }

  #readable(symbol: string): string {
    let name = this.#names.get(symbol)
    if (name === undefined) this.#names.set(symbol, (name = demangle(symbol).replace(/[^ -~]/g, '?')))
    return name
  }
}

const recordEnd = (view: DataView, offset: number): number =>
  offset + view.getUint32(offset + Header.size, true)
