/** Structures of processes that strace does not write field by field. */
import { sched_flags } from '../../../abi/sets.ts'
import { layoutOf } from '../../../types/resolve.ts'
import type { Printer } from '../print.ts'
import type { StructPrinters } from '../registry.ts'
import { addressNumber, signalName, unsignedNumber } from '../scalars.ts'
import { bare, fieldsPrinter, picked } from '../structures.ts'
import type { Style } from '../style.ts'

const infinity = 0xffff_ffff_ffff_ffffn
/** A limit: `8192*1024`, or that there is none. */
const limit =
  (style: Style, bits: 32 | 64 = 64): Printer =>
  (out, { view }, at) => {
    const value = bits === 64 ? view.getBigUint64(at, true) : BigInt(view.getUint32(at, true))
    const text =
      value === BigInt.asUintN(bits, infinity)
        ? bits === 64
          ? 'RLIM64_INFINITY'
          : 'RLIM_INFINITY'
        : value > 1024n && value % 1024n === 0n
          ? `${value / 1024n}*1024`
          : undefined
    if (text === undefined || style.constants === 'raw') out.put(value.toString())
    else out.put(style.constants === 'verbose' ? `${value} /* ${text} */` : text)
  }

const eightDigits = (n: number): string => (n === 0 ? '00000000' : `0x${n.toString(16).padStart(6, '0')}`)
/** The bit fields behind a segment's limit: name, lowest bit, width. */
const segmentBits: readonly (readonly [name: string, bit: number, width: number])[] = [
  ['seg_32bit', 0, 1],
  ['contents', 1, 2],
  ['read_exec_only', 3, 1],
  ['limit_in_pages', 4, 1],
  ['seg_not_present', 5, 1],
  ['useable', 6, 1],
  // 32-bit programs have none.
  ['lm', 7, 1],
]
/** An entry that is to be found has none yet. */
export const entryNumber = (n: number): string => (n === 0xffffffff ? '-1' : String(n))
const keepPolicy = sched_flags.values.SCHED_FLAG_KEEP_POLICY
const keepParameters = sched_flags.values.SCHED_FLAG_KEEP_PARAMS
/** Bytes of sched_attr in its first version, and with the fields that came later. */
const oldAttributes = 48
const attributes = 56

export const processStructs: StructPrinters = {
  rlimit64: (type, scope) =>
    fieldsPrinter(type, scope, undefined, { rlim_cur: limit(scope.style), rlim_max: limit(scope.style) }),
  rlimit: (type, scope) => {
    const print = limit(scope.style, 32)
    return fieldsPrinter(type, scope, undefined, { rlim_cur: print, rlim_max: print })
  },
  rusage: (type, scope) => fieldsPrinter(type, scope, ['ru_utime', 'ru_stime']),
  new_utsname: (type, scope) => fieldsPrinter(type, scope, ['sysname', 'nodename']),
  /** What the kernel writes is told after the call; here are the places where it will. */
  clone_args: (type, scope) => {
    const place: Printer = (out, frame, at) => addressNumber(out, frame, at, 8)
    const when = type.fields.pidfd!
    if (when.kind !== 'when') return undefined
    return fieldsPrinter(type, scope, undefined, {
      pidfd: place,
      parent_tid: place,
      exit_signal: (out, frame, at) => {
        const high = frame.view.getUint32(at + 4, true)
        if (high === 0) signalName(out, frame.view.getUint32(at, true), scope.style)
        else unsignedNumber(out, frame, at, 8)
      },
    })
  },
  /** The size that the program gives, in the first field, and flags say which fields mean something. */
  sched_attr: (type, scope) => {
    const { fields } = layoutOf('sched_attr', scope.arch)
    // Parts are structures of their own: their braces become commas.
    const part = (...names: string[]): Printer => bare(fieldsPrinter(picked(type, names), scope))
    const policy = part('sched_policy')
    const flags = part('sched_flags')
    const parameters = part('sched_nice', 'sched_priority', 'sched_runtime', 'sched_deadline', 'sched_period')
    const clamps = part('sched_util_min', 'sched_util_max')
    return (out, frame, at, bases) => {
      const claimed = frame.view.getUint32(at, true)
      const size = claimed === 0 ? oldAttributes : claimed
      out.put(`{size=${claimed}`)
      if (size >= oldAttributes) {
        const mask = frame.view.getUint32(at + fields.sched_flags!.offset, true)
        // A negative policy is an error, whatever the flags say of it.
        const refused = frame.view.getInt32(at + fields.sched_policy!.offset, true) < 0
        for (const [print, shown] of [
          [policy, refused || (mask & (keepPolicy | keepParameters)) === 0],
          [flags, true],
          [parameters, (mask & keepParameters) === 0],
          [clamps, size >= attributes],
        ] as const) {
          if (!shown) continue
          out.put(', ')
          print(out, frame, at, bases)
        }
        if (size > attributes) out.put(', ...')
      }
      out.putChar('}')
    }
  },
  user_desc:
    (_, { arch }) =>
    (out, { view }, at) => {
      const bits = view.getUint32(at + 12, true)
      out.put(
        `{entry_number=${entryNumber(view.getUint32(at, true))}, base_addr=${eightDigits(view.getUint32(at + 4, true))}`,
      )
      out.put(`, limit=${eightDigits(view.getUint32(at + 8, true))}`)
      for (const [name, bit, width] of arch === 'i386' ? segmentBits.slice(0, -1) : segmentBits)
        out.put(`, ${name}=${(bits >>> bit) & ((1 << width) - 1)}`)
      out.putChar('}')
    },
}
