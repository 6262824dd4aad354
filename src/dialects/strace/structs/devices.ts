/** Structures of devices that strace does not write field by field. */

import { readUnsigned } from '../../../types/evaluate.ts'
import type { Struct } from '../../../types/language.ts'
import { layoutOf } from '../../../types/resolve.ts'
import { dateComment } from '../dates.ts'
import { fieldsPrinter, type Printer, type PrintScope } from '../print.ts'
import { quote } from '../quote.ts'
import type { StructPrinters } from '../registry.ts'

/** What is reserved is shown when it is not empty. */
const reserved =
  (...names: readonly string[]) =>
  (type: Struct, scope: PrintScope): Printer =>
    fieldsPrinter(type, scope, undefined, undefined, names)

const moment = (type: Struct, scope: PrintScope): Printer => reserved('reserved')(type, scope)

/** A moment, with its date. */
const dated = (type: Struct, scope: PrintScope): Printer => {
  const print = moment(type, scope)
  return (out, frame, at, bases) => {
    print(out, frame, at, bases)
    dateComment(out, frame.view.getBigInt64(at, true), BigInt(frame.view.getUint32(at + 8, true)), 9)
  }
}

const clockFields = ['tm_sec', 'tm_min', 'tm_hour', 'tm_mday', 'tm_mon', 'tm_year']

export const deviceStructs: StructPrinters = {
  rtc_time: (type, scope) => fieldsPrinter(type, scope, clockFields),
  ptp_clock_time: moment,
  ptp_clock_caps: reserved('rsv'),
  ptp_extts_request: reserved('rsv'),
  ptp_pin_desc: reserved('rsv'),
  ptp_sys_offset_precise: (type, scope) => {
    const date = dated(type.fields.device as Struct, scope)
    return fieldsPrinter(type, scope, undefined, { device: date, sys_realtime: date }, ['rsv'])
  },
  input_keymap_entry: (type, scope) => fieldsPrinter(type, scope, ['flags', 'len']),
  ff_effect: (type, scope) => fieldsPrinter(type, scope, ['type', 'id', 'direction']),
  /** The pool's content follows the structure. */
  rand_pool_info: (type, scope) => {
    const { buf: _, ...fields } = type.fields
    const { size } = layoutOf(type.layout, scope.arch)
    const head = fieldsPrinter({ ...type, fields }, scope)
    return (out, frame, at, bases) => {
      head(out, frame, at, bases)
      out.length--
      out.put(', buf=')
      const length = readUnsigned(frame.view, at + 4, 4)
      const limit = Math.min(length, scope.style.stringLimit)
      quote(out, frame.bytes, at + size, at + size + limit, scope.style)
      out.put(length > limit ? '...}' : '}')
    }
  },
}
