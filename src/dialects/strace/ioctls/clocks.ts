/** ioctls of clocks that are devices. */
import { rtc_params } from '../../../abi/sets.ts'
import type { Frame } from '../../../record/frame.ts'
import { layoutOf } from '../../../types/resolve.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import { fieldsPrinter, type Printer, type PrintScope, printer } from '../print.ts'
import { hexNumber, signedNumber } from '../scalars.ts'
import { arrow, picked, type ShownIoctl, type ShownIoctls, structOf, through, told, whole } from './shown.ts'

/** Parameters whose value has a sign. */
const signed = new Set<number>([rtc_params.values.RTC_PARAM_CORRECTION])

/** A parameter's value is a mask, or a number with a sign. */
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
      const isSigned = signed.has(Number(frame.view.getBigUint64(at, true)))
      out.put(isSigned ? 'svalue=' : 'uvalue=')
      ;(isSigned ? signedNumber : hexNumber)(out, frame, at + fields.uvalue!.offset, 8)
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
      out.putByte(125)
    }
    const got: Printer = (out, frame, at) => {
      out.putByte(123)
      value(out, frame, at)
      rest(out, frame, at)
      out.putByte(125)
    }
    const print = through(whole(size, asked), 'entered')
    return gets ? { print, after: arrow(whole(size, got)) } : { print }
  }

const pinSet = (scope: PrintScope, request: string): ShownIoctl => {
  const type = structOf(request)
  const { size } = layoutOf(type.layout, scope.arch)
  const shown = picked(type, ['index', 'func', 'chan', 'rsv'])
  return { print: through(whole(size, fieldsPrinter(shown, scope, undefined, undefined, ['rsv'])), 'now') }
}

export const clockShown: ShownIoctls = {
  RTC_PARAM_GET: parameter(true),
  RTC_PARAM_SET: parameter(false),
  PTP_PIN_GETFUNC: told('name', 'func', 'chan'),
  PTP_PIN_GETFUNC2: told('name', 'func', 'chan'),
  PTP_PIN_SETFUNC: pinSet,
  PTP_PIN_SETFUNC2: pinSet,
}
