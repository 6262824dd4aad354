/** Structures of video devices: pixel formats as their four characters, unions by the name of their variant, controls by number. */
import * as sets from '../../../abi/sets.ts'
import { compileTest } from '../../../types/evaluate.ts'
import type { NameSet, Struct } from '../../../types/language.ts'
import { layoutOf } from '../../../types/resolve.ts'
import { lookUp, nameTable, printFlags, printValue } from '../names.ts'
import { type Printer, type PrintScope, printer } from '../print.ts'
import type { StructPrinters } from '../registry.ts'
import { fieldsPrinter } from '../structures.ts'

const character = (n: number): string =>
  n >= 32 && n < 127
    ? `'${n === 39 || n === 92 ? '\\' : ''}${String.fromCharCode(n)}'`
    : `'\\x${n.toString(16).padStart(2, '0')}'`

/** `v4l2_fourcc('Y', 'U', 'Y', 'V') /* V4L2_PIX_FMT_YUYV *​/`. */
const fourCharacters =
  (set: NameSet, { style, arch }: PrintScope): Printer =>
  (out, { view }, at) => {
    const value = view.getUint32(at, true)
    const hexadecimal = value === 0 ? '0' : `0x${value.toString(16)}`
    if (style.constants === 'raw') return out.put(hexadecimal)
    const each = [0, 8, 16, 24].map(shift => character((value >>> shift) & 255))
    out.put(`v4l2_fourcc(${each.join(', ')})`)
    const name = lookUp([nameTable(set, arch)], value, 0)
    if (name !== undefined) out.put(` /* ${name} */`)
  }

const withPixels =
  (field: string, set: NameSet = sets.v4l2_pix_fmts, unlessZero: readonly string[] = []) =>
  (type: Struct, scope: PrintScope): Printer =>
    fieldsPrinter(type, scope, undefined, { [field]: fourCharacters(set, scope) }, unlessZero)

/** Fields of which some are variants of a union, and shown as `fmt.pix=`. */
const dotted =
  (own: (scope: PrintScope) => { readonly [field: string]: Printer } = () => ({})) =>
  (type: Struct, scope: PrintScope): Printer => {
    const layout = layoutOf(type.layout, scope.arch)
    const depth = scope.structs.length
    const inner: PrintScope = { ...scope, structs: [{ layout, fields: type.fields }, ...scope.structs] }
    const printers = own(inner)
    const fields = Object.entries(type.fields).map(([name, node]) => {
      const { offset, size } = layout.fields[name]!
      return {
        name,
        offset,
        holds: node.kind === 'when' ? compileTest(node.test, inner) : () => true,
        print: printers[name] ?? printer(node.kind === 'when' ? node.type : node, inner, size),
      }
    })
    return (out, frame, at, bases) => {
      out.putChar('{')
      let some = false
      for (const { name, offset, holds, print } of fields) {
        bases[depth] = at
        if (!holds(frame, bases)) continue
        out.put(`${some ? ', ' : ''}${name}=`)
        some = true
        print(out, frame, at + offset, bases)
      }
      out.putChar('}')
    }
  }

const { V4L2_CTRL_FLAG_NEXT_CTRL, V4L2_CTRL_FLAG_NEXT_COMPOUND } = sets.v4l2_control_query_flags.values
const classOf = 0xffff0000

/** A control by its name, or by its class and its number there; in queries, the next one behind it. */
const controlId =
  (queries: boolean) =>
  ({ style, arch }: PrintScope): Printer => {
    const flags = nameTable(sets.v4l2_control_query_flags, arch)
    const ids = nameTable(sets.v4l2_control_ids, arch)
    const classes = nameTable(sets.v4l2_control_classes, arch)
    return (out, { view }, at) => {
      let id = view.getUint32(at, true)
      const asked = queries ? (id & (V4L2_CTRL_FLAG_NEXT_CTRL | V4L2_CTRL_FLAG_NEXT_COMPOUND)) >>> 0 : 0
      if (asked !== 0 && style.constants !== 'raw') {
        printFlags(out, [flags], asked, 0, style)
        id = (id & ~asked) >>> 0
        out.putChar('|')
      }
      const ofClass = lookUp([classes], (id & classOf) >>> 0, 0)
      if (lookUp([ids], id, 0) !== undefined || ofClass === undefined || style.constants === 'raw')
        return printValue(out, [ids], id, 0, style, 'V4L2_CID_???')
      const rest = (id & ~classOf) >>> 0
      const name = `${ofClass}+${rest === 0 ? '0' : `0x${rest.toString(16)}`}`
      out.put(style.constants === 'verbose' ? `0x${id.toString(16)} /* ${name} */` : name)
    }
  }

/** The kernel's version as it writes it. */
const version =
  ({ style }: PrintScope): Printer =>
  (out, { view }, at) => {
    const value = view.getUint32(at, true)
    const parts = `KERNEL_VERSION(${value >>> 16}, ${(value >>> 8) & 255}, ${value & 255})`
    if (style.constants !== 'abbrev') out.put(value === 0 ? '0' : `0x${value.toString(16)}`)
    if (style.constants === 'verbose') out.put(` /* ${parts} */`)
    if (style.constants === 'abbrev') out.put(parts)
  }

const clockMask = 0xe000
const sourceMask = 0x70000
/** Flags of a buffer, among which two values stand: which clock its time is of, and when that was read. */
const bufferFlags =
  ({ style, arch }: PrintScope): Printer =>
  (out, { view }, at) => {
    const value = view.getUint32(at, true)
    if (style.constants === 'raw') return out.put(value === 0 ? '0' : `0x${value.toString(16)}`)
    const flags = (value & ~(clockMask | sourceMask)) >>> 0
    if (flags !== 0) {
      printFlags(out, [nameTable(sets.v4l2_buf_flags, arch)], flags, 0, style)
      out.putChar('|')
    }
    printValue(out, [nameTable(sets.v4l2_buf_flags_ts_type, arch)], value & clockMask, 0, style)
    out.putChar('|')
    printValue(out, [nameTable(sets.v4l2_buf_flags_ts_src, arch)], value & sourceMask, 0, style)
  }

const query = (type: Struct, scope: PrintScope): Printer => {
  // Of a call that failed there is no more than the question.
  const only = 'name' in type.fields ? ['id', 'type', 'name'] : undefined
  return fieldsPrinter(type, scope, only, { id: controlId(true)(scope) }, ['reserved'])
}
const control = (type: Struct, scope: PrintScope): Printer =>
  fieldsPrinter(type, scope, undefined, { id: controlId(false)(scope) })

export const videoStructs: StructPrinters = {
  v4l2_fract:
    () =>
    (out, { view }, at) => {
      out.put(`${view.getUint32(at, true)}/${view.getUint32(at + 4, true)}`)
    },
  v4l2_pix_format: withPixels('pixelformat'),
  v4l2_pix_format_mplane: withPixels('pixelformat'),
  v4l2_vbi_format: withPixels('sample_format'),
  v4l2_sdr_format: withPixels('pixelformat', sets.v4l2_sdr_fmts, ['buffersize']),
  v4l2_window: (type, scope) => fieldsPrinter(type, scope, undefined, undefined, ['global_alpha']),
  v4l2_meta_format: withPixels('dataformat', sets.v4l2_meta_fmts),
  v4l2_fmtdesc: withPixels('pixelformat'),
  v4l2_frmsizeenum: withPixels('pixel_format'),
  v4l2_frmivalenum: withPixels('pixel_format'),
  v4l2_format: dotted(),
  v4l2_streamparm: dotted(),
  v4l2_buffer: dotted(scope => ({ flags: bufferFlags(scope) })),
  v4l2_capability: (type, scope) =>
    fieldsPrinter(type, scope, undefined, { version: version(scope) }, ['device_caps']),
  v4l2_control: control,
  v4l2_queryctrl: query,
  v4l2_query_ext_ctrl: query,
}
