/** Groups and capabilities as arguments. */
import { cap_mask0, cap_mask1 } from '../../../abi/sets.ts'
import { readAddress } from '../../../types/evaluate.ts'
import { type NameTable, nameTable, printFlags } from '../names.ts'
import type { Presentation, Presentations } from '../presentations.ts'
import type { Printer, PrintScope } from '../print.ts'
import { addressNumber } from '../scalars.ts'
import { argumentsWith, usual } from './arguments.ts'

/** More groups than there can be are not looked at. */
const mostGroups = 65536
const groups: Presentation = scope => {
  const list = usual(scope, 'list')
  return argumentsWith(scope, {
    list: (out, frame, at, bases) =>
      frame.view.getUint32(at - 8, true) > mostGroups
        ? addressNumber(out, frame, at, 8)
        : list(out, frame, at, bases),
  })
}

/** Versions of the header with a second structure, for the capabilities from 32 on. */
const versions = [0x20071026, 0x20080522]
const labels = ['effective=', ', permitted=', ', inheritable='] as const
/** A set is written as shifts, and its two halves one after the other. */
const shifts = (table: NameTable, bits: Uint32Array): NameTable => ({
  ...table,
  names: table.names.map(name => `1<<${name}`),
  low: bits,
  high: new Uint32Array(bits.length),
})

const sets = ({ style, arch }: PrintScope): Printer => {
  const first = nameTable(cap_mask0, arch)
  const second = nameTable(cap_mask1, arch)
  const low = [shifts(first, first.low)]
  const high = [shifts(second, second.high)]
  return (out, frame, at) => {
    const header = frame.find(readAddress(frame.view, at - 8, arch), 4)
    const two = header >= 0 && versions.includes(frame.view.getUint32(header, true))
    const address = readAddress(frame.view, at, arch)
    const place = address === 0 || header < 0 ? -1 : frame.find(address, two ? 24 : 12)
    if (place < 0) return addressNumber(out, frame, at, 8)
    out.putChar('{')
    labels.forEach((label, i) => {
      const lower = frame.view.getUint32(place + i * 4, true)
      const upper = two ? frame.view.getUint32(place + 12 + i * 4, true) : 0
      out.put(label)
      if (lower !== 0 || upper === 0) printFlags(out, low, lower, 0, style)
      if (lower !== 0 && upper !== 0) out.putChar('|')
      if (upper !== 0) printFlags(out, high, upper, 0, style)
    })
    out.putChar('}')
  }
}

const capabilities: Presentation = scope => argumentsWith(scope, { datap: sets(scope) })

export const credentialPresentations: Presentations = {
  getgroups: groups,
  setgroups: groups,
  capget: capabilities,
  capset: capabilities,
}
