/** Structures of devices that strace does not write field by field. */

import { errnoNames } from '../../../abi/errno.ts'
import type { Struct } from '../../../types/language.ts'
import { layoutOf } from '../../../types/resolve.ts'
import { dateComment } from '../dates.ts'
import { fieldsPrinter, type Printer, type PrintScope } from '../print.ts'
import type { StructPrinters } from '../registry.ts'
import { hexNumber } from '../scalars.ts'

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
  /** strace knows a field less: the reserved ones begin with it. */
  ptp_clock_caps: (type, scope) => {
    const { max_phase_adj: _, rsv: __, ...fields } = type.fields
    const known = fieldsPrinter({ ...type, fields }, scope)
    const { size, fields: places } = layoutOf(type.layout, scope.arch)
    return (out, frame, at, bases) => {
      known(out, frame, at, bases)
      const from = at + places.max_phase_adj!.offset
      if (frame.bytes.subarray(from, at + size).every(b => b === 0)) return
      out.length--
      out.put(', rsv=[')
      for (let i = from; i < at + size; i += 4) {
        if (i > from) out.put(', ')
        hexNumber(out, frame, i, 4)
      }
      out.put(']}')
    }
  },
  ptp_extts_request: reserved('rsv'),
  ptp_pin_desc: reserved('rsv'),
  ptp_sys_offset_precise: (type, scope) => {
    const date = dated(type.fields.device as Struct, scope)
    return fieldsPrinter(type, scope, undefined, { device: date, sys_realtime: date }, ['rsv'])
  },
  /** The error is the negative of its number. */
  seccomp_notif_resp: (type, scope) =>
    fieldsPrinter(type, scope, undefined, {
      error: (out, { view }, at) => {
        const error = view.getInt32(at, true)
        const name = error < 0 ? errnoNames[-error] : undefined
        if (name === undefined || scope.style.constants === 'raw') out.dec(error)
        else out.put(scope.style.constants === 'verbose' ? `${error} /* -${name} */` : `-${name}`)
      },
    }),
  input_absinfo: (type, scope) => fieldsPrinter(type, scope, ['value', 'minimum']),
  input_keymap_entry: (type, scope) => fieldsPrinter(type, scope, ['flags', 'len']),
  ff_effect: (type, scope) => fieldsPrinter(type, scope, ['type', 'id', 'direction']),
}
