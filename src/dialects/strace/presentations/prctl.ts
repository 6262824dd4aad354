/** Arguments of prctl and arch_prctl that are more than flags or values. */
import * as sets from '../../../abi/sets.ts'
import type { Frame } from '../../../record/frame.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import { inStyle, nameTable, printFlags, printValue } from '../names.ts'
import type { Presentation, Presentations } from '../presentations.ts'
import type { Printer, PrintScope } from '../print.ts'
import { processId } from '../process-ids.ts'
import type { Style } from '../style.ts'
import { argumentsWith, usual } from './arguments.ts'

const {
  PR_SVE_SET_VL,
  PR_SME_SET_VL,
  PR_SET_PDEATHSIG,
  PR_SET_TAGGED_ADDR_CTRL,
  PR_SET_PTRACER,
  PR_SCHED_CORE,
} = sets.prctl_options.values
export type Names = (out: TextBuffer, low: number, high: number, style: Style) => void

/** A length of vectors in the lowest bits, flags above: `PR_SVE_VL_INHERIT|0x10`. */
const lengthMask = 0xffff
export const vectorLength = (set: Parameters<typeof nameTable>[0], arch: PrintScope['arch']): Names => {
  const tables = [nameTable(set, arch)]
  return (out, low, high, style) => {
    const flags = (low & ~lengthMask) >>> 0
    if (flags !== 0 || high !== 0) {
      printFlags(out, tables, flags, high, style, '')
      out.putChar('|')
    }
    const length = low & lengthMask
    out.put(length === 0 ? '0' : `0x${length.toString(16)}`)
  }
}

/** Whether tags are allowed, how faults are told, a mask of tags: `PR_TAGGED_ADDR_ENABLE|PR_MTE_TCF_SYNC|0xfffe<<PR_MTE_TAG_SHIFT`. */
export const taggedAddresses = (arch: PrintScope['arch']): Names => {
  const faults = [nameTable(sets.pr_tagged_addr_mte_tcf, arch)]
  return (out, low, high, style) => {
    out.put(low & 1 ? 'PR_TAGGED_ADDR_ENABLE|' : '!PR_TAGGED_ADDR_ENABLE|')
    printValue(out, faults, low & 6, 0, style)
    const tags = (low >>> 3) & 0xffff
    if (tags !== 0) out.put(`|0x${tags.toString(16)}<<PR_MTE_TAG_SHIFT`)
    const rest = (low & ~0x7ffff) >>> 0
    if (rest === 0 && high === 0) return
    out.putChar('|')
    out.hex(rest, high)
  }
}

/** Names in the way that was asked for; an argument that is only a number is no constant. */
const styled =
  (names: Names, style: Style, hasNames: (low: number, high: number) => boolean): Printer =>
  (out, { view }, at) => {
    const low = view.getUint32(at, true)
    const high = view.getUint32(at + 4, true)
    const constants = style.constants === 'verbose' && !hasNames(low, high) ? 'raw' : style.constants
    inStyle(out, low, high, { ...style, constants }, inner => names(out, low, high, inner))
  }

/** Any process may trace; or the one of that number. */
const tracer =
  (style: Style): Printer =>
  (out, frame, at) => {
    const any = frame.view.getInt32(at, true) === -1
    if (!any || style.constants === 'raw') processId(out, frame, frame.view.getInt32(at, true), 'pid', style)
    else out.put(style.constants === 'verbose' ? '-1 /* PR_SET_PTRACER_ANY */' : 'PR_SET_PTRACER_ANY')
  }

/** A signal that ends with the parent; a number that none has is one of 64 bits. */
const deathSignal =
  (other: Printer): Printer =>
  (out, frame, at, bases) => {
    const value = frame.view.getBigUint64(at, true)
    if (value > 128n) out.put(value.toString())
    else other(out, frame, at, bases)
  }

const prctl: Presentation = scope => {
  const { style, arch } = scope
  const aboveLength = (low: number, high: number): boolean => high !== 0 || low > lengthMask
  const second = new Map<number, Printer>([
    [PR_SVE_SET_VL, styled(vectorLength(sets.pr_sve_vl_flags, arch), style, aboveLength)],
    [PR_SME_SET_VL, styled(vectorLength(sets.pr_sme_vl_flags, arch), style, aboveLength)],
    [PR_SET_TAGGED_ADDR_CTRL, styled(taggedAddresses(arch), style, () => true)],
    [PR_SET_PTRACER, tracer(style)],
    [PR_SET_PDEATHSIG, deathSignal(usual(scope, 'arg2'))],
  ])
  const commented: Style = { ...style, constants: style.constants === 'raw' ? 'raw' : 'verbose' }
  const pidTypes = [nameTable(sets.pr_sched_core_pidtypes, arch)]
  const fourth = new Map<number, Printer>([
    [PR_SCHED_CORE, (out, { view }, at) => printValue(out, pidTypes, view.getUint32(at, true), 0, commented)],
  ])
  return argumentsWith(scope, {
    arg2: byOption(second, usual(scope, 'arg2')),
    arg4: byOption(fourth, usual(scope, 'arg4')),
  })
}

const byOption =
  (own: ReadonlyMap<number, Printer>, otherwise: Printer): Printer =>
  (out, frame: Frame, at, bases) =>
    (own.get(frame.view.getUint32(frame.args, true)) ?? otherwise)(out, frame, at, bases)

/** Features of the processor have their number beside their names. */
const arch: Presentation = scope => {
  const { style } = scope
  const commented: Style = { ...style, constants: style.constants === 'raw' ? 'raw' : 'verbose' }
  const features = usual({ ...scope, style: commented }, 'addr')
  const plain = usual(scope, 'addr')
  return argumentsWith(scope, {
    addr: (out, frame, at, bases) => {
      const code = frame.view.getUint32(frame.args, true)
      ;(code >= 0x1021 && code <= 0x1025 ? features : plain)(out, frame, at, bases)
    },
  })
}

export const prctlPresentations: Presentations = { prctl, arch_prctl: arch }
