/** Reading the kernel's own structures in programs, through scratch memory. r6 is the record everywhere; r0 to r5 are lost. */
import type { BpfAssembler, Label, Register, Width } from './bpf-assembler.ts'
import { Helper } from './bpf-constants.ts'
import { inScratch, Scratch, seenBytes } from './capture-layout.ts'

/** Copies `bytes` bytes of the kernel's memory at `from` + `offset` to `Scratch.seen`; goes to `none` where there are none. */
export function see(a: BpfAssembler, from: Register, offset: number, bytes: number, none: Label): void {
  a.mov('r1', 'r6')
  a.alu('r1', '+=', inScratch(Scratch.seen))
  a.mov('r2', bytes)
  a.mov('r3', from)
  a.alu('r3', '+=', offset)
  a.call(Helper.probe_read_kernel)
  a.jump('r0', '!=', 0, none)
}

/** `register`: the number of `bytes` bytes at the address in it plus `offset`. */
export function follow(
  a: BpfAssembler,
  register: 'r7' | 'r8' | 'r9',
  offset: number,
  bytes: 2 | 4 | 8,
  none: Label,
): void {
  see(a, register, offset, bytes, none)
  a.load(bytes, register, 'r6', inScratch(Scratch.seen))
}

/** Copies members of a structure at `from` in one go; what it returns loads them, as long as nothing else is seen. */
export function seeMembers<const M extends string>(
  a: BpfAssembler,
  from: Register,
  members: { readonly [name in M]: number },
  none: Label,
): (to: Register, width: Width, name: M) => void {
  const offsets = Object.values<number>(members)
  const first = Math.min(...offsets) & ~7
  const bytes = Math.max(...offsets) + 8 - first
  if (bytes > seenBytes) throw new RangeError('members of a structure that are too far apart')
  see(a, from, first, bytes, none)
  return (to, width, name) => a.load(width, to, 'r6', inScratch(Scratch.seen) + members[name] - first)
}
