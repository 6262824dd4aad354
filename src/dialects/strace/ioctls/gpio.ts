/** ioctls of general-purpose pins. */
import { gpio_v2_line_attr_ids, gpio_v2_line_flags } from '../../../abi/sets.ts'
import type { Frame } from '../../../record/frame.ts'
import type { Struct } from '../../../types/language.ts'
import { layoutOf } from '../../../types/resolve.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import { bracketed } from '../lists.ts'
import { nameTable, printFlags } from '../names.ts'
import type { Printer, PrintScope } from '../print.ts'
import { hexNumber } from '../scalars.ts'
import { fieldsPrinter, picked } from '../structures.ts'
import {
  arrow,
  beforeAndAfter,
  givenOrTold,
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
    return givenOrTold(gets, whole(size, fieldsPrinter(type, scope, undefined, own)))
  }

const lineInfo = beforeAndAfter(['line_offset'], ['flags', 'name', 'consumer'])

const unwatched = (): ShownIoctl => ({
  print: through(
    whole(4, (out, { view }, at) => out.put(`{offset=${view.getUint32(at, true)}}`)),
    'now',
  ),
})

/** An attribute by its kind: flags, values or a period; one that should be empty and is not, as it is. */
function attribute(out: TextBuffer, frame: Frame, at: number, masked: boolean, scope: PrintScope): void {
  const { view } = frame
  const id = view.getUint32(at, true)
  if (view.getUint32(at + 4, true) === 0 && id === kinds.GPIO_V2_LINE_ATTR_ID_FLAGS) {
    out.put('flags=')
    const names = [nameTable(gpio_v2_line_flags, scope.arch)]
    return printFlags(out, names, view.getUint32(at + 8, true), view.getUint32(at + 12, true), scope.style)
  }
  if (view.getUint32(at + 4, true) === 0 && id === kinds.GPIO_V2_LINE_ATTR_ID_OUTPUT_VALUES) {
    out.put('values=')
    return hexNumber(out, frame, at + 8, 8)
  }
  if (view.getUint32(at + 4, true) === 0 && id === kinds.GPIO_V2_LINE_ATTR_ID_DEBOUNCE)
    return out.put(`debounce_period_us=${view.getUint32(at + 8, true)}`)
  out.put(`${masked ? 'attr={' : ''}id=${id}`)
  if (view.getUint32(at + 4, true) !== 0) {
    out.put(', padding=')
    hexNumber(out, frame, at + 4, 4)
  }
  out.put(', data=')
  hexNumber(out, frame, at + 8, 8)
  if (masked) out.putChar('}')
}

const mostAttributes = 10
const attributeBytes = 16
const maskedBytes = 24

/** The attributes, before the closing brace of what is printed already; nothing where there are none. */
function attributes(
  out: TextBuffer,
  frame: Frame,
  at: number,
  count: number,
  masked: boolean,
  scope: PrintScope,
): void {
  if (count === 0) return
  out.length--
  out.put(', attrs=')
  const stride = masked ? maskedBytes : attributeBytes
  bracketed(out, Math.min(count, mostAttributes), scope.style, i => {
    out.putChar('{')
    attribute(out, frame, at + i * stride, masked, scope)
    if (masked) {
      out.put(', mask=')
      hexNumber(out, frame, at + i * stride + attributeBytes, 8)
    }
    out.putChar('}')
  })
  out.putChar('}')
}

const config = (type: Struct, scope: PrintScope): Printer => {
  const { fields } = layoutOf(type.layout, scope.arch)
  const print = fieldsPrinter(type, scope, undefined, undefined, ['padding'])
  return (out, frame, at, bases) => {
    print(out, frame, at, bases)
    attributes(
      out,
      frame,
      at + fields.attrs!.offset,
      frame.view.getUint32(at + fields.num_attrs!.offset, true),
      true,
      scope,
    )
  }
}

const setConfig = (scope: PrintScope, request: string): ShownIoctl => {
  const type = structOf(request)
  return { print: through(whole(layoutOf(type.layout, scope.arch).size, config(type, scope)), 'now') }
}

const lineRequest = (scope: PrintScope, request: string): ShownIoctl => {
  const type = structOf(request)
  const { size, fields } = layoutOf(type.layout, scope.arch)
  const count = (frame: Frame, base: number): number =>
    frame.view.getUint32(base + fields.num_lines!.offset, true)
  const asked = fieldsPrinter(
    picked(type, ['num_lines', 'offsets', 'consumer', 'config', 'event_buffer_size', 'padding']),
    scope,
    undefined,
    {
      offsets: listed(scope, 4, count, fields.offsets!.offset),
      config: config(type.fields.config as Struct, scope),
    },
    ['event_buffer_size', 'padding'],
  )
  return {
    print: through(whole(size, asked), 'entered'),
    after: arrow(whole(size, fieldsPrinter(picked(type, ['fd']), scope))),
  }
}

const lineInfo2 = (scope: PrintScope, request: string): ShownIoctl => {
  const type = structOf(request)
  const { size, fields } = layoutOf(type.layout, scope.arch)
  const asked = fieldsPrinter(picked(type, ['offset']), scope)
  const told = picked(type, ['name', 'consumer', 'flags', 'num_attrs', 'padding'])
  const got = fieldsPrinter(told, scope, undefined, undefined, ['padding'])
  return {
    print: through(whole(size, asked), 'entered'),
    after: arrow(
      whole(size, (out, frame, at, bases) => {
        got(out, frame, at, bases)
        attributes(
          out,
          frame,
          at + fields.attrs!.offset,
          frame.view.getUint32(at + fields.num_attrs!.offset, true),
          false,
          scope,
        )
      }),
    ),
  }
}

const kinds = gpio_v2_line_attr_ids.values

export const gpioShown: ShownIoctls = {
  GPIO_V2_GET_LINEINFO_IOCTL: lineInfo2,
  GPIO_V2_GET_LINEINFO_WATCH_IOCTL: lineInfo2,
  GPIO_V2_GET_LINE_IOCTL: lineRequest,
  GPIO_V2_LINE_SET_CONFIG_IOCTL: setConfig,
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
