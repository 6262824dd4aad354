/** How arguments about memory are shown where their types do not say it. */

import { errnoNames } from '../../../abi/errno.ts'
import * as sets from '../../../abi/sets.ts'
import { readUnsigned } from '../../../record/numbers.ts'
import { readAddress } from '../../../types/evaluate.ts'
import { inStyle, lookUp, nameTable, printFlags, printValue } from '../names.ts'
import type { Presentation, Presentations } from '../presentations.ts'
import type { Printer, PrintScope } from '../print.ts'
import { addressNumber } from '../scalars.ts'
import { printArray } from '../sequences.ts'
import { argumentsWith } from './arguments.ts'

/** The kind of mapping is a value in the lowest bits, the size of huge pages a logarithm in the highest. */
const kindMask = 0xf
const mapping = ({ style, arch }: PrintScope): Printer => {
  const tables = [nameTable(sets.mmap_flags, arch)]
  return (out, { view }, at) => {
    const value = view.getUint32(at, true)
    const kind = value & kindMask
    const pages = value >>> 26
    const flags = value & 0x3fffff0
    inStyle(out, value, view.getUint32(at + 4, true), style, names => {
      printValue(out, tables, kind, 0, names, 'MAP_???')
      if (flags !== 0) {
        out.putChar('|')
        printFlags(out, tables, flags, 0, names, '')
      }
      if (pages !== 0) out.put(`|${pages}<<MAP_HUGE_SHIFT`)
    })
  }
}
/** The offset is in pages. */
const pageBytes = 4096n
const mappedPages: Presentation = scope =>
  argumentsWith(scope, {
    flags: mapping(scope),
    pgoffset: (out, { view }, at) => {
      const offset = BigInt(view.getUint32(at, true)) * pageBytes
      out.put(offset === 0n ? '0' : `0x${offset.toString(16)}`)
    },
  })
const mapped: Presentation = scope => argumentsWith(scope, { flags: mapping(scope) })

/** A policy with flags. Where the policy has no name, the flags tell what is left over. */
const modeFlags = 0xe000
const policy = (scope: PrintScope, bits: 32 | 64): Printer => {
  const { style, arch } = scope
  const modes = [nameTable(sets.mpol_modes, arch)]
  const flags = [nameTable(sets.mpol_mode_flags, arch)]
  return (out, { view }, at) => {
    const low = view.getUint32(at, true)
    const high = bits === 64 ? view.getUint32(at + 4, true) : 0
    const mode = (low & ~modeFlags) >>> 0
    if ((low & modeFlags) === 0) return printValue(out, modes, low, high, style, 'MPOL_???')
    const name = lookUp(modes, mode, high)
    inStyle(out, low, high, style, names => {
      if (name !== undefined) out.put(`${name}|`)
      printFlags(out, flags, name === undefined ? low : low & modeFlags, name === undefined ? high : 0, names)
    })
  }
}

/** Words of a set of nodes: two characters a byte. The kernel counts one bit less than it is told. */
const nodes = (scope: PrintScope, name: string): Printer => {
  const index = scope.args.findIndex(a => a.name === 'maxnode')
  const type = scope.args.find(a => a.name === name)!.type
  const isResult = type.kind === 'pointer' && type.when === 'out'
  const bytes = scope.arch === 'i386' ? 4 : 8
  const digits = bytes * 2
  const word: Printer = (out, { view }, at) => {
    const set = bytes === 8 ? view.getBigUint64(at, true) : BigInt(view.getUint32(at, true))
    out.put(set === 0n ? '0'.repeat(digits) : `0x${set.toString(16).padStart(digits - 2, '0')}`)
  }
  return (out, frame, at, bases) => {
    const count = readUnsigned(frame.view, frame.args + index * 8, 8)
    const bits = bytes * 8
    const words = Math.floor((count + bits - 2) / bits)
    const address = readAddress(frame.view, at, scope.arch)
    const known =
      address !== 0 &&
      !(isResult && count > 0 && (frame.result < 0 || frame.failed)) &&
      (words > 0 || count === 0) &&
      count < 2 ** 60
    if (!known || !printArray(out, frame, address, words, bytes, word, bases, scope.style))
      addressNumber(out, frame, at, 8)
  }
}

/** A status is the number of a node, or what went wrong: `-EFAULT`. */
const statuses: Presentation = scope => {
  const one: Printer = (out, { view }, at) => {
    const status = view.getInt32(at, true)
    const name = status < 0 ? errnoNames[-status] : undefined
    if (name === undefined || scope.style.constants === 'raw') out.dec(status)
    else out.put(scope.style.constants === 'verbose' ? `${status} /* -${name} */` : `-${name}`)
  }
  return argumentsWith(scope, {
    status: (out, frame, at, bases) => {
      const address = readAddress(frame.view, at, scope.arch)
      const count = readUnsigned(frame.view, frame.args + 8, 8)
      if (
        address === 0 ||
        frame.result < 0 ||
        (frame.failed && count > 0) ||
        !printArray(out, frame, address, count, 4, one, bases, scope.style)
      )
        addressNumber(out, frame, at, 8)
    },
  })
}

export const memoryPresentations: Presentations = {
  mmap: mapped,
  mmap2: mappedPages,
  remap_file_pages: mapped,
  mbind: scope => argumentsWith(scope, { mode: policy(scope, 64), nodemask: nodes(scope, 'nodemask') }),
  set_mempolicy: scope =>
    argumentsWith(scope, { mode: policy(scope, 32), nodemask: nodes(scope, 'nodemask') }),
  get_mempolicy: scope => argumentsWith(scope, { nodemask: nodes(scope, 'nodemask') }),
  migrate_pages: scope =>
    argumentsWith(scope, { old_nodes: nodes(scope, 'old_nodes'), new_nodes: nodes(scope, 'new_nodes') }),
  move_pages: statuses,
}
