/** Filters of the older packet machine: `BPF_STMT(BPF_RET|BPF_K, 0xffff)`. */
import * as sets from '../../abi/sets.ts'
import type { ArchName } from '../../record/layout.ts'
import type { NameSet } from '../../types/language.ts'
import type { TextBuffer } from '../text-buffer.ts'
import { hash, type Raw } from './addresses/raw.ts'
import { nameTable, printValue } from './names.ts'
import type { Style } from './style.ts'

/** Sockets see offsets into the packet and beside it, seccomp returns actions. */
export type FilterKind = 'socket' | 'seccomp'
export const instructionBytes = 8
/** BPF_MAXINSNS: of a longer program, which the kernel does not take, no more is shown. */
export const longestProgram = 4096

/** Prints the instruction at `at`. */
export function printInstruction(
  out: TextBuffer,
  { view, bytes }: Raw,
  at: number,
  kind: FilterKind,
  style: Style,
  arch: ArchName,
): void {
  const code = view.getUint16(at, true)
  const [jt, jf] = [bytes[at + 2]!, bytes[at + 3]!]
  const k = view.getUint32(at + 4, true)
  const jump = jt !== 0 || jf !== 0
  out.put(jump ? 'BPF_JUMP(' : 'BPF_STMT(')
  printCode(out, code, style, arch)
  out.put(', ')
  if (kind === 'seccomp' && (code & 7) === 6) seccompAction(out, k, style, arch)
  else if (kind === 'socket' && (code & 7) < 2 && (code & 0xe0) === 0x20) packetOffset(out, k, style, arch)
  else hash(out, k)
  if (jump) {
    out.put(', ')
    hash(out, jt)
    out.put(', ')
    hash(out, jf)
  }
  out.putChar(')')
}

/** The class and its parts, each with the bits that are its own. A code has eight bits: of some classes more are passed over. */
const parts: readonly (readonly (readonly [set: NameSet | undefined, mask: number])[])[] = [
  [
    [sets.bpf_size, 0x18],
    [sets.bpf_mode, 0xe0],
  ],
  [
    [sets.bpf_size, 0x18],
    [sets.bpf_mode, 0xe0],
  ],
  [[undefined, 0xfff8]],
  [[undefined, 0xfff8]],
  [
    [sets.bpf_src, 8],
    [sets.bpf_op_alu, 0xf0],
  ],
  [
    [sets.bpf_src, 8],
    [sets.bpf_op_jmp, 0xf0],
  ],
  [
    [sets.bpf_rval, 0x18],
    [undefined, 0xffe0],
  ],
  [
    [sets.bpf_miscop, 0xf8],
    [undefined, 0xff00],
  ],
]

function printCode(out: TextBuffer, code: number, style: Style, arch: ArchName): void {
  printValue(out, [nameTable(sets.bpf_class, arch)], code & 7, 0, style)
  for (const [set, mask] of parts[code & 7]!) {
    const value = code & mask
    if (set === undefined && value === 0) continue
    out.putChar('|')
    if (set !== undefined) printValue(out, [nameTable(set, arch)], value, 0, style, 'BPF_???')
    else out.put(`0x${value.toString(16)} /* BPF_??? */`)
  }
}

const offsets = { ad: 0xfffff000, net: 0xfff00000, link: 0xffe00000 } as const

/** What lies beside the packet, or before its payload. */
function packetOffset(out: TextBuffer, k: number, style: Style, arch: ArchName): void {
  const base = k >= offsets.ad ? offsets.ad : k >= offsets.net ? offsets.net : offsets.link
  if (k < offsets.link) {
    hash(out, k)
    return
  }
  printValue(out, [nameTable(sets.skf_off, arch)], base, 0, style)
  out.putChar('+')
  if (base === offsets.ad) printValue(out, [nameTable(sets.skf_ad, arch)], k - base, 0, style)
  else out.dec(k - base)
}

const actionBits = 0xffff0000

function seccompAction(out: TextBuffer, k: number, style: Style, arch: ArchName): void {
  printValue(out, [nameTable(sets.seccomp_ret_action, arch)], (k & actionBits) >>> 0, 0, style)
  if ((k & 0xffff) !== 0) out.put(`|0x${(k & 0xffff).toString(16)}`)
}
