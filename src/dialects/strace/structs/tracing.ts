/** Structures of tracing and confining that strace does not write field by field. */
import { audit_arch } from '../../../abi/sets.ts'
import type { ArchName } from '../../../record/layout.ts'
import { callName } from '../../../syscalls/index.ts'
import { readAddress } from '../../../types/evaluate.ts'
import { layoutOf } from '../../../types/resolve.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import { ownArch } from '../call-modes.ts'
import { instructionBytes, longestProgram, printInstruction } from '../classic-bpf.ts'
import type { Printer } from '../print.ts'
import type { StructPrinters } from '../registry.ts'
import { addressNumber, callNumber } from '../scalars.ts'
import { printArray } from '../sequences.ts'
import { fieldsPrinter } from '../structures.ts'
import type { Style } from '../style.ts'

/** Which machine's calls the numbers of a record of the audit system are. */
const auditArches: { readonly [audit: number]: ArchName } = {
  [audit_arch.values.AUDIT_ARCH_X86_64]: 'amd64',
  [audit_arch.values.AUDIT_ARCH_AARCH64]: 'arm64',
  [audit_arch.values.AUDIT_ARCH_I386]: 'i386',
}
/** A call of this machine by its name, one of its 32-bit programs as a number with the name beside it. */
export function auditedCall(out: TextBuffer, nr: bigint, audit: number, arch: ArchName, style: Style): void {
  const of = auditArches[audit]
  const own = ownArch(arch)
  const name = of === undefined || nr > 0xffffn ? undefined : callName(of, Number(nr))
  if (of === own && name !== undefined) return callNumber(out, Number(nr), own, style)
  out.put(nr.toString())
  if (of === 'i386' && own === 'amd64' && name !== undefined && style.constants !== 'raw')
    out.put(` /* ${name} */`)
}

export const tracingStructs: StructPrinters = {
  /** A filter is written out only when everything is asked for. */
  sock_fprog: (_type, scope) => {
    const { style, arch } = scope
    const { fields } = layoutOf('sock_fprog', arch)
    const instruction: Printer = (out, frame, at) => printInstruction(out, frame, at, 'seccomp', style, arch)
    return (out, frame, at, bases) => {
      const length = frame.view.getUint16(at, true)
      const place = at + fields.filter!.offset
      const address = readAddress(frame.view, place, arch)
      out.put(`{len=${length}, filter=`)
      const shown = style.verbose && address !== 0
      if (
        !shown ||
        !printArray(out, frame, address, length, instructionBytes, instruction, bases, style, longestProgram)
      )
        addressNumber(out, frame, place, fields.filter!.size)
      out.putChar('}')
    }
  },
  seccomp_data: (type, scope) => {
    const { arch: archField } = layoutOf(type.layout, scope.arch).fields
    const nr: Printer = (out, { view, arch }, at) =>
      auditedCall(
        out,
        BigInt(view.getUint32(at, true)),
        view.getUint32(at + archField!.offset, true),
        arch,
        scope.style,
      )
    return fieldsPrinter(type, scope, undefined, { nr })
  },
  /** The first field alone was there in the beginning; that there is more is all that is said of the rest. */
  landlock_ruleset_attr: (type, scope) => {
    const index = scope.args.findIndex(a => a.name === 'size')
    const print = fieldsPrinter(
      { ...type, fields: { handled_access_fs: type.fields.handled_access_fs! } },
      scope,
    )
    return (out, frame, at, bases) => {
      print(out, frame, at, bases)
      if (frame.view.getUint32(frame.args + index * 8, true) <= 8) return
      out.length--
      out.put(', ...}')
    }
  },
}
