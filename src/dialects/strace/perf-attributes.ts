/** perf_event_open's attributes: as many as the program says there are, in the ways that others of them ask for. */
import * as sets from '../../abi/sets.ts'
import type { Frame } from '../../record/frame.ts'
import { readAddress } from '../../types/evaluate.ts'
import type { NameSet, Struct } from '../../types/language.ts'
import { layoutOf } from '../../types/resolve.ts'
import type { TextBuffer } from '../text-buffer.ts'
import { nameTable, printValue } from './names.ts'
import { type Printer, type PrintScope, printer } from './print.ts'
import { addressNumber, hexNumber } from './scalars.ts'

/** The first version, which a size of zero stands for; and the one whose fields all have a name here. */
const { PERF_ATTR_SIZE_VER0: oldest, PERF_ATTR_SIZE_VER7: known } = sets.perf_attr_size.values
const {
  PERF_TYPE_HARDWARE,
  PERF_TYPE_SOFTWARE,
  PERF_TYPE_TRACEPOINT,
  PERF_TYPE_HW_CACHE,
  PERF_TYPE_BREAKPOINT,
} = sets.perf_type_id.values
const { PERF_SAMPLE_BRANCH_STACK, PERF_SAMPLE_STACK_USER } = sets.perf_event_sample_format.values
const tooBig = 7

const skids = ['arbitrary skid', 'constant skid', 'requested to have 0 skid', 'must have 0 skid']
/** Bits from here on have no name. */
const firstReservedBit = 38n

/** What is counted, by the kind of event. */
function config(out: TextBuffer, frame: Frame, at: number, type: number, { style, arch }: PrintScope): void {
  const { view } = frame
  const low = view.getUint32(at, true)
  const high = view.getUint32(at + 4, true)
  const named = (value: number, set: NameSet, unknown: string): void =>
    printValue(out, [nameTable(set, arch)], value, 0, style, unknown)
  const shifted = (value: number, shift: number): void => {
    if (value !== 0) out.put(`0x${value.toString(16)}<<${shift}|`)
  }
  switch (type) {
    case PERF_TYPE_HARDWARE:
      shifted(high, 32)
      return named(low, sets.perf_hw_id, 'PERF_COUNT_HW_???')
    case PERF_TYPE_SOFTWARE:
      return printValue(out, [nameTable(sets.perf_sw_ids, arch)], low, high, style, 'PERF_COUNT_SW_???')
    case PERF_TYPE_TRACEPOINT:
      return out.put(view.getBigUint64(at, true).toString())
    case PERF_TYPE_HW_CACHE:
      shifted(high, 32)
      shifted(low >>> 24, 24)
      named((low >>> 16) & 255, sets.perf_hw_cache_op_result_id, 'PERF_COUNT_HW_CACHE_RESULT_???')
      out.put('<<16|')
      named((low >>> 8) & 255, sets.perf_hw_cache_op_id, 'PERF_COUNT_HW_CACHE_OP_???')
      out.put('<<8|')
      return named(low & 255, sets.perf_hw_cache_id, 'PERF_COUNT_HW_CACHE_???')
    default:
      return hexNumber(out, frame, at, 8)
  }
}

/** Fields of some bits: those that are set, or all when everything is asked for. */
function bitFields(out: TextBuffer, word: bigint, names: readonly Bits[], all: boolean): void {
  for (const { name, bit, width } of names) {
    const value = Number((word >> BigInt(bit)) & (2n ** BigInt(width) - 1n))
    const isPrecision = name === 'precise_ip'
    if (value === 0 && !all && !isPrecision) continue
    out.put(`, ${name}=${value}`)
    if (isPrecision) out.put(` /* ${skids[value]} */`)
  }
  const reserved = word >> firstReservedBit
  if (reserved !== 0n) out.put(`, __reserved_1=0x${reserved.toString(16)} /* Bits 63..${firstReservedBit} */`)
}
interface Bits {
  readonly name: string
  readonly bit: number
  readonly width: number
}

export const perfAttributes = (scope: PrintScope, type: Struct): Printer => {
  const { style, arch } = scope
  const layout = layoutOf(type.layout, arch)
  const inner: PrintScope = { ...scope, structs: [{ layout, fields: type.fields }] }
  const places = Object.entries(type.fields).map(([name, node]) => {
    const place = layout.fields[name]!
    return { name, ...place, print: printer(node, inner, place.size) }
  })
  const bits = places.flatMap(({ name, bit, width }): Bits[] =>
    bit === undefined || bit >= firstReservedBit ? [] : [{ name, bit, width: width ?? 1 }],
  )
  const byName = new Map(places.map(place => [place.name, place]))
  const { size: whole } = layout

  return (out, frame, at, bases) => {
    const address = readAddress(frame.view, at, arch)
    frame.asEntered = true
    const have = address === 0 ? 0 : frame.available(address)
    frame.asEntered = false
    const start = frame.at
    const claimed = have < 8 ? 0 : frame.view.getUint32(start + 4, true)
    const size = claimed === 0 ? oldest : claimed
    if (size < oldest || have < Math.min(size, known))
      return addressNumber(out, frame, at, arch === 'i386' ? 4 : 8)
    const place = frame.padded(start, Math.min(size, have, known), whole)
    const { view } = frame
    const base = bases[0]
    bases[0] = place
    const number = (name: string): number => view.getUint32(place + byName.get(name)!.offset, true)
    const field = (name: string, shownAs = name, separator = ', '): void => {
      const { offset, print } = byName.get(name)!
      if (offset >= size) return
      out.put(`${separator}${shownAs}=`)
      print(out, frame, place + offset, bases)
    }
    const kind = number('type')
    field('type', 'type', '{')
    field('size')
    changedSize(out, frame, address + 4, claimed, byName.get('size')!.print)
    out.put(', config=')
    config(out, frame, place + byName.get('config')!.offset, kind, scope)
    const word = view.getBigUint64(place + byName.get('disabled')!.offset, true)
    const isSet = (name: string): boolean => ((word >> BigInt(byName.get(name)!.bit!)) & 1n) === 1n
    field('sample_period', isSet('freq') ? 'sample_freq' : 'sample_period')
    field('sample_type')
    field('read_format')
    bitFields(out, word, bits, style.verbose)
    if (style.verbose) rest()
    out.put(style.verbose && size <= known ? '}' : ', ...}')
    if (base !== undefined) bases[0] = base

    /** Bits that make no sense together have a name for that. */
    function breakpointType(): void {
      const value = number('bp_type')
      if (value < 5 || value > 7 || style.constants === 'raw') return field('bp_type')
      out.put(`, bp_type=0x${value.toString(16)} /* HW_BREAKPOINT_INVALID */`)
    }
    function rest(): void {
      const samples = number('sample_type')
      field('wakeup_events', isSet('watermark') ? 'wakeup_watermark' : 'wakeup_events')
      if (kind === PERF_TYPE_BREAKPOINT) {
        breakpointType()
        field('config1', 'bp_addr')
        if (size > oldest)
          out.put(`, bp_len=${view.getBigUint64(place + byName.get('config2')!.offset, true)}`)
      } else {
        field('config1')
        field('config2')
      }
      if (samples & PERF_SAMPLE_BRANCH_STACK) field('branch_sample_type')
      field('sample_regs_user')
      if (samples & PERF_SAMPLE_STACK_USER) field('sample_stack_user')
      if (isSet('use_clockid')) field('clockid')
      field('sample_regs_intr')
      field('aux_watermark')
      field('sample_max_stack')
      const reserved = view.getUint16(place + byName.get('sample_max_stack')!.offset + 2, true)
      if (reserved !== 0 && size > 110) out.put(` /* bytes 110..111: 0x${reserved.toString(16)} */`)
      field('aux_sample_size')
      const more = view.getUint32(place + 116, true)
      if (more !== 0 && size > 116) out.put(` /* bytes 116..119: 0x${more.toString(16)} */`)
      field('sig_data')
    }
  }
}

/** The size that the kernel would have had, when it refuses one. */
function changedSize(out: TextBuffer, frame: Frame, address: number, claimed: number, print: Printer): void {
  if (!frame.failed || frame.errno !== tooBig) return
  const after = frame.find(address, 4)
  if (after < 0 || frame.view.getUint32(after, true) === claimed) return
  out.put(' => ')
  print(out, frame, after, [])
}
