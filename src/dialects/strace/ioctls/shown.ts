/** How arguments of ioctl are shown where their types do not say it: by request. */
import type { Frame } from '../../../record/frame.ts'
import { ioctlArguments } from '../../../syscalls/ioctl/index.ts'
import { type Bases, readAddress } from '../../../types/evaluate.ts'
import type { ArrayType, Node, Pointer, Struct } from '../../../types/language.ts'
import { layoutOf } from '../../../types/resolve.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import { pointeePrinter } from '../pointees.ts'
import type { Pointee, Printer, PrintScope } from '../print.ts'
import { addressNumber, putAddress } from '../scalars.ts'
import { printArray } from '../sequences.ts'
import { fieldsPrinter, picked, structPrinter } from '../structures.ts'

export interface ShownIoctl {
  /** In place of the printer that the type gives. */
  readonly print?: Printer
  /** `print` needs what only the exit knows. */
  readonly waits?: boolean
  /** Goes on with it at the exit of a call that did not fail: what came of it. */
  readonly after?: Printer
  /** `after` is for calls that failed too. */
  readonly afterFailed?: boolean
}
export type ShownIoctls = { readonly [request: string]: (scope: PrintScope, request: string) => ShownIoctl }

/** The type of a request's argument. */
export const argumentOf = (request: string): Node | undefined =>
  (ioctlArguments as { readonly [request: string]: Node })[request]
/** The type that the argument of a request points at. */
export const pointedAt = (request: string): Node => (argumentOf(request) as Pointer).to
export const structOf = (request: string): Struct => pointedAt(request) as Struct

/** What stands where the argument points, as it was at the enter or as it is; its address where it is not to be read. */
export const through =
  (pointee: Pointee, when: 'entered' | 'now'): Printer =>
  (out, frame, at, bases) => {
    if (!follow(pointee, when, out, frame, at, bases)) addressNumber(out, frame, at, 8)
  }

function follow(
  pointee: Pointee,
  when: 'entered' | 'now',
  out: TextBuffer,
  frame: Frame,
  at: number,
  bases: Bases,
): boolean {
  frame.asEntered = when === 'entered'
  const shown = pointee(out, frame, readAddress(frame.view, at, frame.arch), bases)
  frame.asEntered = false
  return shown
}

/** What is given to a call or told by it (`gets`), as it is now: of a call that tells and has failed, the address alone. */
export const givenOrTold = (gets: boolean, pointee: Pointee): ShownIoctl => {
  const now = through(pointee, 'now')
  return {
    waits: gets,
    print: (out, frame, at, bases) =>
      gets && frame.failed ? addressNumber(out, frame, at, 8) : now(out, frame, at, bases),
  }
}

/** A pointee of `bytes` bytes that are all there. */
export const whole =
  (bytes: number, print: Printer): Pointee =>
  (out, frame, address, bases) => {
    if (address === 0 || frame.available(address) < bytes) return false
    print(out, frame, frame.at, bases)
    return true
  }

/** ` => …`: nothing where the argument could not be read. */
export const arrow =
  (pointee: Pointee): Printer =>
  (out, frame, at, bases) => {
    const start = out.length
    out.put(' => ')
    if (!follow(pointee, 'now', out, frame, at, bases)) out.length = start
  }

/** Some fields before the call, some after it: `{in=1} => {out=2}`. */
export const beforeAndAfter =
  (before: readonly string[], after: readonly string[]) =>
  (scope: PrintScope, request: string): ShownIoctl => ({
    print: through(pointeePrinter(picked(structOf(request), before), scope), 'entered'),
    after: arrow(pointeePrinter(picked(structOf(request), after), scope)),
  })

/** All in the same braces, some fields only when the call told them: `{in=1, out=2}`, and `{in=1}` of one that failed. */
export const told =
  (...fields: readonly string[]) =>
  (scope: PrintScope, request: string): ShownIoctl => {
    const type = structOf(request)
    const asked = pointeePrinter(
      picked(
        type,
        Object.keys(type.fields).filter(n => !fields.includes(n)),
      ),
      scope,
    )
    const all = pointeePrinter(type, scope)
    return {
      waits: true,
      print: (out, frame, at, bases) => through(frame.failed ? asked : all, 'now')(out, frame, at, bases),
    }
  }

/** The structure without its brace, then the list that follows it in memory. */
export const withList = (
  type: Struct,
  shown: readonly string[],
  list: string,
  element: Struct,
  scope: PrintScope,
  count: (frame: Frame, at: number) => number,
): Pointee => {
  const { size } = layoutOf(type.layout, scope.arch)
  const stride = layoutOf(element.layout, scope.arch).size
  const head = fieldsPrinter(picked(type, shown), scope)
  const one = structPrinter(element, scope)
  return (out: TextBuffer, frame: Frame, address: number, bases: Bases) => {
    if (address === 0 || frame.available(address) < size) return false
    const { at } = frame
    head(out, frame, at, bases)
    out.length--
    out.put(shown.length === 0 ? `${list}=` : `, ${list}=`)
    const place = address + size
    if (!printArray(out, frame, place, count(frame, at), stride, one, bases, scope.style))
      putAddress(out, place)
    out.putChar('}')
    return true
  }
}

/** What a field that is a list is made of. */
export const listOf = (type: Struct, field: string): Struct => (type.fields[field] as ArrayType).of as Struct
