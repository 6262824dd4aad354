/** What a specifier is: how one argument is written as a call begins, and as it returns. */
import type { Frame } from '../../record/frame.ts'
import type { TextBuffer } from '../text-buffer.ts'
import { type Era, type GvisorArch, setEntries } from './eras.ts'
import { flagSet, type PutNames, valueSet } from './name-sets.ts'
import type { ProcessStates } from './process-states.ts'

/** What texts depend on beside the call itself. */
export interface Setting {
  readonly arch: GvisorArch
  readonly era: Era
  /** Bytes of a buffer that are shown. */
  readonly limit: number
  /** Of what programs read and write only address and length are shown. */
  readonly hidesData?: boolean
  /** Paths and names are escaped: a terminal reads them. */
  readonly escapePaths: boolean
  /** What was seen of processes before. */
  readonly processes: ProcessStates
}

/** Writes argument `index` of the call in `frame`. */
export type Write = (out: TextBuffer, frame: Frame, index: number) => void

export interface Specifier {
  readonly enter: Write
  /** At a successful exit; without it the text made at the enter stays. */
  readonly exit?: Write
}

/** Some specifiers by name. */
export interface Specifiers {
  readonly [name: string]: Specifier
}

export const badAddress = 'bad address'
export const invalidArgument = 'invalid argument'

/** The lower and the upper half of a register. */
export const low = (frame: Frame, index: number): number => frame.view.getUint32(frame.args + index * 8, true)
export const high = (frame: Frame, index: number): number =>
  frame.view.getUint32(frame.args + index * 8 + 4, true)
/** A register as an unsigned number. Beyond 2^53 it is not exact: no memory is there, and no count that large holds. */
export const wide = (frame: Frame, index: number): number =>
  low(frame, index) + high(frame, index) * 0x1_0000_0000

/** The unsigned 64-bit number at an offset of the frame, as `wide`. */
export const wideAt = (frame: Frame, at: number): number =>
  frame.view.getUint32(at, true) + frame.view.getUint32(at + 4, true) * 0x1_0000_0000

export const putRegister: Write = (out, frame, index) => out.hex(low(frame, index), high(frame, index))

/** Where user space ends, as far as gVisor lets a program use it. */
export const userSpaceEnd = { amd64: 0x7fff_ffff_f000, arm64: 0x1_0000_0000_0000 } as const

/** Where the bytes at an address stand in the frame; -1 when they cannot be read. No bytes can be, wherever a program may have memory. */
export function findBytes(frame: Frame, { arch }: Setting, address: number, length: number): number {
  if (length > 0) return frame.find(address, length)
  return address <= userSpaceEnd[arch] ? 0 : -1
}

/** Writes an address that is no register. */
export function putPointer(out: TextBuffer, address: number): void {
  out.hex(address >>> 0, Math.floor(address / 0x1_0000_0000) >>> 0)
}

/** ` (what: reason)`, the way most specifiers say that they could not read. */
export const putFailure = (out: TextBuffer, what: string, reason: string = badAddress): void =>
  out.put(` (error ${what}: ${reason})`)

/**
 * A specifier's text for a pointer to a structure of `size` bytes: `null`, `P TEXT`, or `P (error what: bad address)`.
 * `write` gets where the structure stands in the frame.
 */
export function structure(
  size: number,
  what: string,
  write: (out: TextBuffer, frame: Frame, at: number) => void,
): Write {
  return (out, frame, index) => {
    const address = wide(frame, index)
    if (address === 0) return out.put('null')
    putRegister(out, frame, index)
    const at = frame.find(address, size)
    if (at < 0) return putFailure(out, what)
    out.putChar(' ')
    write(out, frame, at)
  }
}

/** Read and written as the call begins. */
export const before = (write: Write): Specifier => ({ enter: write })
/** A pointer as the call begins; what the kernel left there when it succeeded. */
export const after = (write: Write): Specifier => ({ enter: putRegister, exit: write })
/** Read both times. */
export const both = (write: Write): Specifier => ({ enter: write, exit: write })

export const flagsOf = (setting: Setting, set: string): PutNames =>
  flagSet(setEntries(setting.arch, set, setting.era))
export const valuesOf = (setting: Setting, set: string, otherwise?: 'hex' | 'decimal'): PutNames =>
  valueSet(setEntries(setting.arch, set, setting.era), otherwise)
