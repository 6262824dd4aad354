/** siginfo: `{si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=1, …}`; which fields there are hangs on signo and code. */
import type { PrintScope } from '../print.ts'
import type { SpecialPrinter } from '../registry.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import type { NameSet } from '../../../types/language.ts'
import * as sets from '../../../abi/sets.ts'
import { errnoNames } from '../../../abi/errno.ts'
import { lookUp, nameTable, printFlags } from '../names.ts'
import { signalName } from '../scalars.ts'
import type { Style } from '../style.ts'

/** Offsets in siginfo on 64-bit machines (asm-generic/siginfo.h). */
const at = { signo: 0, errno: 4, code: 8, pid: 16, uid: 20, status: 24, utime: 32, stime: 40, value: 24, addr: 16, band: 16, fd: 24, timerid: 16, overrun: 20, call: 16, nr: 24, arch: 28 } as const
const codesBySignal: { readonly [signo: number]: NameSet } = {
  4: sets.sigill_codes, 5: sets.sigtrap_codes, 7: sets.sigbus_codes, 8: sets.sigfpe_codes, 11: sets.sigsegv_codes,
  17: sets.sigchld_codes, 29: sets.sigpoll_codes, 31: sets.sigsys_codes,
}

export function printSiginfo(out: TextBuffer, view: DataView, base: number, style: Style): void {
  const signo = view.getInt32(base + at.signo, true)
  const code = view.getInt32(base + at.code, true)
  out.put('{si_signo=')
  signalName(out, signo, style)
  out.put(', si_code=')
  printCode(out, signo, code)
  const error = view.getInt32(base + at.errno, true)
  if (error !== 0) {
    out.put(', si_errno=')
    out.put(errnoNames[error] ?? String(error))
  }
  const number = (name: string, offset: number): void => out.put(`, ${name}=${view.getInt32(base + offset, true)}`)
  const sender = (): void => {
    number('si_pid', at.pid)
    const uid = view.getInt32(base + at.uid, true)
    out.put(`, si_uid=${uid === -1 ? '-1' : uid >>> 0}`)
  }
  const value = (): void => {
    const ptr = view.getBigUint64(base + at.value, true)
    if (ptr !== 0n) out.put(`, si_value={sival_int=${view.getInt32(base + at.value, true)}, sival_ptr=0x${ptr.toString(16)}}`)
  }
  const pointer = (name: string, offset: number): void => {
    const p = view.getBigUint64(base + offset, true)
    out.put(`, ${name}=${p === 0n ? 'NULL' : `0x${p.toString(16)}`}`)
  }
  if (code === 0x80) {
    // SI_KERNEL: nothing else is set.
    if (signo === 11 || signo === 7 || signo === 4 || signo === 8 || signo === 5) pointer('si_addr', at.addr)
  } else if (code <= 0) {
    if (code === -2) {
      number('si_timerid', at.timerid)
      number('si_overrun', at.overrun)
      value()
    } else {
      sender()
      if (code !== 0 && code !== -6) value()
    }
  } else if (signo === 17) {
    sender()
    out.put(', si_status=')
    const status = view.getInt32(base + at.status, true)
    if (code === 1) out.put(String(status))
    else signalName(out, status, style)
    out.put(`, si_utime=${ticks(view.getBigInt64(base + at.utime, true))}, si_stime=${ticks(view.getBigInt64(base + at.stime, true))}`)
  } else if (signo === 4 || signo === 5 || signo === 7 || signo === 8 || signo === 11) {
    pointer('si_addr', at.addr)
  } else if (signo === 29) {
    const band = view.getBigInt64(base + at.band, true)
    out.put(', si_band=')
    printFlags(out, [nameTable(sets.pollflags, 'amd64')], Number(band & 0xffffffffn), Number((band >> 32n) & 0xffffffffn), style)
    number('si_fd', at.fd)
  } else if (signo === 31) {
    pointer('si_call_addr', at.call)
    out.put(`, si_syscall=__NR_${view.getInt32(base + at.nr, true)}`)
    const arch = view.getUint32(base + at.arch, true)
    const name = lookUp([nameTable(sets.audit_arch, 'amd64')], arch, 0)
    out.put(`, si_arch=${name ?? `0x${arch.toString(16)}`}`)
  } else {
    sender()
    value()
  }
  out.putByte(125)
}

/** Clock ticks, with the seconds that they are (100 a second everywhere that matters). */
const ticks = (n: bigint): string => {
  if (n === 0n) return '0'
  const seconds = Number(n) / 100
  return `${n} /* ${Number.isInteger(seconds) ? seconds : seconds.toFixed(2)} s */`
}

function printCode(out: TextBuffer, signo: number, code: number): void {
  const special = code <= 0 || code === 0x80 ? nameTable(sets.siginfo_codes, 'amd64') : undefined
  const set = special === undefined ? codesBySignal[signo] : undefined
  const table = special ?? (set === undefined ? undefined : nameTable(set, 'amd64'))
  const name = table === undefined ? undefined : (lookUp([table], code >>> 0, 0) ?? lookUp([table], code >>> 0, 0xffffffff))
  out.put(name ?? (code > 0 ? `0x${code.toString(16)}` : String(code)))
}

export const siginfo = ({ style }: PrintScope): SpecialPrinter => (out, frame, place, length) => {
  if (length >= 128) printSiginfo(out, frame.view, place, style)
  else out.put('{}')
}
