/** How arguments about the machine as a whole are shown where their types do not say it. */
import * as sets from '../../../abi/sets.ts'
import type { Frame } from '../../../record/frame.ts'
import type { ArchName } from '../../../record/layout.ts'
import { readUnsigned } from '../../../record/numbers.ts'
import { readAddress } from '../../../types/evaluate.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import { lookUp, nameTable, printFlags, printValue } from '../names.ts'
import type { Presentation, Presentations } from '../presentations.ts'
import type { Printer, PrintScope } from '../print.ts'
import { addressNumber } from '../scalars.ts'
import { printBytes } from '../strings.ts'
import { entryNumber as entry } from '../structs/process.ts'
import type { Style } from '../style.ts'
import { argumentsWith, entered, usual } from './arguments.ts'

/** A kind of machine in the lowest byte, flags above it: `PER_LINUX|ADDR_NO_RANDOMIZE`. */
export function personalityValue(out: TextBuffer, value: number, style: Style, arch: ArchName): void {
  printValue(out, [nameTable(sets.personality_types, arch)], value & 0xff, 0, style)
  const flags = (value & ~0xff) >>> 0
  if (flags === 0) return
  out.putChar('|')
  printFlags(out, [nameTable(sets.personality_flags, arch)], flags, 0, style, '')
}

const personality: Presentation = scope =>
  argumentsWith(scope, {
    persona: (out, { view }, at) => {
      const value = view.getUint32(at, true)
      if (value === 0xffffffff) out.hex(value)
      else personalityValue(out, value, scope.style, scope.arch)
    },
  })

/** What is random is never text. */
const getrandom: Presentation = scope => {
  const style: Style = { ...scope.style, escape: 'all' }
  return argumentsWith(scope, {
    buf: (out, frame, at) => {
      const address = readAddress(frame.view, at, scope.arch)
      const length = frame.result < 0 || frame.failed ? -1 : readUnsigned(frame.view, frame.result, 8)
      if (address === 0 || length < 0 || !printBytes(out, frame, address, length, style.stringLimit, style))
        addressNumber(out, frame, at, 8)
    },
  })
}

/** The longest name that the kernel takes; a longer one is not looked at. */
const longestName = 64
const naming: Presentation = scope => {
  const name = usual(scope, 'name')
  return argumentsWith(scope, {
    name: (out, frame, at, bases) =>
      frame.view.getUint32(at + 8, true) > longestName
        ? addressNumber(out, frame, at, 8)
        : name(out, frame, at, bases),
  })
}

/** A number with its name beside it, whatever was asked for. */
const commented = (
  out: TextBuffer,
  value: number,
  set: Parameters<typeof nameTable>[0],
  arch: ArchName,
): void => {
  const table = nameTable(set, arch)
  out.put(`${value} /* ${lookUp([table], value >>> 0, 0) ?? table.prefix} */`)
}
const consoleLevel = 8
const syslog: Presentation = scope => [
  {
    label: '',
    arg: 'type',
    print: (out, { view }, at) =>
      commented(out, view.getInt32(at, true), sets.syslog_action_type, scope.arch),
  },
  { label: '', arg: 'bufp' },
  {
    label: '',
    arg: 'len',
    print: (out, { view }, at) => {
      const level = view.getInt32(at, true)
      if (view.getInt32(at - 16, true) === consoleLevel)
        commented(out, level, sets.syslog_console_levels, scope.arch)
      else out.dec(level)
    },
  },
]

/** Flags, and a priority in the lower bits: `SWAP_FLAG_PREFER|5`. */
const priorityMask = 0x7fff
const swapon: Presentation = scope => {
  const tables = [nameTable(sets.swap_flags, scope.arch)]
  return argumentsWith(scope, {
    swapflags: (out, { view }, at) => {
      const value = view.getUint32(at, true)
      const flags = (value & ~priorityMask) >>> 0
      if (flags !== 0) {
        printFlags(out, tables, flags, 0, scope.style)
        out.putChar('|')
      }
      out.dec(value & priorityMask)
    },
  })
}

/** The structure that describes a segment, where the function reads one of the right size. */
const modifyLdt: Presentation = scope => {
  const segment = usual(scope, 'ptr')
  return argumentsWith(scope, {
    ptr: (out, frame, at, bases) =>
      frame.view.getBigUint64(at + 8, true) === 16n
        ? segment(out, frame, at, bases)
        : addressNumber(out, frame, at, 8),
  })
}

/** Which segment is asked for is all that is known when the call failed. */
const getThreadArea: Presentation = scope => {
  const segment = usual(scope, 'u_info')
  const print: Printer = (out, frame, at, bases) => {
    const place = frame.failed ? entryNumber(frame, at, scope) : -1
    if (place < 0) segment(out, frame, at, bases)
    else out.put(`{entry_number=${entry(frame.view.getUint32(place, true))}, ...}`)
  }
  return argumentsWith(scope, { u_info: print })
}
const entryNumber = (frame: Frame, at: number, { arch }: PrintScope): number => {
  const address = readAddress(frame.view, at, arch)
  return address === 0 ? -1 : frame.find(address, 4)
}

export const systemPresentations: Presentations = {
  personality,
  getrandom,
  sethostname: naming,
  setdomainname: naming,
  syslog,
  swapon,
  modify_ldt: modifyLdt,
  set_thread_area: scope => [entered(scope, 'u_info')],
  get_thread_area: getThreadArea,
}
