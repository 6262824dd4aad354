/** ioctls of general-purpose pins. */
import type { Frame } from '../../../record/frame.ts'
import { layoutOf } from '../../../types/resolve.ts'
import { bracketed } from '../lists.ts'
import { fieldsPrinter, type Printer, type PrintScope } from '../print.ts'
import { addressNumber } from '../scalars.ts'
import {
  arrow,
  beforeAndAfter,
  picked,
  type ShownIoctl,
  type ShownIoctls,
  structOf,
  through,
  whole,
} from './shown.ts'

const mostLines = 64

/** Lists of which `count` elements mean something. */
const listed =
  (scope: PrintScope, bytes: 1 | 4, count: (frame: Frame, base: number) => number, offset: number): Printer =>
  (out, frame, at) => {
    const n = Math.min(count(frame, at - offset), mostLines)
    bracketed(out, n, scope.style, i =>
      out.dec(bytes === 1 ? frame.view.getUint8(at + i) : frame.view.getUint32(at + i * 4, true)),
    )
  }

/** The request's fields, then the descriptor that came of it. */
const opened =
  (shown: readonly string[], lines?: string) =>
  (scope: PrintScope, request: string): ShownIoctl => {
    const type = structOf(request)
    const { size, fields } = layoutOf(type.layout, scope.arch)
    const count = (frame: Frame, base: number): number =>
      frame.view.getUint32(base + fields[lines!]!.offset, true)
    const own: { [field: string]: Printer } = {}
    if (lines !== undefined) {
      own.lineoffsets = listed(scope, 4, count, fields.lineoffsets!.offset)
      own.default_values = listed(scope, 1, count, fields.default_values!.offset)
    }
    return {
      print: through(whole(size, fieldsPrinter(picked(type, shown), scope, undefined, own)), 'entered'),
      after: arrow(whole(size, fieldsPrinter(picked(type, ['fd']), scope))),
    }
  }

const values =
  (list: string, gets: boolean) =>
  (scope: PrintScope, request: string): ShownIoctl => {
    const type = structOf(request)
    const { size, fields } = layoutOf(type.layout, scope.arch)
    const own = { [list]: listed(scope, 1, () => mostLines, fields[list]!.offset) }
    const now = through(whole(size, fieldsPrinter(type, scope, undefined, own)), 'now')
    return {
      waits: gets,
      print: (out, frame, at, bases) =>
        gets && frame.failed ? addressNumber(out, frame, at, 8) : now(out, frame, at, bases),
    }
  }

const lineInfo = beforeAndAfter(['line_offset'], ['flags', 'name', 'consumer'])

const unwatched = (): ShownIoctl => ({
  print: through(
    whole(4, (out, { view }, at) => out.put(`{offset=${view.getUint32(at, true)}}`)),
    'now',
  ),
})

export const gpioShown: ShownIoctls = {
  GPIO_GET_LINEINFO_IOCTL: lineInfo,
  GPIO_GET_LINEINFO_WATCH_IOCTL: lineInfo,
  GPIO_GET_LINEINFO_UNWATCH_IOCTL: unwatched,
  GPIO_GET_LINEHANDLE_IOCTL: opened(
    ['lines', 'lineoffsets', 'flags', 'default_values', 'consumer_label'],
    'lines',
  ),
  GPIO_GET_LINEEVENT_IOCTL: opened(['lineoffset', 'handleflags', 'eventflags', 'consumer_label']),
  GPIOHANDLE_GET_LINE_VALUES_IOCTL: values('values', true),
  GPIOHANDLE_SET_LINE_VALUES_IOCTL: values('values', false),
  GPIOHANDLE_SET_CONFIG_IOCTL: values('default_values', false),
  GPIO_V2_LINE_GET_VALUES_IOCTL: beforeAndAfter(['mask'], ['bits']),
}
