/** siginfo: `{si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=1, …}`; which fields there are hangs on signo and code. */
import { errnoNames } from '../../../abi/errno.ts'
import * as sets from '../../../abi/sets.ts'
import { readUnsigned } from '../../../record/numbers.ts'
import type { NameSet } from '../../../types/language.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import { lookUp, nameTable, printValue } from '../names.ts'
import type { PrintScope } from '../print.ts'
import { aboutProcess } from '../process-ids.ts'
import type { SpecialPrinter } from '../registry.ts'
import { addressNumber, callNumber, descriptor, signalName, signedNumber, ticks } from '../scalars.ts'
import type { Style } from '../style.ts'

/** Offsets in siginfo on 64-bit machines (asm-generic/siginfo.h). */
const places = {
  signo: 0,
  errno: 4,
  code: 8,
  pid: 16,
  uid: 20,
  status: 24,
  utime: 32,
  stime: 40,
  value: 24,
  addr: 16,
  lsb: 24,
  lower: 32,
  upper: 40,
  key: 32,
  band: 16,
  fd: 24,
  timerid: 16,
  overrun: 20,
  call: 16,
  nr: 24,
  arch: 28,
} as const
type Places = { readonly [name in keyof typeof places]: number }
/** In the memory of 32-bit programs nothing is aligned to 8 bytes, and pointers, times have 4. */
const at32: Places = {
  ...places,
  pid: 12,
  uid: 16,
  status: 20,
  utime: 24,
  stime: 28,
  value: 20,
  addr: 12,
  lsb: 16,
  lower: 20,
  upper: 24,
  key: 20,
  band: 12,
  fd: 16,
  timerid: 12,
  overrun: 16,
  call: 12,
  nr: 16,
  arch: 20,
}
const Signal = { ILL: 4, TRAP: 5, BUS: 7, FPE: 8, SEGV: 11, CHLD: 17, IO: 29, SYS: 31 } as const
const codesBySignal: { readonly [signo: number]: NameSet } = {
  4: sets.sigill_codes,
  5: sets.sigtrap_codes,
  7: sets.sigbus_codes,
  8: sets.sigfpe_codes,
  11: sets.sigsegv_codes,
  17: sets.sigchld_codes,
  27: sets.sigprof_codes,
  29: sets.sigpoll_codes,
  31: sets.sigsys_codes,
}
const { SI_SIGIO, SI_USER, SI_TIMER, SI_TKILL, SI_KERNEL } = sets.siginfo_codes.values
const { CLD_EXITED } = sets.sigchld_codes.values
const { SEGV_BNDERR, SEGV_PKUERR } = sets.sigsegv_codes.values
const { BUS_MCEERR_AR, BUS_MCEERR_AO } = sets.sigbus_codes.values
const x86_64 = 0xc000003e
const aarch64 = 0xc00000b7

/** `about` writes what is known of the sender, `file` a descriptor. */
export function printSiginfo(
  out: TextBuffer,
  view: DataView,
  base: number,
  style: Style,
  about: (sender: number) => void = () => {},
  file: (fd: number) => void = fd => out.dec(fd),
  at: Places = places,
): void {
  const word = at === at32 ? 4 : 8
  const signo = view.getInt32(base + at.signo, true)
  if (signo === 0) return out.put('{}')
  const code = view.getInt32(base + at.code, true)
  const int = (name: string, offset: number): void =>
    out.put(`, ${name}=${view.getInt32(base + offset, true)}`)
  const pointer = (name: string, offset: number): void => {
    out.put(`, ${name}=`)
    addressNumber(out, { view }, base + offset, word)
  }
  const sender = (): void => {
    int('si_pid', at.pid)
    about(view.getInt32(base + at.pid, true))
    const uid = view.getUint32(base + at.uid, true)
    out.put(`, si_uid=${uid === 0xffffffff ? '-1' : uid}`)
  }
  const value = (): void => {
    if (readUnsigned(view, base + at.value, word) === 0) return
    int('si_int', at.value)
    pointer('si_ptr', at.value)
  }
  const time = (name: string, offset: number): void => {
    out.put(`, ${name}=`)
    ticks(
      out,
      word === 8 ? view.getBigUint64(base + offset, true) : BigInt(view.getUint32(base + offset, true)),
      style,
    )
  }

  const band = (): void => {
    out.put(', si_band=')
    signedNumber(out, { view }, base + at.band, word)
    out.put(', si_fd=')
    file(view.getInt32(base + at.fd, true))
  }

  out.put('{si_signo=')
  signalName(out, signo, style)
  out.put(', si_code=')
  printCode(out, signo, code, style)
  const error = view.getInt32(base + at.errno, true)
  if (error !== 0) {
    const name = error > 0 ? errnoNames[error] : undefined
    out.put(', si_errno=')
    if (name === undefined || style.constants === 'raw') out.dec(error >>> 0)
    else out.put(style.constants === 'verbose' ? `${error} /* ${name} */` : name)
  }
  if (code <= SI_USER) {
    // Sent by a program, or by the kernel for one.
    if (code === SI_TIMER) {
      const id = view.getUint32(base + at.timerid, true)
      out.put(`, si_timerid=${id === 0 ? '0' : `0x${id.toString(16)}`}`)
      int('si_overrun', at.overrun)
      value()
    } else if (code === SI_SIGIO) {
      band()
    } else {
      sender()
      if (code !== SI_USER && code !== SI_TKILL) value()
    }
    return out.putChar('}')
  }
  switch (signo) {
    case Signal.CHLD: {
      sender()
      const status = view.getInt32(base + at.status, true)
      out.put(', si_status=')
      if (code === CLD_EXITED) out.dec(status)
      else signalName(out, status, style)
      time('si_utime', at.utime)
      time('si_stime', at.stime)
      break
    }
    case Signal.ILL:
    case Signal.TRAP:
    case Signal.FPE:
      pointer('si_addr', at.addr)
      break
    case Signal.SEGV:
      pointer('si_addr', at.addr)
      if (code === SEGV_BNDERR) {
        pointer('si_lower', at.lower)
        pointer('si_upper', at.upper)
      } else if (code === SEGV_PKUERR) out.put(`, si_pkey=${view.getUint32(base + at.key, true)}`)
      break
    case Signal.BUS:
      pointer('si_addr', at.addr)
      if (code === BUS_MCEERR_AR || code === BUS_MCEERR_AO) {
        const lsb = view.getUint16(base + at.lsb, true)
        out.put(`, si_addr_lsb=${lsb === 0 ? '0' : `0x${lsb.toString(16)}`}`)
      }
      break
    case Signal.IO:
      if (code < 1 || code > 6) break
      band()
      break
    case Signal.SYS:
      pointer('si_call_addr', at.call)
      printCall(out, view.getInt32(base + at.nr, true), view.getUint32(base + at.arch, true), style)
      break
    default:
      // Nobody in particular sent it, when the kernel did.
      if (view.getBigUint64(base + at.pid, true) !== 0n) sender()
      value()
  }
  out.putChar('}')
}

/** The number of the call that seccomp refused, and the architecture that it is a number of. */
function printCall(out: TextBuffer, sysno: number, arch: number, style: Style): void {
  out.put(', si_syscall=')
  const known = arch === x86_64 ? 'amd64' : arch === aarch64 ? 'arm64' : undefined
  callNumber(out, sysno >>> 0, known, style)
  out.put(', si_arch=')
  printValue(out, [nameTable(sets.audit_arch, 'amd64')], arch, 0, style, 'AUDIT_ARCH_???')
}

/** The name of a code, or the number in hexadecimal and nothing else. */
function printCode(out: TextBuffer, signo: number, code: number, style: Style): void {
  const general = code <= 0 || code === SI_KERNEL
  const set = general ? sets.siginfo_codes : codesBySignal[signo]
  const table = set === undefined ? undefined : [nameTable(set, 'amd64')]
  if (table === undefined || lookUp(table, code >>> 0, 0) === undefined) {
    if (code === 0) out.putChar('0')
    else out.hex(code >>> 0)
  } else printValue(out, table, code >>> 0, 0, style)
}

export const siginfo =
  ({ style, arch }: PrintScope): SpecialPrinter =>
  (out, frame, place, length) => {
    if (length >= 128)
      printSiginfo(
        out,
        frame.view,
        place,
        style,
        sender => aboutProcess(out, frame, sender, 'pid', style),
        fd => descriptor(out, frame, fd, style),
        arch === 'i386' ? at32 : places,
      )
    else out.put('{}')
  }
