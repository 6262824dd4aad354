/**
 * Call frame information (.eh_frame, DWARF 5 section 6.4, with the pointer encodings of the LSB): for an address, how the
 * caller's registers are found.
 */
import { ByteReader } from './byte-reader.ts'
import type { ElfFile, Section } from './elf-file.ts'

/** Where the caller's value of a register is. */
export type Rule =
  | { readonly kind: 'undefined' | 'same' }
  /** In memory, or `value`: itself, at the frame's address plus `offset`. */
  | { readonly kind: 'offset' | 'value'; readonly offset: number }
  | { readonly kind: 'register'; readonly register: number }
  /** In memory, or `value-expression`: itself, as an expression computes from the frame's address. */
  | { readonly kind: 'expression' | 'value-expression'; readonly code: ByteReader }

export interface FrameRules {
  readonly cfa: { readonly register: number; readonly offset: number } | { readonly code: ByteReader }
  readonly rules: ReadonlyMap<number, Rule>
  readonly returnAddress: number
  /** The frame of a signal's delivery: the address in it is no return address. */
  readonly signal: boolean
}

interface Cie {
  readonly codeFactor: number
  readonly dataFactor: number
  readonly returnAddress: number
  readonly pointers: number
  readonly augmented: boolean
  readonly signal: boolean
  readonly program: ByteReader
}

/** Rules for `address` (in the file's numbering); null when the file says nothing of it. Throws RangeError on what is malformed. */
export function frameRules(file: ElfFile, address: number): FrameRules | null {
  const frames = file.frames
  if (frames === null) return null
  const at = file.frameIndex === null ? null : lookUp(file.frameIndex, address)
  if (at !== null) return rulesAt(frames, at - frames.address, address)
  return file.frameIndex === null ? scan(frames, address) : null
}

/** The binary search table of .eh_frame_hdr: the address of the entry, or null. */
function lookUp(index: Section, address: number): number | null {
  const reader = new ByteReader(index.view)
  reader.u8()
  const [framePointer, countEncoding, tableEncoding] = [reader.u8(), reader.u8(), reader.u8()]
  pointer(reader, framePointer, index.address)
  const count = pointer(reader, countEncoding, index.address)
  // What linkers write: pairs of 32-bit numbers relative to the table.
  if (tableEncoding !== 0x3b) return null
  const { view } = index
  const { at } = reader
  const start = (i: number): number => index.address + view.getInt32(at + i * 8, true)
  let [low, high] = [0, Math.min(count, Math.floor((view.byteLength - at) / 8))]
  while (low < high) {
    const middle = (low + high) >> 1
    if (start(middle) <= address) low = middle + 1
    else high = middle
  }
  return low === 0 ? null : index.address + view.getInt32(at + (low - 1) * 8 + 4, true)
}

/** Without an index: entry after entry. */
function scan(frames: Section, address: number): FrameRules | null {
  const reader = new ByteReader(frames.view)
  while (reader.more) {
    const at = reader.at
    const length = reader.u32()
    if (length === 0) break
    const isCie = reader.part(length).u32() === 0
    const found = isCie ? null : rulesAt(frames, at, address)
    if (found !== null) return found
  }
  return null
}

/** The rules of the entry at `at`, when it covers the address. */
function rulesAt(frames: Section, at: number, address: number): FrameRules | null {
  const reader = new ByteReader(frames.view, at)
  const length = reader.u32()
  if (length === 0 || length === 0xffff_ffff) return null
  const body = reader.part(length)
  const back = body.u32()
  if (back === 0) return null
  const cie = readCie(frames, at + 4 - back)
  const start = pointer(body, cie.pointers, frames.address)
  const bytes = pointer(body, cie.pointers & 0x0f, frames.address)
  if (address < start || address >= start + bytes) return null
  if (cie.augmented) body.part(body.uleb())
  return new Machine(cie).run(body, start, address)
}

function readCie(frames: Section, at: number): Cie {
  const reader = new ByteReader(frames.view, at)
  const body = reader.part(reader.u32())
  if (body.u32() !== 0) throw new RangeError('no CIE where one should be')
  const version = body.u8()
  const augmentation = body.text()
  const codeFactor = body.uleb()
  const dataFactor = body.sleb()
  const returnAddress = version === 1 ? body.u8() : body.uleb()
  let pointers = 0
  let signal = false
  const augmented = augmentation.startsWith('z')
  if (augmented) {
    const data = body.part(body.uleb())
    for (const letter of augmentation.slice(1)) {
      if (letter === 'R') pointers = data.u8()
      else if (letter === 'S') signal = true
      else if (letter === 'L') data.u8()
      else if (letter === 'P') pointer(data, data.u8(), frames.address)
    }
  }
  return { codeFactor, dataFactor, returnAddress, pointers, augmented, signal, program: body }
}

/** A pointer in one of the encodings DW_EH_PE_*; 0 for one that leads through memory. */
function pointer(reader: ByteReader, encoding: number, base: number): number {
  if (encoding === 0xff) return 0
  const place = base + reader.at
  const value = encodedNumber(reader, encoding & 0x0f)
  const relative = (encoding & 0x70) === 0x10 ? place : (encoding & 0x70) === 0x30 ? base : 0
  return encoding & 0x80 ? 0 : value === 0 ? 0 : value + relative
}

function encodedNumber(reader: ByteReader, format: number): number {
  switch (format) {
    case 0x01:
      return reader.uleb()
    case 0x02:
      return reader.u16()
    case 0x03:
      return reader.u32()
    case 0x09:
      return reader.sleb()
    case 0x0a:
      return reader.i16()
    case 0x0b:
      return reader.i32()
    case 0x0c:
      return reader.i64()
    default:
      return reader.u64()
  }
}

const undefinedRule: Rule = { kind: 'undefined' }
const sameRule: Rule = { kind: 'same' }
const deepest = 64

/** Runs the instructions of a CIE and an FDE up to an address. */
class Machine {
  #cfa: FrameRules['cfa'] = { register: 0, offset: 0 }
  #rules = new Map<number, Rule>()
  #initial: ReadonlyMap<number, Rule> = new Map()
  readonly #stack: { cfa: FrameRules['cfa']; rules: Map<number, Rule> }[] = []
  readonly #cie: Cie

  constructor(cie: Cie) {
    this.#cie = cie
  }

  run(program: ByteReader, start: number, address: number): FrameRules {
    const { program: initial, returnAddress, signal } = this.#cie
    this.#execute(new ByteReader(initial.view, initial.at, initial.end), 0, Number.POSITIVE_INFINITY)
    this.#initial = new Map(this.#rules)
    this.#execute(program, start, address)
    return { cfa: this.#cfa, rules: this.#rules, returnAddress, signal }
  }

  #execute(program: ByteReader, start: number, until: number): void {
    const { codeFactor, dataFactor } = this.#cie
    let location = start
    while (program.more && location <= until) {
      const op = program.u8()
      const low = op & 0x3f
      switch (op >> 6) {
        case 1:
          location += low * codeFactor
          continue
        case 2:
          this.#rules.set(low, { kind: 'offset', offset: program.uleb() * dataFactor })
          continue
        case 3:
          this.#restore(low)
          continue
      }
      switch (op) {
        case 0x00: // DW_CFA_nop
          break
        case 0x01: // set_loc
          location = program.u64()
          break
        case 0x02: // advance_loc1, 2, 4
          location += program.u8() * codeFactor
          break
        case 0x03:
          location += program.u16() * codeFactor
          break
        case 0x04:
          location += program.u32() * codeFactor
          break
        case 0x05: // offset_extended
          this.#rules.set(program.uleb(), { kind: 'offset', offset: program.uleb() * dataFactor })
          break
        case 0x06: // restore_extended
          this.#restore(program.uleb())
          break
        case 0x07: // undefined
          this.#rules.set(program.uleb(), undefinedRule)
          break
        case 0x08: // same_value
          this.#rules.set(program.uleb(), sameRule)
          break
        case 0x09: // register
          this.#rules.set(program.uleb(), { kind: 'register', register: program.uleb() })
          break
        case 0x0a: // remember_state
          if (this.#stack.length >= deepest) throw new RangeError('states without an end')
          this.#stack.push({ cfa: this.#cfa, rules: new Map(this.#rules) })
          break
        case 0x0b: {
          // restore_state
          const state = this.#stack.pop()
          if (state === undefined) throw new RangeError('no state to restore')
          this.#cfa = state.cfa
          this.#rules = state.rules
          break
        }
        case 0x0c: // def_cfa
          this.#cfa = { register: program.uleb(), offset: program.uleb() }
          break
        case 0x0d: // def_cfa_register
          this.#cfa = { register: program.uleb(), offset: this.#cfaOffset() }
          break
        case 0x0e: // def_cfa_offset
          this.#cfa = { register: this.#cfaRegister(), offset: program.uleb() }
          break
        case 0x0f: // def_cfa_expression
          this.#cfa = { code: program.part(program.uleb()) }
          break
        case 0x10: // expression
          this.#rules.set(program.uleb(), { kind: 'expression', code: program.part(program.uleb()) })
          break
        case 0x11: // offset_extended_sf
          this.#rules.set(program.uleb(), { kind: 'offset', offset: program.sleb() * dataFactor })
          break
        case 0x12: // def_cfa_sf
          this.#cfa = { register: program.uleb(), offset: program.sleb() * dataFactor }
          break
        case 0x13: // def_cfa_offset_sf
          this.#cfa = { register: this.#cfaRegister(), offset: program.sleb() * dataFactor }
          break
        case 0x14: // val_offset
          this.#rules.set(program.uleb(), { kind: 'value', offset: program.uleb() * dataFactor })
          break
        case 0x15: // val_offset_sf
          this.#rules.set(program.uleb(), { kind: 'value', offset: program.sleb() * dataFactor })
          break
        case 0x16: // val_expression
          this.#rules.set(program.uleb(), { kind: 'value-expression', code: program.part(program.uleb()) })
          break
        case 0x2d: // AARCH64_negate_ra_state: signed return addresses; see `unwind`
          break
        case 0x2e: // GNU_args_size
          program.uleb()
          break
        default:
          throw new RangeError(`no frame instruction ${op}`)
      }
    }
  }

  #restore(register: number): void {
    const rule = this.#initial.get(register)
    if (rule === undefined) this.#rules.delete(register)
    else this.#rules.set(register, rule)
  }

  #cfaRegister(): number {
    return 'register' in this.#cfa ? this.#cfa.register : 0
  }
  #cfaOffset(): number {
    return 'register' in this.#cfa ? this.#cfa.offset : 0
  }
}
