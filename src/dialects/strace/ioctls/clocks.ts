/** ioctls of clocks that are devices. */
import { ptp_perout_flags, rtc_backup_switch_modes, rtc_features, rtc_params } from '../../../abi/sets.ts'
import type { Frame } from '../../../record/frame.ts'
import { readAddress } from '../../../types/evaluate.ts'
import type { ArrayType } from '../../../types/language.ts'
import { layoutOf } from '../../../types/resolve.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import { dateComment } from '../dates.ts'
import { nameTable, printFlags, printValue } from '../names.ts'
import { type Printer, type PrintScope, printer } from '../print.ts'
import { addressNumber, hexNumber, signedNumber } from '../scalars.ts'
import { fieldsPrinter, picked } from '../structures.ts'
import { type ShownIoctl, type ShownIoctls, structOf, through, whole } from './shown.ts'

const { RTC_PARAM_FEATURES, RTC_PARAM_CORRECTION, RTC_PARAM_BACKUP_SWITCH_MODE } = rtc_params.values

/** What a parameter's value is hangs on the parameter. */
const parameter =
  (gets: boolean) =>
  (scope: PrintScope, request: string): ShownIoctl => {
    const type = structOf(request)
    const { size, fields } = layoutOf(type.layout, scope.arch)
    const name = printer(type.fields.param!, scope, 8)
    const padding = fields.__pad!.offset
    const rest = (out: TextBuffer, frame: Frame, at: number): void => {
      if (frame.view.getUint32(at + padding, true) === 0) return
      out.put(', __pad=')
      hexNumber(out, frame, at + padding, 4)
    }
    const value = (out: TextBuffer, frame: Frame, at: number): void => {
      const { view } = frame
      const param = Number(view.getBigUint64(at, true))
      const place = at + fields.uvalue!.offset
      const low = view.getUint32(place, true)
      const high = view.getUint32(place + 4, true)
      out.put(param === RTC_PARAM_CORRECTION ? 'svalue=' : 'uvalue=')
      if (param === RTC_PARAM_CORRECTION) signedNumber(out, frame, place, 8)
      else if (param === RTC_PARAM_FEATURES)
        printFlags(out, [nameTable(rtc_features, scope.arch)], low, high, scope.style)
      else if (param === RTC_PARAM_BACKUP_SWITCH_MODE)
        printValue(out, [nameTable(rtc_backup_switch_modes, scope.arch)], low, high, scope.style)
      else hexNumber(out, frame, place, 8)
    }
    const asked: Printer = (out, frame, at, bases) => {
      out.put('{param=')
      name(out, frame, at, bases)
      if (!gets) {
        out.put(', ')
        value(out, frame, at)
      }
      out.put(`, index=${frame.view.getUint32(at + fields.index!.offset, true)}`)
      rest(out, frame, at)
      out.putChar('}')
    }
    const got: Printer = (out, frame, at) => {
      out.putChar('{')
      value(out, frame, at)
      rest(out, frame, at)
      out.putChar('}')
    }
    const print = through(whole(size, asked), 'entered')
    if (!gets) return { print }
    // Of a call that failed the address is told once more.
    const after: Printer = (out, frame, at, bases) => {
      if (frame.available(readAddress(frame.view, at, scope.arch)) < size) return
      out.put(' => ')
      if (frame.failed) addressNumber(out, frame, at, 8)
      else through(whole(size, got), 'now')(out, frame, at, bases)
    }
    return { print, after, afterFailed: true }
  }

/** Some fields, in an order that may be another than that in memory; what is reserved only where it is not empty. */
const only =
  (asked: readonly string[], got?: readonly string[]) =>
  (scope: PrintScope, request: string): ShownIoctl => {
    const type = structOf(request)
    const { size } = layoutOf(type.layout, scope.arch)
    const make = (names: readonly string[]): Printer =>
      fieldsPrinter(picked(type, names), scope, undefined, undefined, ['rsv'])
    const before = make(asked)
    const after = got === undefined ? before : make(got)
    return {
      waits: got !== undefined,
      print: through(
        whole(size, (out, frame, at, bases) => (frame.failed ? before : after)(out, frame, at, bases)),
        'now',
      ),
    }
  }

/** When the output is to start, or its phase; how long it is on. */
const output =
  (hasReserved: boolean) =>
  (scope: PrintScope, request: string): ShownIoctl => {
    const type = structOf(request)
    const { size, fields } = layoutOf(type.layout, scope.arch)
    const moment = (field: string): Printer => printer(type.fields[field]!, scope, 16)
    const time = moment('start')
    const flags = printer(type.fields.flags!, scope, 4)
    const { PTP_PEROUT_PHASE, PTP_PEROUT_DUTY_CYCLE } = ptp_perout_flags.values
    return {
      print: through(
        whole(size, (out, frame, at, bases) => {
          const { view } = frame
          const bits = view.getUint32(at + fields.flags!.offset, true)
          const isPhase = (bits & PTP_PEROUT_PHASE) !== 0
          out.put(isPhase ? '{phase=' : '{start=')
          time(out, frame, at, bases)
          if (!isPhase && scope.style.constants !== 'raw')
            dateComment(out, view.getBigInt64(at, true), BigInt(view.getUint32(at + 8, true)), 9)
          out.put(', period=')
          time(out, frame, at + fields.period!.offset, bases)
          out.put(`, index=${view.getUint32(at + fields.index!.offset, true)}, flags=`)
          flags(out, frame, at + fields.flags!.offset, bases)
          const last = at + fields.on!.offset
          if ((bits & PTP_PEROUT_DUTY_CYCLE) !== 0) {
            out.put(', on=')
            time(out, frame, last, bases)
          } else if (hasReserved && frame.bytes.subarray(last, at + size).some(b => b !== 0)) {
            out.put(', rsv=')
            numbers(out, frame, last, 4)
          }
          out.putChar('}')
        }),
        'now',
      ),
    }
  }

function numbers(out: TextBuffer, frame: Frame, at: number, count: number): void {
  out.putChar('[')
  for (let i = 0; i < count; i++) {
    if (i > 0) out.put(', ')
    hexNumber(out, frame, at + i * 4, 4)
  }
  out.putChar(']')
}

/** `{n_samples=2, ts=[…]}`: as many times as were measured. Each may be a list. */
const samples =
  (most: number, times: (samples: number) => number, each: number) =>
  (scope: PrintScope, request: string): ShownIoctl => {
    const type = structOf(request)
    const { size, fields } = layoutOf(type.layout, scope.arch)
    let element = (type.fields.ts as ArrayType).of
    if (element.kind === 'array') element = element.of
    const time = printer(element, scope, 16)
    const dated: Printer = (out, frame, at, bases) => {
      time(out, frame, at, bases)
      if (scope.style.constants !== 'raw')
        dateComment(out, frame.view.getBigInt64(at, true), BigInt(frame.view.getUint32(at + 8, true)), 9)
    }
    return {
      waits: true,
      print: through(
        whole(size, (out, frame, at, bases) => {
          const count = frame.view.getUint32(at, true)
          out.put(`{n_samples=${count}`)
          const reserved = at + 4
          if (frame.bytes.subarray(reserved, reserved + 12).some(b => b !== 0)) {
            out.put(', rsv=')
            numbers(out, frame, reserved, 3)
          }
          if (!frame.failed) {
            out.put(', ts=[')
            const shown = Math.min(times(Math.min(count, most)), most)
            let place = at + fields.ts!.offset
            for (let i = 0; i < shown; i++) {
              if (i > 0) out.put(', ')
              if (!scope.style.verbose && i >= scope.style.stringLimit) {
                out.put('...')
                break
              }
              if (each > 1) out.putChar('[')
              for (let j = 0; j < each; j++, place += 16) {
                if (j > 0) out.put(', ')
                dated(out, frame, place, bases)
              }
              if (each > 1) out.putChar(']')
            }
            out.putChar(']')
          }
          out.putChar('}')
        }),
        'now',
      ),
    }
  }

export const clockShown: ShownIoctls = {
  RTC_PARAM_GET: parameter(true),
  RTC_PARAM_SET: parameter(false),
  PTP_EXTTS_REQUEST: only(['index', 'flags']),
  PTP_PEROUT_REQUEST: output(false),
  PTP_PEROUT_REQUEST2: output(true),
  PTP_PIN_GETFUNC: only(['index'], ['index', 'name', 'func', 'chan']),
  PTP_PIN_GETFUNC2: only(['index', 'rsv'], ['index', 'rsv', 'name', 'func', 'chan']),
  PTP_PIN_SETFUNC: only(['index', 'func', 'chan']),
  PTP_PIN_SETFUNC2: only(['index', 'func', 'chan', 'rsv']),
  PTP_SYS_OFFSET: samples(51, n => n * 2 + 1, 1),
  PTP_SYS_OFFSET2: samples(51, n => n * 2 + 1, 1),
  PTP_SYS_OFFSET_EXTENDED: samples(25, n => n, 3),
  PTP_SYS_OFFSET_EXTENDED2: samples(25, n => n, 3),
}
