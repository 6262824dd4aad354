/** Instructions of bpf programs: `{code=BPF_ALU64|BPF_K|BPF_MOV, dst_reg=BPF_REG_0, src_reg=BPF_REG_0, off=0, imm=0x1}`. */
import * as sets from '../../abi/sets.ts'
import type { ArchName } from '../../record/layout.ts'
import type { NameSet } from '../../types/language.ts'
import type { TextBuffer } from '../text-buffer.ts'
import { nameTable, printValue } from './names.ts'
import type { Printer } from './print.ts'
import type { Style } from './style.ts'

const c = sets.ebpf_class.values
const classMask = 0x07

/** The parts of an instruction's code: a class, then by class a source and an operation, or a size and a mode. */
function code(out: TextBuffer, value: number, style: Style, arch: ArchName): void {
  const part = (bits: number, ...names: NameSet[]): void =>
    printValue(
      out,
      names.map(set => nameTable(set, arch)),
      bits,
      0,
      style,
      'BPF_???',
    )
  const kind = value & classMask
  part(kind, sets.ebpf_class)
  const rest = value & ~classMask
  switch (kind) {
    case c.BPF_ALU:
    case c.BPF_ALU64:
    case c.BPF_JMP: {
      out.putChar('|')
      part(rest & 0x08, sets.bpf_src)
      out.putChar('|')
      if (kind === c.BPF_JMP) part(rest & 0xf0, sets.bpf_op_jmp, sets.ebpf_op_jmp)
      else part(rest & 0xf0, sets.bpf_op_alu, sets.ebpf_op_alu)
      return
    }
    case c.BPF_JMP32:
      if (rest === 0) return
      out.putChar('|')
      out.hex(rest)
      return
    default:
      out.putChar('|')
      part(rest & 0x18, sets.bpf_size, sets.ebpf_size)
      out.putChar('|')
      part(rest & 0xe0, sets.bpf_mode, sets.ebpf_mode)
  }
}

export const instructionBytes = 8

/** Prints the instruction that stands at a place. */
export const bpfInstruction =
  (style: Style, arch: ArchName): Printer =>
  (out, { view, bytes }, at) => {
    const registers = [nameTable(sets.ebpf_regs, arch)]
    const pair = bytes[at + 1]!
    out.put('{code=')
    code(out, bytes[at]!, style, arch)
    out.put(', dst_reg=')
    printValue(out, registers, pair & 15, 0, style)
    out.put(', src_reg=')
    printValue(out, registers, pair >> 4, 0, style)
    out.put(`, off=${view.getInt16(at + 2, true)}, imm=`)
    const immediate = view.getUint32(at + 4, true)
    if (immediate === 0) out.putChar('0')
    else out.hex(immediate)
    out.putChar('}')
  }
