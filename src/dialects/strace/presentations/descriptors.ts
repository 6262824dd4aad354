/** How arguments of calls on descriptors look where their types do not say it. */
import * as sets from '../../../abi/sets.ts'
import type { Frame } from '../../../record/frame.ts'
import { readAddress } from '../../../types/evaluate.ts'
import { sizeOf } from '../../../types/resolve.ts'
import { nameTable, printFlags, printValue } from '../names.ts'
import type { Presentation, Presentations } from '../presentations.ts'
import type { Printer } from '../print.ts'
import { addressNumber, unsignedNumber } from '../scalars.ts'
import type { Style } from '../style.ts'
import { argumentsWith, usual } from './arguments.ts'

/** On machines of 64 bits the upper half of an offset is not looked at. */
const positioned: Presentation = scope => argumentsWith(scope, { pos_h: null })

/** `[0] => [100]`: where the offset was at the enter is written then, and where it came to at the exit. */
const sendfile: Presentation = scope => {
  const { type } = scope.args[2]!
  const bytes = type.kind === 'pointer' ? sizeOf(type.to, scope.arch) : 8
  const before: Printer = (out, frame, at) => {
    const address = readAddress(frame.view, at, scope.arch)
    if (frame.availableAtEnter(address) < bytes) return addressNumber(out, frame, at, 8)
    out.putChar('[')
    unsignedNumber(out, frame, frame.at, bytes)
    out.putChar(']')
  }
  const known = (frame: Frame): boolean =>
    frame.availableAtEnter(readAddress(frame.view, frame.args + 16, scope.arch)) >= bytes
  const after: Printer = (out, frame, at) => {
    if (!known(frame) || frame.failed || frame.view.getBigInt64(frame.result, true) <= 0n) return
    const now = frame.find(readAddress(frame.view, at, scope.arch), bytes)
    if (now < 0) return
    out.put(' => [')
    unsignedNumber(out, frame, now, bytes)
    out.putChar(']')
  }
  return [
    { label: '', arg: 'out_fd' },
    { label: '', arg: 'in_fd' },
    { label: '', arg: 'offset', print: before, waits: () => false },
    { label: '', arg: 'offset', print: after, waits: known, joined: true },
    { label: '', arg: 'count' },
  ]
}

/** The size of pages is a logarithm in the upper bits. */
const memfd: Presentation = scope => {
  const tables = [nameTable(sets.memfd_create_flags, scope.arch)]
  const { style } = scope
  const plain: Style = { ...style, constants: 'abbrev' }
  const flags: Printer = (out, frame, at) => {
    const value = frame.view.getUint32(at, true)
    const pages = value >>> 26
    const rest = value & 0x3ffffff
    if (value === 0 || style.constants === 'raw') return printFlags(out, tables, value, 0, style)
    if (style.constants === 'verbose') {
      out.hex(value)
      out.put(' /* ')
    }
    if (rest !== 0) printFlags(out, tables, rest, 0, plain)
    if (pages !== 0) out.put(`${rest === 0 ? '' : '|'}${pages}<<MFD_HUGE_SHIFT`)
    if (style.constants === 'verbose') out.put(' */')
  }
  return argumentsWith(scope, { flags })
}

const fanotifyInit: Presentation = scope => {
  const classes = [nameTable(sets.fan_classes, scope.arch)]
  const others = [nameTable(sets.fan_init_flags, scope.arch)]
  const { style } = scope
  const flags: Printer = (out, frame, at) => {
    const value = frame.view.getUint32(at, true)
    printValue(out, classes, value & 12, 0, style)
    const rest = (value & ~12) >>> 0
    if (rest === 0) return
    out.putChar('|')
    printFlags(out, others, rest, 0, style)
  }
  return argumentsWith(scope, { flags })
}

/** No descriptor has a name here. */
const fanotifyMark: Presentation = scope => {
  const { style } = scope
  const other = usual(scope, 'dirfd')
  const dirfd: Printer = (out, frame, at, bases) => {
    if (frame.view.getInt32(at, true) !== -1 || style.constants === 'raw') return other(out, frame, at, bases)
    out.put(style.constants === 'verbose' ? '-1 /* FAN_NOFD */' : 'FAN_NOFD')
  }
  return argumentsWith(scope, { dirfd })
}

export const descriptorPresentations: Presentations = {
  preadv2: positioned,
  pwritev2: positioned,
  sendfile,
  memfd_create: memfd,
  fanotify_init: fanotifyInit,
  fanotify_mark: fanotifyMark,
}
