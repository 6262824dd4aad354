/** Numbers as strace writes them, by what they mean (Role). */

import { errnoNames } from '../../abi/errno.ts'
import * as sets from '../../abi/sets.ts'
import { signalNames } from '../../abi/signals.ts'
import type { Frame } from '../../record/frame.ts'
import { type ArchName, RangeFlag, RangeKind } from '../../record/layout.ts'
import { readSigned, readUnsigned } from '../../record/numbers.ts'
import { callName } from '../../syscalls/index.ts'
import type { Int } from '../../types/language.ts'
import { slotKey } from '../../types/plan.ts'
import type { TextBuffer } from '../text-buffer.ts'
import { ownArch } from './call-modes.ts'
import { lookUp, nameTable, printValue } from './names.ts'
import { aboutProcess, describesIds, type Notes, processId } from './process-ids.ts'
import { escapeBytes } from './quote.ts'
import type { Style } from './style.ts'

export type Scalar = (out: TextBuffer, frame: Frame, at: number) => void

/** The printer of a number of `size` bytes. */
export function scalar(type: Int, size: number, style: Style): Scalar {
  switch (type.role) {
    case 'hex':
      return (out, frame, at) => hexNumber(out, frame, at, size)
    case 'address':
      return (out, frame, at) => addressNumber(out, frame, at, size)
    case 'oct':
      return (out, frame, at) => octal(out, readUnsigned(frame.view, at, size))
    case 'umask':
      return (out, frame, at) => permissions(out, readUnsigned(frame.view, at, Math.min(size, 4)))
    case 'mode':
      return (out, frame, at) => fileMode(out, readUnsigned(frame.view, at, Math.min(size, 4)), style)
    case 'fd':
      return (out, frame, at) => descriptor(out, frame, readSigned(frame.view, at, Math.min(size, 4)), style)
    case 'otherFd': {
      const slot = type.owner?.slot ?? 0
      return (out, frame, at) => {
        const notes: Notes = { note: (kind, key) => frame.note(kind, slotKey(key, slot)) }
        descriptor(out, notes, readSigned(frame.view, at, Math.min(size, 4)), style)
      }
    }
    case 'dirfd':
      return (out, frame, at) => {
        const fd = readSigned(frame.view, at, Math.min(size, 4))
        if (fd !== -100) return descriptor(out, frame, fd, style)
        const { constants } = style
        out.put(constants === 'raw' ? '-100' : constants === 'verbose' ? '-100 /* AT_FDCWD */' : 'AT_FDCWD')
        const cwd = style.descriptorPaths ? frame.note(RangeKind.cwd, 0) : undefined
        if (cwd !== undefined && cwd.length > 0) angleBrackets(out, cwd, style)
      }
    case 'signal':
      return (out, frame, at) => signalName(out, readSigned(frame.view, at, Math.min(size, 4)), style)
    case 'errno':
      return (out, frame, at) => {
        const n = (type.signed ? readSigned : readUnsigned)(frame.view, at, Math.min(size, 4))
        const name = n >= 0 ? errnoNames[n] : undefined
        if (name === undefined || style.constants === 'raw') out.dec(n)
        else if (style.constants === 'verbose') out.put(`${n} /* ${name} */`)
        else out.put(name)
      }
    case 'uid':
    case 'gid':
      return (out, frame, at) => {
        const id = readUnsigned(frame.view, at, Math.min(size, 4))
        if (id === (size === 2 ? 0xffff : 0xffffffff)) out.put('-1')
        else out.dec(id)
      }
    case 'dev':
      return (out, frame, at) =>
        device(out, frame.view.getUint32(at, true), size > 4 ? frame.view.getUint32(at + 4, true) : 0, style)
    case 'clock': {
      return (out, frame, at) =>
        printValue(
          out,
          [nameTable(sets.clocknames, frame.arch)],
          frame.view.getUint32(at, true),
          0,
          style,
          'CLOCK_???',
        )
    }
    case 'jiffies':
      return (out, frame, at) =>
        ticks(
          out,
          size === 8 ? frame.view.getBigUint64(at, true) : BigInt(readUnsigned(frame.view, at, size)),
          style,
        )
    case 'be16':
    case 'port':
      return (out, frame, at) => out.dec(frame.view.getUint16(at, false))
    case 'be32':
      return (out, frame, at) => out.dec(frame.view.getUint32(at, false))
    case 'key':
      return (out, frame, at) => {
        printValue(
          out,
          [nameTable(sets.ipc_private, frame.arch)],
          frame.view.getUint32(at, true),
          0,
          style,
          '',
        )
      }
    case 'sysno':
      return (out, frame, at) => {
        callNumber(out, readUnsigned(frame.view, at, size), ownArch(frame.arch), style)
      }
    case 'pid':
    case 'tid':
    case 'pgid':
    case 'sid':
    case 'pidOrGroup': {
      const { role } = type
      if (!describesIds(style)) return (out, frame, at) => signedNumber(out, frame, at, size)
      return (out, frame, at) => processId(out, frame, readSigned(frame.view, at, size), role, style)
    }
    default:
      return type.signed
        ? (out, frame, at) => signedNumber(out, frame, at, size)
        : (out, frame, at) => unsignedNumber(out, frame, at, size)
  }
}

export function signedNumber(out: TextBuffer, frame: Pick<Frame, 'view'>, at: number, size: number): void {
  const n = readSigned(frame.view, at, size)
  if (size === 8 && !Number.isSafeInteger(n)) out.put(frame.view.getBigInt64(at, true).toString())
  else out.dec(n)
}

export function unsignedNumber(out: TextBuffer, frame: Frame, at: number, size: number): void {
  const n = readUnsigned(frame.view, at, size)
  if (size === 8 && !Number.isSafeInteger(n)) out.put(frame.view.getBigUint64(at, true).toString())
  else out.dec(n)
}

/** `%#x`: zero is "0". */
export function hexNumber(out: TextBuffer, frame: Frame, at: number, size: number): void {
  const low = size >= 4 ? frame.view.getUint32(at, true) : readUnsigned(frame.view, at, size)
  const high = size === 8 ? frame.view.getUint32(at + 4, true) : 0
  if ((low | high) === 0) out.putChar('0')
  else out.hex(low, high)
}

/** A pointer: zero is NULL. */
export function addressNumber(out: TextBuffer, frame: Pick<Frame, 'view'>, at: number, size: number): void {
  const low = frame.view.getUint32(at, true)
  const high = size === 8 ? frame.view.getUint32(at + 4, true) : 0
  if ((low | high) === 0) out.put('NULL')
  else out.hex(low, high)
}

/** An address that is at hand as a number. */
export function putAddress(out: TextBuffer, address: number): void {
  out.hex(address >>> 0, Math.floor(address / 0x1_0000_0000))
}

export function octal(out: TextBuffer, n: number): void {
  out.put(n === 0 ? '0' : `0${n.toString(8)}`)
}

/** At least three digits, a leading zero among them. */
export function permissions(out: TextBuffer, n: number): void {
  const s = n.toString(8)
  out.put(n === 0 ? '000' : s.length >= 3 ? `0${s}` : s.padStart(3, '0'))
}

/** S_IFREG|S_ISUID|0755; a number where the type has no name. */
function fileMode(out: TextBuffer, mode: number, style: Style): void {
  const type = mode & 0o170000
  const name = type === 0 ? '' : lookUp([nameTable(sets.modetypes, 'amd64')], type, 0)
  if (name === undefined || style.constants === 'raw') return permissions(out, mode)
  if (style.constants === 'verbose') {
    permissions(out, mode)
    out.put(' /* ')
  }
  if (name !== '') {
    out.put(name)
    out.putChar('|')
  }
  for (const [bit, text] of [
    [0o4000, 'S_ISUID|'],
    [0o2000, 'S_ISGID|'],
    [0o1000, 'S_ISVTX|'],
  ] as const)
    if (mode & bit) out.put(text)
  permissions(out, (mode & ~0o177000) >>> 0)
  if (style.constants === 'verbose') out.put(' */')
}

/** A descriptor, and what stands behind it when the options ask and the capture knows. */
export function descriptor(out: TextBuffer, frame: Notes, fd: number, style: Style): void {
  out.dec(fd)
  if (
    fd < 0 ||
    !(style.descriptorPaths || style.socketDetails || style.deviceNumbers || style.pidfdProcesses)
  )
    return
  const path = frame.note(RangeKind.fdPath, fd)
  const exists = ((frame.noteFlags ?? 0) & RangeFlag.exists) !== 0
  if (path === undefined || path.length === 0) return
  // The newest path says which of the other notes are about what stands there now: dup2 has old and new ones.
  const socket = style.socketDetails && path[0] === letter.s ? frame.note(RangeKind.socket, fd) : undefined
  if (socket !== undefined && socket.length > 0) return socketDetails(out, socket, style)
  const process =
    style.pidfdProcesses && (path[0] === letter.a || path[0] === letter.p)
      ? frame.note(RangeKind.process, fd)
      : undefined
  if (process !== undefined && process.length >= 4) {
    out.put('<pid:')
    const pid = word(process, 0)
    out.dec(pid)
    // It is told as we number it.
    aboutProcess(out, frame, pid, 'tid', { ...style, pidNamespaces: false })
    out.putChar('>')
    return
  }
  const device =
    style.deviceNumbers && path[0] === letter.slash ? frame.note(RangeKind.device, fd) : undefined
  if (device === undefined || device.length < 12) {
    if (style.descriptorPaths) angleBrackets(out, path, style, exists)
    return
  }
  out.putChar('<')
  escapeBytes(out, path, 0, path.length, style, true)
  out.put((word(device, 0) & 0o170000) === 0o020000 ? '<char ' : '<block ')
  out.dec(word(device, 4))
  out.putChar(':')
  out.dec(word(device, 8))
  out.put('>>')
}

/** How notes of paths begin: socket:[…], anon_inode:[pidfd] and pidfd:[…], /…. */
const letter = { s: 115, a: 97, p: 112, slash: 47 } as const

const word = (note: Uint8Array, at: number): number =>
  (note[at]! | (note[at + 1]! << 8) | (note[at + 2]! << 16) | (note[at + 3]! << 24)) >>> 0

/** `<UNIX:[1234,"/path"]>`: what the capture wrote, and the name that may stand behind a NUL. */
function socketDetails(out: TextBuffer, note: Uint8Array, style: Style): void {
  const nul = note.indexOf(0)
  const plain: Style = { ...style, escape: 'default' }
  out.putChar('<')
  if (nul < 0) escapeBytes(out, note, 0, note.length, plain)
  else {
    escapeBytes(out, note, 0, nul, plain)
    const abstract = note[nul + 1] === 0
    out.put(abstract ? ',@"' : ',"')
    const start = nul + (abstract ? 2 : 1)
    const end = note.indexOf(0, start)
    escapeBytes(out, note, start, end < 0 ? note.length : end, style, false)
    out.put('"]')
  }
  out.putChar('>')
}

function angleBrackets(out: TextBuffer, path: Uint8Array, style: Style, exists = false): void {
  const deleted =
    !exists &&
    path.length > deletedMark.length &&
    deletedMark.every((b, i) => path[path.length - deletedMark.length + i] === b)
  out.putChar('<')
  escapeBytes(out, path, 0, deleted ? path.length - deletedMark.length : path.length, style, true)
  out.put(deleted ? '>(deleted)' : '>')
}

/** The kernel's mark after the name of a file that has none any more. */
const deletedMark = Uint8Array.from(' (deleted)', c => c.charCodeAt(0))

/** `__NR_read`, or the number where no call has it. */
export function callNumber(out: TextBuffer, sysno: number, arch: ArchName | undefined, style: Style): void {
  const name = arch === undefined ? undefined : callName(arch, sysno)
  if (name === undefined || style.constants === 'raw') out.dec(sysno)
  else out.put(style.constants === 'verbose' ? `${sysno} /* __NR_${name} */` : `__NR_${name}`)
}

/** SIGHUP, SIGRTMIN, SIGRT_3 … or the number when it is none. */
export function signalName(out: TextBuffer, n: number, style: Style): void {
  const name = nameOfSignal(n)
  if (name === undefined || style.constants === 'raw') out.dec(n)
  else if (style.constants === 'verbose') out.put(`${n} /* ${name} */`)
  else out.put(name)
}

/** The kernel's names: real-time signals count from 32. strace has the older of two names of 29. */
export function nameOfSignal(n: number): string | undefined {
  if (n === 29) return 'SIGIO'
  if (n >= 1 && n <= 31) return signalNames[n]
  if (n === 32) return 'SIGRTMIN'
  if (n > 32 && n <= 64) return `SIGRT_${n - 32}`
  return undefined
}

/** Clock ticks, with the seconds that they are (100 a second everywhere that matters). */
export function ticks(out: TextBuffer, n: bigint, style: Style): void {
  out.put(n.toString())
  if (n === 0n || style.constants === 'raw') return
  out.put(` /* ${n / 100n}.${(n % 100n).toString().padStart(2, '0')} s */`)
}

/** makedev(major, minor) of the kernel's 64-bit encoding. */
export function device(out: TextBuffer, low: number, high: number, style: Style): void {
  if (style.constants !== 'abbrev') {
    if ((low | high) === 0) out.putChar('0')
    else out.hex(low, high)
    if (style.constants === 'raw') return
    out.put(' /* ')
  }
  const major = ((low >>> 8) & 0xfff) | (high & 0xfffff000)
  const minor = (low & 0xff) | ((low >>> 12) & 0xfff00) | ((high & 0xfff) << 20)
  const put = (n: number): void => (n === 0 ? out.putChar('0') : out.hex(n >>> 0))
  out.put('makedev(')
  put(major)
  out.put(', ')
  put(minor)
  out.put(style.constants === 'verbose' ? ') */' : ')')
}
