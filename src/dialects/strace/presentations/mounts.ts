/** How arguments of calls on mounts and quotas look where their types do not say it. */
import * as sets from '../../../abi/sets.ts'
import { type Bases, readAddress } from '../../../types/evaluate.ts'
import type { NameSet } from '../../../types/language.ts'
import { nameTable, printFlags, printValue } from '../names.ts'
import type { Presentation, Presentations } from '../presentations.ts'
import type { Printer } from '../print.ts'
import { quote } from '../quote.ts'
import { addressNumber } from '../scalars.ts'
import type { Style } from '../style.ts'
import { argumentsWith, sibling, usual } from './arguments.ts'

/** QCMD(Q_GETQUOTA, USRQUOTA) */
const quota: Presentation = scope => {
  const commands = [nameTable(sets.quotacmds, scope.arch)]
  const types = [nameTable(sets.quotatypes, scope.arch)]
  const { style } = scope
  const plain: Style = { ...style, constants: 'abbrev' }
  const cmd: Printer = (out, frame, at) => {
    const value = frame.view.getUint32(at, true)
    if (style.constants !== 'abbrev') out.dec(value)
    if (style.constants === 'raw') return
    if (style.constants === 'verbose') out.put(' /* ')
    out.put('QCMD(')
    printValue(out, commands, value >>> 8, 0, plain)
    out.put(', ')
    printValue(out, types, value & 0xff, 0, plain)
    out.put(style.constants === 'verbose' ? ') */' : ')')
  }
  return argumentsWith(scope, { cmd })
}

/** MS_MGC_VAL in the upper half stands for no flags at all. */
const mount: Presentation = scope => {
  const tables = [nameTable(sets.mount_flags, scope.arch)]
  const noFlags: NameSet = { name: 'mount_magic', kind: 'value', values: { MS_MGC_VAL: 0xc0ed0000 } }
  const magic = [nameTable(noFlags, scope.arch)]
  const { style } = scope
  const mountflags: Printer = (out, frame, at) => {
    const low = frame.view.getUint32(at, true)
    const high = frame.view.getUint32(at + 4, true)
    if ((low & 0xffff0000) >>> 0 !== 0xc0ed0000) return printFlags(out, tables, low, high, style)
    printValue(out, magic, 0xc0ed0000, 0, style)
    if ((low & 0xffff) === 0) return
    out.putChar('|')
    printFlags(out, tables, low & 0xffff, 0, style)
  }
  return argumentsWith(scope, { mountflags })
}

/** A priority in the lower bits, which is written in any case. */
const swapon: Presentation = scope => {
  const tables = [nameTable(sets.swap_flags, scope.arch)]
  const { style } = scope
  const swapflags: Printer = (out, frame, at) => {
    const value = frame.view.getUint32(at, true)
    const priority = value & 0x7fff
    const flags = (value & ~0x7fff) >>> 0
    if (flags !== 0) {
      printFlags(out, tables, flags, 0, style)
      out.putChar('|')
    }
    out.dec(priority)
  }
  return argumentsWith(scope, { swapflags })
}

/** Binary values are always in hexadecimal. */
const fsconfig: Presentation = scope => {
  const { style } = scope
  const other = usual(scope, 'value')
  const FSCONFIG_SET_BINARY = 2
  const value: Printer = (out, frame, at, bases: Bases) => {
    if (frame.view.getUint32(sibling(at, 3, 1), true) !== FSCONFIG_SET_BINARY)
      return other(out, frame, at, bases)
    const length = frame.view.getInt32(sibling(at, 3, 4), true)
    const address = readAddress(frame.view, at, scope.arch)
    const shown = Math.min(length, style.stringLimit)
    const from = shown > 0 ? frame.find(address, shown) : 0
    if (address === 0 || length < 0 || length > largestBinary || from < 0)
      return addressNumber(out, frame, at, 8)
    quote(out, frame.bytes, from, from + shown, { ...style, escape: 'all' })
    if (length > shown) out.put('...')
  }
  return argumentsWith(scope, { value })
}
const largestBinary = 1 << 20

export const mountPresentations: Presentations = {
  quotactl: quota,
  quotactl_fd: quota,
  mount,
  swapon,
  fsconfig,
}
