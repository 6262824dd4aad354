/** Numbers of system calls where data holds them, beside the architecture (AUDIT_ARCH_) whose numbers they are. */
import * as sets from '../../abi/sets.ts'
import { callName } from '../../syscalls/index.ts'
import type { TextBuffer } from '../text-buffer.ts'
import type { Style } from './style.ts'

const { AUDIT_ARCH_X86_64, AUDIT_ARCH_AARCH64 } = sets.audit_arch.values
const arches: { readonly [audit: number]: 'amd64' | 'arm64' } = {
  [AUDIT_ARCH_X86_64]: 'amd64',
  [AUDIT_ARCH_AARCH64]: 'arm64',
}

/** `__NR_read`, or the number where it has no name there. */
export function printCallNumber(out: TextBuffer, sysno: bigint, audit: number, style: Style): void {
  const arch = arches[audit >>> 0]
  const name = arch === undefined ? undefined : callName(arch, Number(sysno))
  if (name === undefined || style.constants === 'raw') out.put(sysno.toString())
  else out.put(style.constants === 'verbose' ? `${sysno} /* __NR_${name} */` : `__NR_${name}`)
}
