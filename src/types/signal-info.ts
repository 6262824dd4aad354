/** siginfo as a value. */
import * as sets from '../abi/sets.ts'
import type { ArchName } from '../record/layout.ts'
import { readSigned, readUnsigned } from '../record/numbers.ts'
import { errnoOf, namesByNumber, signalOf } from './decode-numbers.ts'
import type { NameSet } from './language.ts'
import { layoutOf } from './resolve.ts'
import type { SignalInfo } from './values.ts'

/** Bytes of a siginfo, on all architectures. */
export const signalInfoBytes = 128

const codes: { readonly [signal: string]: NameSet } = {
  SIGILL: sets.sigill_codes,
  SIGTRAP: sets.sigtrap_codes,
  SIGBUS: sets.sigbus_codes,
  SIGFPE: sets.sigfpe_codes,
  SIGSEGV: sets.sigsegv_codes,
  SIGCHLD: sets.sigchld_codes,
  SIGPROF: sets.sigprof_codes,
  SIGIO: sets.sigpoll_codes,
  SIGSYS: sets.sigsys_codes,
}
const { SI_USER, SI_TIMER, SI_KERNEL } = sets.siginfo_codes.values
const general = namesByNumber([sets.siginfo_codes], 'amd64')
const faults = new Set(['SIGILL', 'SIGTRAP', 'SIGBUS', 'SIGFPE', 'SIGSEGV'])
const named = new Map<NameSet, ReadonlyMap<number, string>>()

function codeName(signal: string | number, code: number): string | number {
  // What programs send, and the kernel in general, has the same codes for all signals.
  const set = code <= 0 || code === SI_KERNEL ? undefined : codes[signal]
  if (set === undefined) return general.get(code) ?? code
  let names = named.get(set)
  if (names === undefined) named.set(set, (names = namesByNumber([set], 'amd64')))
  return names.get(code) ?? code
}

/** The siginfo that stands at `at`, all of it. */
export function signalInfo(view: DataView, at: number, arch: ArchName): SignalInfo {
  const { fields } = layoutOf('siginfo', arch)
  const word = arch === 'i386' ? 4 : 8
  const int = (field: string): number => readSigned(view, at + fields[field]!.offset, 4)
  const pointer = (field: string): bigint => {
    const place = at + fields[field]!.offset
    return word === 8 ? view.getBigUint64(place, true) : BigInt(readUnsigned(view, place, 4))
  }
  const signo = signalOf(int('si_signo'))
  const number = int('si_code')
  const info = { signo, code: codeName(signo, number), errno: errnoOf(int('si_errno')) }
  const sender = { pid: int('_sifields._kill._pid'), uid: int('_sifields._kill._uid') >>> 0 }
  if (number === SI_TIMER) return { ...info, value: pointer('_sifields._timer._sigval.sival_ptr') }
  if (number === SI_USER) return { ...info, ...sender }
  if (number < SI_USER) return { ...info, ...sender, value: pointer('_sifields._rt._sigval.sival_ptr') }
  if (signo === 'SIGCHLD') return { ...info, ...sender, status: int('_sifields._sigchld._status') }
  if (faults.has(String(signo))) return { ...info, addr: pointer('_sifields._sigfault._addr') }
  if (signo === 'SIGSYS')
    return {
      ...info,
      addr: pointer('_sifields._sigsys._call_addr'),
      syscall: int('_sifields._sigsys._syscall'),
    }
  return info
}
