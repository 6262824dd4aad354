/** What follows the result of calls of processes, signals and memory. */
import { errnoNames, errnoTexts } from '../../../abi/errno.ts'
import * as sets from '../../../abi/sets.ts'
import type { Frame } from '../../../record/frame.ts'
import { readUnsigned } from '../../../record/numbers.ts'
import { readAddress } from '../../../types/evaluate.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import { lookUp, nameTable, printFlags } from '../names.ts'
import { type Names, taggedAddresses, vectorLength } from '../presentations/prctl.ts'
import { priorityParts } from '../presentations/scheduling.ts'
import { personalityValue } from '../presentations/system.ts'
import { nameOfSignal, unsignedNumber } from '../scalars.ts'
import { signalSet } from '../specials/sigset.ts'
import type { Style } from '../style.ts'
import { type Result, type Results, whole } from './result.ts'

const number = (out: TextBuffer, frame: Frame): void => unsignedNumber(out, frame, frame.result, 8)
const hexadecimal = (out: TextBuffer, { view, result }: Frame): void => {
  const low = view.getUint32(result, true)
  const high = view.getUint32(result + 4, true)
  if ((low | high) === 0) out.putChar('0')
  else out.hex(low, high)
}

const personality: Result =
  ({ style }) =>
  (out, frame) => {
    out.put(' (')
    personalityValue(out, frame.view.getUint32(frame.result, true), style, frame.arch)
    out.putChar(')')
  }
const ioprio: Result =
  ({ style }) =>
  (out, frame) => {
    if (style.constants === 'raw') return
    out.put(' (')
    priorityParts(out, frame.view.getUint32(frame.result, true), style, frame.arch)
    out.putChar(')')
  }
const signal: Result =
  () =>
  (out, { view, result }) => {
    const name = nameOfSignal(view.getInt32(result, true))
    if (name !== undefined) out.put(` (${name})`)
  }
/** What a signal did before, where that is no function. */
const previousHandler: Result =
  () =>
  (out, { view, result, arch }) => {
    const name = lookUp([nameTable(sets.sa_handler_values, arch)], view.getUint32(result, true), 0)
    if (name !== undefined) out.put(` (${name})`)
  }
/** The signals that were held back, of the first 32. */
const previousMask =
  (label: string): Result =>
  ({ style }) =>
  (out, { view, result }) => {
    out.put(` (${label} `)
    signalSet(out, view.getUint32(result, true), 0, style, 32)
    out.putChar(')')
  }
const scheduler: Result =
  () =>
  (out, { view, result, arch }) => {
    const name = lookUp([nameTable(sets.schedulers, arch)], view.getUint32(result, true), 0)
    if (name !== undefined) out.put(` (${name})`)
  }
/** Which commands there are is asked with a command. */
const membarrier = whole(({ style }) => (out, frame) => {
  const value = frame.view.getUint32(frame.result, true)
  if (value === 0 || frame.view.getUint32(frame.args, true) !== 0) return number(out, frame)
  out.hex(value)
  out.put(' (')
  printFlags(out, [nameTable(sets.membarrier_cmds, frame.arch)], value, 0, style)
  out.putChar(')')
})
/** The error comes as a number of 32 bits, which no one takes for one but people. */
const modifyLdt = whole(() => (out, frame) => {
  number(out, frame)
  const error = -frame.view.getInt32(frame.result, true)
  const name = errnoNames[error]
  if (name !== undefined && error > 0) out.put(` ${name} (${errnoTexts[error] ?? ''})`)
})

/** The number that the kernel gave to the segment. */
const segment: Result = scope => (out, frame) => {
  if (scope.style.unread) return
  const place = frame.find(readAddress(frame.view, frame.args, frame.arch), 4)
  if (place >= 0) out.put(` (entry_number=${frame.view.getUint32(place, true)})`)
}

type Option = (out: TextBuffer, frame: Frame, style: Style) => void
const named = (out: TextBuffer, name: string | undefined): void => {
  if (name !== undefined) out.put(` (${name})`)
}
const namedIn =
  (set: Parameters<typeof nameTable>[0]): Option =>
  (out, frame) => {
    number(out, frame)
    named(out, lookUp([nameTable(set, frame.arch)], frame.view.getUint32(frame.result, true), 0))
  }
const flagsOf =
  (set: Parameters<typeof nameTable>[0], zero = false): Option =>
  (out, frame, style) => {
    hexadecimal(out, frame)
    const low = frame.view.getUint32(frame.result, true)
    const table = nameTable(set, frame.arch)
    const known = table.low.some(bit => bit !== 0 && (low & bit) >>> 0 === bit)
    if (style.constants === 'raw' || !(known || (low === 0 && zero))) return
    out.put(' (')
    printFlags(out, [table], low, 0, { ...style, constants: 'abbrev' })
    out.putChar(')')
  }
/** A result that is written as an argument is, where `least` or more of it is set. */
const writtenAs =
  (names: (arch: Frame['arch']) => Names, least: number): Option =>
  (out, frame, style) => {
    hexadecimal(out, frame)
    const low = frame.view.getUint32(frame.result, true)
    const high = frame.view.getUint32(frame.result + 4, true)
    if (style.constants === 'raw' || (high === 0 && low < least)) return
    out.put(' (')
    names(frame.arch)(out, low, high, { ...style, constants: 'abbrev' })
    out.putChar(')')
  }
const speculationState = flagsOf(sets.pr_spec_get_store_bypass_flags, true)
/** Of what is not known, the state is no more than a number. */
const speculation: Option = (out, frame, style) => {
  const what = readUnsigned(frame.view, frame.args + 8, 8)
  const known = lookUp([nameTable(sets.pr_spec_cmds, frame.arch)], what, 0) !== undefined
  ;(known ? speculationState : number)(out, frame, style)
}
const aboveLength = 0x10000
const scalable = writtenAs(arch => vectorLength(sets.pr_sve_vl_flags, arch), aboveLength)
const matrix = writtenAs(arch => vectorLength(sets.pr_sme_vl_flags, arch), aboveLength)
const o = sets.prctl_options.values
const byOption = new Map<number, Option>([
  [o.PR_GET_DUMPABLE, namedIn(sets.pr_dumpable)],
  [o.PR_MCE_KILL_GET, namedIn(sets.pr_mce_kill_policy)],
  [o.PR_GET_SECUREBITS, flagsOf(sets.secbits)],
  [o.PR_GET_FP_MODE, flagsOf(sets.pr_fp_mode)],
  [o.PR_SVE_SET_VL, scalable],
  [o.PR_SVE_GET_VL, scalable],
  [o.PR_SME_SET_VL, matrix],
  [o.PR_SME_GET_VL, matrix],
  [o.PR_GET_TAGGED_ADDR_CTRL, writtenAs(taggedAddresses, 0)],
  [o.PR_PAC_GET_ENABLED_KEYS, flagsOf(sets.pr_pac_enabled_keys)],
  [o.PR_GET_SPECULATION_CTRL, speculation],
])
const prctl = whole(
  ({ style }) =>
    (out, frame) =>
      (byOption.get(frame.view.getUint32(frame.args, true)) ?? number)(out, frame, style),
)

/** Asked for leave to use a feature, the kernel answers with all that there is leave for. */
const allowedFeatures = flagsOf(sets.x86_xfeatures)
const requests = new Set<number>([
  sets.archvals.values.ARCH_REQ_XCOMP_PERM,
  sets.archvals.values.ARCH_REQ_XCOMP_GUEST_PERM,
])
const archPrctl = whole(
  ({ style }) =>
    (out, frame) =>
      (requests.has(frame.view.getUint32(frame.args, true)) ? allowedFeatures : number)(out, frame, style),
)

export const processResults: Results = {
  arch_prctl: archPrctl,
  ioprio_get: ioprio,
  membarrier,
  modify_ldt: modifyLdt,
  personality,
  set_thread_area: segment,
  prctl,
  rt_sigtimedwait: signal,
  signal: previousHandler,
  sgetmask: previousMask('mask'),
  ssetmask: previousMask('old mask'),
  sched_getscheduler: scheduler,
  // A thread's id, of which strace tells nothing more.
  set_tid_address: whole(() => number),
}
