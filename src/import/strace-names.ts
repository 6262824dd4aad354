/** Names in strace's text, back to numbers. */
import * as sets from '../abi/sets.ts'
import { signalNames } from '../abi/signals.ts'
import { type ArchName, AT_FDCWD } from '../record/layout.ts'
import type { NameSet, Node } from '../types/language.ts'
import { numberIn } from '../types/resolve.ts'

export type NumberOfName = (name: string) => bigint | undefined

/** Bits above the permissions (linux/stat.h). */
const modeBits: { readonly [name: string]: bigint } = { S_ISUID: 0o4000n, S_ISGID: 0o2000n, S_ISVTX: 0o1000n }

/** Names that arguments of a type may have. */
export function namesOf(type: Node, arch: ArchName): NumberOfName {
  const among = setsOfType(type)
  if (type.kind === 'int' && type.role === 'signal') return signalNumber
  return name => {
    if (name === 'NULL') return 0n
    if (name === 'AT_FDCWD') return BigInt(AT_FDCWD)
    for (const set of among) {
      const value = numberIn(set, name, arch)
      if (value !== undefined) return value
    }
    if (type.kind === 'int' && modeBits[name] !== undefined) return modeBits[name]
    // clone's flags have one among them.
    return name.startsWith('SIG') ? signalNumber(name) : undefined
  }
}

function setsOfType(type: Node): readonly NameSet[] {
  switch (type.kind) {
    case 'flags':
    case 'enum':
      return type.sets
    case 'mixed':
      return [type.value, type.flags]
    case 'int':
      if (type.role === 'clock') return [sets.clocknames]
      return type.role === 'mode' || type.role === 'umask' ? [sets.modetypes] : []
    default:
      return []
  }
}

/** A signal's number; real-time signals have one behind their name. */
export function signalNumber(name: string): bigint | undefined {
  if (name === 'SIGIO') return 29n
  if (name === 'SIGRTMIN') return 32n
  const [, above] = /^SIGRT_(\d{1,2})$/.exec(name) ?? []
  if (above !== undefined) return BigInt(32 + Number(above))
  const at = signalNames.indexOf(name)
  return at > 0 ? BigInt(at) : undefined
}

const signalCodes: readonly NameSet[] = [
  sets.siginfo_codes,
  sets.sigchld_codes,
  sets.sigill_codes,
  sets.sigtrap_codes,
  sets.sigbus_codes,
  sets.sigfpe_codes,
  sets.sigsegv_codes,
  sets.sigprof_codes,
  sets.sigpoll_codes,
  sets.sigsys_codes,
]

/** What a signal's si_code is called. */
export function signalCode(name: string): bigint | undefined {
  for (const set of signalCodes) {
    const value = numberIn(set, name, 'amd64')
    if (value !== undefined) return value
  }
  return undefined
}
