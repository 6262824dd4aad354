/**
 * Assembles eBPF bytecode: instructions with labels, and references to maps by name that are resolved when the program is
 * built. One method an instruction, written to be read like the kernel's own notation: `mov('r6', 'r1')` is r6 = r1.
 */
import {
  bpf_op_alu,
  bpf_op_jmp,
  bpf_size,
  bpf_src,
  ebpf_class,
  ebpf_mode,
  ebpf_op_alu,
  ebpf_op_jmp,
  ebpf_size,
} from '../../abi/sets.ts'

export type Register = 'r0' | 'r1' | 'r2' | 'r3' | 'r4' | 'r5' | 'r6' | 'r7' | 'r8' | 'r9' | 'r10'
/** A register, or a number that fits in 32 bits signed. */
export type Operand = Register | number
/** Bytes that a load or store moves. */
export type Width = 1 | 2 | 4 | 8

/** A place in a program: taken from `newLabel`, put by `label`. */
export interface Label {
  /** Index of the instruction, -1 until it is known. */
  at: number
}

type Labels<N extends number, L extends Label[] = []> = L['length'] extends N ? L : Labels<N, [...L, Label]>

const Class = ebpf_class.values
const Alu = { ...bpf_op_alu.values, ...ebpf_op_alu.values }
const Jump = { ...bpf_op_jmp.values, ...ebpf_op_jmp.values }

const aluCodes = {
  '+=': Alu.BPF_ADD,
  '-=': Alu.BPF_SUB,
  '*=': Alu.BPF_MUL,
  '/=': Alu.BPF_DIV,
  '|=': Alu.BPF_OR,
  '&=': Alu.BPF_AND,
  '<<=': Alu.BPF_LSH,
  '>>=': Alu.BPF_RSH,
  '%=': Alu.BPF_MOD,
  '^=': Alu.BPF_XOR,
  's>>=': Alu.BPF_ARSH,
} as const
export type AluOperator = keyof typeof aluCodes

/** Comparisons are of unsigned numbers; those that begin with `s` are of signed ones; `&` holds when a common bit is set. */
const jumpCodes = {
  '==': Jump.BPF_JEQ,
  '!=': Jump.BPF_JNE,
  '>': Jump.BPF_JGT,
  '>=': Jump.BPF_JGE,
  '<': Jump.BPF_JLT,
  '<=': Jump.BPF_JLE,
  's>': Jump.BPF_JSGT,
  's>=': Jump.BPF_JSGE,
  's<': Jump.BPF_JSLT,
  's<=': Jump.BPF_JSLE,
  '&': Jump.BPF_JSET,
} as const
export type Comparison = keyof typeof jumpCodes

const widthCodes = {
  1: bpf_size.values.BPF_B,
  2: bpf_size.values.BPF_H,
  4: bpf_size.values.BPF_W,
  8: ebpf_size.values.BPF_DW,
} as const

/** What the source register of a 64-bit load says that its number is. */
const Pseudo = { mapFd: 1, mapValue: 2, call: 1, kernelCall: 2, function: 4 } as const

const instructionBytes = 8

interface Fixup {
  readonly at: number
  readonly label: Label
  /** Where the distance goes: a jump's offset, or the number of a call or of a function's address. */
  readonly field: 'offset' | 'number'
}

/** A program that lacks but the descriptors of its maps. */
export interface Assembled {
  readonly code: Buffer
  readonly maps: readonly { readonly at: number; readonly map: string }[]
}

/** The program's code with the maps' descriptors. Throws where there is none. */
export function withMaps({ code, maps }: Assembled, descriptors: { readonly [map: string]: number }): Buffer {
  const whole = Buffer.from(code)
  for (const { at, map } of maps) {
    const fd = descriptors[map]
    if (fd === undefined) throw new RangeError(`no map ${map}`)
    whole.writeInt32LE(fd, at * instructionBytes + 4)
  }
  return whole
}

export class BpfAssembler {
  /** The kernel's function that makes any number an address to read from, by the id of its type; null where there is none. */
  readonly cast: number | null
  #bytes = Buffer.alloc(256 * instructionBytes)
  #count = 0
  readonly #fixups: Fixup[] = []
  readonly #maps: { readonly at: number; readonly map: string }[] = []

  constructor(cast: number | null = null) {
    this.cast = cast
  }

  /** How many instructions there are; the number of the next one. */
  get length(): number {
    return this.#count
  }

  newLabel(): Label {
    return { at: -1 }
  }

  newLabels<N extends number>(count: N): Labels<N> {
    return Array.from({ length: count }, () => this.newLabel()) as Labels<N>
  }

  label(label: Label): void {
    label.at = this.#count
  }

  mov(to: Register, from: Operand): void {
    this.#alu(Class.BPF_ALU64, Alu.BPF_MOV, to, from)
  }

  /** The low 32 bits; the others become zero. */
  mov32(to: Register, from: Operand): void {
    this.#alu(Class.BPF_ALU, Alu.BPF_MOV, to, from)
  }

  alu(to: Register, operator: AluOperator, by: Operand): void {
    this.#alu(Class.BPF_ALU64, aluCodes[operator], to, by)
  }

  /** On the low 32 bits; the others become zero. */
  alu32(to: Register, operator: AluOperator, by: Operand): void {
    this.#alu(Class.BPF_ALU, aluCodes[operator], to, by)
  }

  load(width: Width, to: Register, from: Register, offset: number): void {
    this.#emit(Class.BPF_LDX | ebpf_mode.values.BPF_MEM | widthCodes[width], to, from, offset, 0)
  }

  store(width: Width, to: Register, offset: number, from: Operand): void {
    const mode = ebpf_mode.values.BPF_MEM | widthCodes[width]
    if (typeof from === 'number') this.#emit(Class.BPF_ST | mode, to, 'r0', offset, from)
    else this.#emit(Class.BPF_STX | mode, to, from, offset, 0)
  }

  /** Adds to memory in one step, whoever else does so. */
  atomicAdd(width: 4 | 8, to: Register, offset: number, from: Register): void {
    this.#emit(Class.BPF_STX | ebpf_mode.values.BPF_ATOMIC | widthCodes[width], to, from, offset, 0)
  }

  goto(label: Label): void {
    this.#fixups.push({ at: this.#count, label, field: 'offset' })
    this.#emit(Class.BPF_JMP | Jump.BPF_JA, 'r0', 'r0', 0, 0)
  }

  jump(left: Register, comparison: Comparison, right: Operand, label: Label): void {
    this.#jump(Class.BPF_JMP, left, comparison, right, label)
  }

  /** Compares the low 32 bits. */
  jump32(left: Register, comparison: Comparison, right: Operand, label: Label): void {
    this.#jump(Class.BPF_JMP32, left, comparison, right, label)
  }

  /** Calls one of the kernel's helpers, by its number. */
  call(helper: number): void {
    this.#emit(Class.BPF_JMP | Jump.BPF_CALL, 'r0', 'r0', 0, helper)
  }

  /** Calls a function of the kernel (a kfunc), by the id of its type. */
  callKernel(type: number): void {
    this.#emitRaw(Class.BPF_JMP | Jump.BPF_CALL, 0, Pseudo.kernelCall, 0, type)
  }

  /** Calls a function of this program. */
  callFunction(label: Label): void {
    this.#fixups.push({ at: this.#count, label, field: 'number' })
    this.#emitRaw(Class.BPF_JMP | Jump.BPF_CALL, 0, Pseudo.call, 0, 0)
  }

  exit(): void {
    this.#emit(Class.BPF_JMP | Jump.BPF_EXIT, 'r0', 'r0', 0, 0)
  }

  /** A number of 64 bits. */
  number64(to: Register, value: bigint): void {
    this.#wide(to, 0, Number(BigInt.asIntN(32, value)), Number(BigInt.asIntN(32, value >> 32n)))
  }

  /** A number of any size. */
  constant(to: Register, value: number): void {
    if (value === (value | 0)) this.mov(to, value)
    else this.number64(to, BigInt(value))
  }

  /** A map, for a helper that takes one. */
  map(to: Register, map: string): void {
    this.#maps.push({ at: this.#count, map })
    this.#wide(to, Pseudo.mapFd, 0, 0)
  }

  /** The address of a byte in the only value of an array map. */
  mapValue(to: Register, map: string, offset: number): void {
    this.#maps.push({ at: this.#count, map })
    this.#wide(to, Pseudo.mapValue, 0, offset)
  }

  /** The address of a function of this program, for a helper that calls it. */
  functionAddress(to: Register, label: Label): void {
    this.#fixups.push({ at: this.#count, label, field: 'number' })
    this.#wide(to, Pseudo.function, 0, 0)
  }

  /** The program, with the descriptors of the maps that it names. Throws where a label is missing or too far away. */
  build(maps: { readonly [name: string]: number }): Buffer {
    return withMaps(this.assemble(), maps)
  }

  /** The same, still without them. */
  assemble(): Assembled {
    const code = Buffer.from(this.#bytes.subarray(0, this.#count * instructionBytes))
    for (const { at, label, field } of this.#fixups) {
      if (label.at < 0) throw new RangeError(`instruction ${at} goes to a label that is nowhere`)
      const distance = label.at - at - 1
      if (field === 'number') code.writeInt32LE(distance, at * instructionBytes + 4)
      else {
        if (distance !== (distance << 16) >> 16) throw new RangeError(`a jump over ${distance} instructions`)
        code.writeInt16LE(distance, at * instructionBytes + 2)
      }
    }
    return { code, maps: this.#maps }
  }

  #alu(kind: number, code: number, to: Register, by: Operand): void {
    if (typeof by === 'number') this.#emit(kind | code | bpf_src.values.BPF_K, to, 'r0', 0, by)
    else this.#emit(kind | code | bpf_src.values.BPF_X, to, by, 0, 0)
  }

  #jump(kind: number, left: Register, comparison: Comparison, right: Operand, label: Label): void {
    this.#fixups.push({ at: this.#count, label, field: 'offset' })
    this.#alu(kind, jumpCodes[comparison], left, right)
  }

  #wide(to: Register, source: number, low: number, high: number): void {
    this.#emitRaw(
      Class.BPF_LD | ebpf_mode.values.BPF_IMM | ebpf_size.values.BPF_DW,
      indexOf(to),
      source,
      0,
      low,
    )
    this.#emitRaw(0, 0, 0, 0, high)
  }

  #emit(code: number, to: Register, from: Register, offset: number, value: number): void {
    this.#emitRaw(code, indexOf(to), indexOf(from), offset, value)
  }

  #emitRaw(code: number, to: number, from: number, offset: number, value: number): void {
    if (value !== (value | 0)) throw new RangeError(`${value} does not fit in an instruction`)
    const at = this.#count++ * instructionBytes
    if (at === this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes, Buffer.alloc(at)])
    this.#bytes[at] = code
    this.#bytes[at + 1] = to | (from << 4)
    this.#bytes.writeInt16LE(offset, at + 2)
    this.#bytes.writeInt32LE(value, at + 4)
  }
}

const indexOf = (register: Register): number => Number(register.slice(1))
