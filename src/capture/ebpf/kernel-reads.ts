/**
 * Reading the kernel's own structures in programs. r6 is the record everywhere; r0 to r5 are lost. Where the kernel lets programs read at any
 * address, it is one instruction a number (what cannot be read is 0 then); else structures are copied to scratch memory, which takes ten times as long.
 */
import type { BpfAssembler, Label, Register, Width } from './bpf-assembler.ts'
import { Helper } from './bpf-constants.ts'
import { inScratch, Scratch, seenBytes } from './capture-layout.ts'

/** r0: the address in `from` plus `offset`, to be read from; goes to `none` when there is nothing. */
function point(a: BpfAssembler, cast: number, from: Register, offset: number, none: Label): void {
  a.jump(from, '==', 0, none)
  a.mov('r1', from)
  if (offset !== 0) a.alu('r1', '+=', offset)
  a.mov('r2', 0)
  a.callKernel(cast)
}

/** Copies `bytes` bytes of the kernel's memory at `from` + `offset` to `Scratch.seen`; goes to `none` where there are none. */
function see(a: BpfAssembler, from: Register, offset: number, bytes: number, none: Label): void {
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
  if (a.cast === null) {
    see(a, register, offset, bytes, none)
    a.load(bytes, register, 'r6', inScratch(Scratch.seen))
  } else {
    point(a, a.cast, register, offset, none)
    a.load(bytes, register, 'r0', 0)
  }
}

/** Looks at members of a structure at `from`; what it returns loads them, as long as nothing is called or seen meanwhile. */
export function seeMembers<const M extends string>(
  a: BpfAssembler,
  from: Register,
  members: { readonly [name in M]: number },
  none: Label,
): (to: Register, width: Width, name: M) => void {
  const offsets = Object.values<number>(members)
  const first = Math.min(...offsets) & ~7
  if (a.cast !== null) {
    point(a, a.cast, from, first, none)
    return (to, width, name) => a.load(width, to, 'r0', members[name] - first)
  }
  const bytes = Math.max(...offsets) + 8 - first
  if (bytes > seenBytes) throw new RangeError('members of a structure that are too far apart')
  see(a, from, first, bytes, none)
  return (to, width, name) => a.load(width, to, 'r6', inScratch(Scratch.seen) + members[name] - first)
}
