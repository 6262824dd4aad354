/** From the registers and the stack of a thread to the addresses that its functions will return to. */
import { readUnsigned } from '../record/numbers.ts'
import { ElfFile } from './elf-file.ts'
import { evaluate } from './expressions.ts'
import { type FrameRules, frameRules, type Rule } from './frame-rules.ts'
import { type Mapping, mappingAt } from './mappings.ts'

/** Numbers of registers as DWARF has them, by machine. */
export interface Machine {
  readonly stackPointer: number
  readonly framePointer: number
  readonly instructionPointer: number
}
export const machines = {
  amd64: { stackPointer: 7, framePointer: 6, instructionPointer: 16 },
  /** 32 is nobody's number: the program counter has none. */
  arm64: { stackPointer: 31, framePointer: 29, instructionPointer: 32 },
} as const satisfies { readonly [arch: string]: Machine }

/** A copy of a stack: `bytes` from `address` on. */
export interface StackCopy {
  readonly address: number
  readonly view: DataView
}

export interface StackFrame {
  readonly address: number
  readonly mapping: Mapping
  /** The function, when the file has a name for it. */
  readonly symbol: { readonly name: string; readonly offset: number } | null
}

/** Frames of a stack that has no end. */
const deepest = 256

/** Files by path, kept open while stacks are printed. */
export class ElfFiles {
  readonly #files = new Map<string, ElfFile | null>()
  get(path: string): ElfFile | null {
    let file = this.#files.get(path)
    if (file === undefined) {
      file = path.startsWith('/') ? ElfFile.open(path) : null
      this.#files.set(path, file)
    }
    return file
  }
}

/** The frames from the innermost out. `registers` are numbered as DWARF does. Ends where nothing more is known, at the latest after 256. */
export function unwind(
  machine: Machine,
  registers: ReadonlyMap<number, number>,
  stack: StackCopy,
  mappings: readonly Mapping[],
  files: ElfFiles,
): StackFrame[] {
  const frames: StackFrame[] = []
  let current: ReadonlyMap<number, number> | null = registers
  // The innermost address, and one that a signal interrupted, is that of an instruction. All others come behind a
  // call, which may be the last instruction of its function: there the one before counts.
  let exact = true
  while (current !== null && frames.length < deepest) {
    const address = current.get(machine.instructionPointer)
    if (address === undefined || address === 0) break
    const mapping = mappingAt(mappings, address)
    if (mapping === undefined) break
    const file = files.get(mapping.name.replace(/ \(deleted\)$/, ''))
    const own = file?.addressOf(address - mapping.start + mapping.offset)
    let rules: FrameRules | null = null
    let symbol: StackFrame['symbol'] = null
    if (file !== null && own !== undefined) {
      symbol = file.symbolAt(own)
      try {
        rules = frameRules(file, own - (exact ? 0 : 1))
      } catch (error) {
        if (!(error instanceof RangeError)) throw error
      }
    }
    frames.push({ address, mapping, symbol })
    exact = rules?.signal ?? false
    const next: Map<number, number> | null =
      rules === null ? byFramePointer(machine, current, stack) : step(machine, rules, current, stack)
    current = next !== null && isProgress(machine, current, next) ? next : null
  }
  return frames
}

/** A stack grows down, so callers lie above; whatever does not is wrong or without an end. */
const isProgress = (
  machine: Machine,
  from: ReadonlyMap<number, number>,
  to: ReadonlyMap<number, number>,
): boolean =>
  to.get(machine.stackPointer)! > from.get(machine.stackPointer)! ||
  (to.get(machine.stackPointer) === from.get(machine.stackPointer) &&
    to.get(machine.instructionPointer) !== from.get(machine.instructionPointer))

function step(
  machine: Machine,
  { cfa, rules, returnAddress }: FrameRules,
  registers: ReadonlyMap<number, number>,
  stack: StackCopy,
): Map<number, number> | null {
  const context = {
    register: (number: number) => registers.get(number),
    read: (address: number, bytes: number) => readStack(stack, address, bytes),
  }
  const callersValue = (rule: Rule, frame: number, register: number): number | undefined => {
    switch (rule.kind) {
      case 'undefined':
        return undefined
      case 'same':
        return registers.get(register)
      case 'offset':
        return readStack(stack, frame + rule.offset, 8)
      case 'value':
        return frame + rule.offset
      case 'register':
        return registers.get(rule.register)
      case 'expression': {
        const place = evaluate(rule.code, context, frame)
        return place === undefined ? undefined : readStack(stack, place, 8)
      }
      case 'value-expression':
        return evaluate(rule.code, context, frame)
    }
  }
  try {
    const base = 'register' in cfa ? registers.get(cfa.register) : evaluate(cfa.code, context, null)
    if (base === undefined) return null
    const frame = 'register' in cfa ? base + cfa.offset : base
    const next = new Map(registers)
    next.set(machine.stackPointer, frame)
    for (const [register, rule] of rules) {
      const value = callersValue(rule, frame, register)
      if (value === undefined) next.delete(register)
      else next.set(register, value)
    }
    const to = next.get(returnAddress)
    if (to === undefined) return null
    // A signed return address (arm64) has its signature above the 48 bits of an address.
    next.set(machine.instructionPointer, to % 2 ** 48)
    return next
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

/** Code that nothing describes usually keeps a frame pointer: it leads to the caller's, and behind that is the address to return to. */
function byFramePointer(
  machine: Machine,
  registers: ReadonlyMap<number, number>,
  stack: StackCopy,
): Map<number, number> | null {
  const frame = registers.get(machine.framePointer)
  if (frame === undefined) return null
  const outer = readStack(stack, frame, 8)
  const address = readStack(stack, frame + 8, 8)
  if (outer === undefined || address === undefined) return null
  return new Map(registers)
    .set(machine.framePointer, outer)
    .set(machine.stackPointer, frame + 16)
    .set(machine.instructionPointer, address % 2 ** 48)
}

/** What an expression may read. */
const sizes: ReadonlySet<number> = new Set([1, 2, 4, 8])

function readStack({ address: start, view }: StackCopy, address: number, bytes: number): number | undefined {
  const at = address - start
  if (!sizes.has(bytes) || !(at >= 0 && at + bytes <= view.byteLength)) return undefined
  return readUnsigned(view, at, bytes)
}
