/** Structures of devices that strace does not write field by field. */

import { errnoNames } from '../../../abi/errno.ts'
import { evdev_ff_types } from '../../../abi/sets.ts'
import type { ArrayType, Struct } from '../../../types/language.ts'
import { layoutOf } from '../../../types/resolve.ts'
import { dateComment } from '../dates.ts'
import { type Printer, type PrintScope, printer } from '../print.ts'
import type { StructPrinters } from '../registry.ts'
import { addressNumber, hexNumber } from '../scalars.ts'
import { fieldsPrinter } from '../structures.ts'

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
    if (scope.style.constants === 'raw') return
    dateComment(out, frame.view.getBigInt64(at, true), BigInt(frame.view.getUint32(at + 8, true)), 9)
  }
}

const { FF_CONSTANT, FF_RAMP, FF_PERIODIC, FF_RUMBLE } = evdev_ff_types.values

/** What a force is made of hangs on its kind; it is told when all is asked for. */
const effect = (type: Struct, scope: PrintScope): Printer => {
  const print = fieldsPrinter(type, scope, ['type', 'id', 'direction'])
  const union = layoutOf(type.layout, scope.arch).fields.u!.offset
  return (out, frame, at, bases) => {
    print(out, frame, at, bases)
    if (!scope.style.verbose) return
    const { view } = frame
    const from = at + union
    const unsigned = (offset: number): number => view.getUint16(from + offset, true)
    const signed = (offset: number): number => view.getInt16(from + offset, true)
    const envelope = (offset: number): string => {
      const last = unsigned(offset + 6)
      const level = last === 0 ? '0' : `0x${last.toString(16)}`
      return `envelope={attack_length=${unsigned(offset)}, attack_level=${unsigned(offset + 2)}, fade_length=${unsigned(offset + 4)}, fade_level=${level}}`
    }
    const put = (text: string): void => {
      out.length--
      out.put(`, ${text}}`)
    }
    switch (view.getUint16(at, true)) {
      case FF_CONSTANT:
        return put(`constant={level=${signed(0)}, ${envelope(2)}}`)
      case FF_RAMP:
        return put(`ramp={start_level=${signed(0)}, end_level=${signed(2)}, ${envelope(4)}}`)
      case FF_RUMBLE:
        return put(`rumble={strong_magnitude=${unsigned(0)}, weak_magnitude=${unsigned(2)}}`)
      case FF_PERIODIC:
        put(
          `periodic={waveform=${unsigned(0)}, period=${unsigned(2)}, magnitude=${signed(4)}, offset=${signed(6)}, phase=${unsigned(8)}, ${envelope(10)}, custom_len=${view.getUint32(from + 20, true)}, custom_data=`,
        )
        out.length--
        addressNumber(out, frame, from + 24, 8)
        out.put('}}')
    }
  }
}

const mostPositions = 64
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
  nand_ecclayout_user: (type, scope) => {
    const listed = type.fields.eccpos as ArrayType
    const count = scope.style.verbose ? mostPositions : Math.min(mostPositions, scope.style.stringLimit)
    const print = printer({ ...listed, length: count }, scope, mostPositions * 4)
    return fieldsPrinter(type, scope, undefined, {
      eccpos: (out, frame, at, bases) => {
        print(out, frame, at, bases)
        if (count === mostPositions) return
        out.length--
        out.put(count === 0 ? '...]' : ', ...]')
      },
    })
  },
  input_absinfo: (type, scope) => fieldsPrinter(type, scope, ['value', 'minimum']),
  input_keymap_entry: (type, scope) => fieldsPrinter(type, scope, ['flags', 'len']),
  ff_effect: effect,
}
