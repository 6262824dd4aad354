/** What follows the device mapper's structure, at `data_start`: targets, names, versions, a message. Shown with -v. */
import type { Frame } from '../../../record/frame.ts'
import { deviceMapperData } from '../../../syscalls/ioctl/device-mapper.ts'
import { dev, type Struct } from '../../../types/language.ts'
import { layoutOf } from '../../../types/resolve.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import { type PrintScope, printer } from '../print.ts'
import { putAddress } from '../scalars.ts'
import { printArray } from '../sequences.ts'
import { printCString } from '../strings.ts'
import { bare, fieldsPrinter, picked } from '../structures.ts'

/** `load` and `status`: targets, as they are given and as they are told. */
export type Following = 'load' | 'status' | 'names' | 'versions' | 'dependencies' | 'message' | 'string'

/** Where it stands: the structure's address, the offset of what follows, and where that must end. `targets`: how many there are. */
interface Place {
  readonly base: number
  readonly start: number
  readonly size: number
  readonly targets: number
}
type FollowingPrinter = (out: TextBuffer, frame: Frame, place: Place) => void

const { target, name, version, message, dependencies } = deviceMapperData

export function followingPrinter(kind: Following, scope: PrintScope): FollowingPrinter {
  switch (kind) {
    case 'load':
      return list({ type: picked(target, ['sector_start', 'length', 'target_type']), text: 'string' }, scope)
    case 'status':
      // The kernel counts from where the first one stands, a program from each one.
      return list({ type: target, text: 'string', fromFirst: true }, scope)
    case 'names':
      return list({ type: name, text: 'name', lastHasNoNext: true }, scope)
    case 'versions':
      return list({ type: version, text: 'name', textFirst: true, lastHasNoNext: true }, scope)
    case 'dependencies':
      return devices(scope)
    case 'message':
      return single(message, scope)
    case 'string':
      return (out, frame, { base, start, size }) => {
        if (start > size) return misplaced(out, 'string')
        out.put('{string=')
        text(out, frame, base + start, size - start, scope)
        out.putChar('}')
      }
  }
}

interface Item {
  readonly type: Struct
  /** What the text behind it is called. */
  readonly text: string
  readonly textFirst?: true
  /** Where the next one stands is counted from the first one. */
  readonly fromFirst?: true
  /** The last one says so: no count does. */
  readonly lastHasNoNext?: true
}

/** Items that say how far the next one is. As many as the string limit allows. */
function list(item: Item, scope: PrintScope): FollowingPrinter {
  const { style } = scope
  const { size: whole, fields } = layoutOf(item.type.layout, scope.arch)
  const bytes = fields.name?.offset ?? whole
  const next = fields.next!.offset
  const head = bare(fieldsPrinter(item.type, scope))
  return (out, frame, place) => {
    const { base, start, size, targets } = place
    let offset = start
    for (let i = 0; item.lastHasNoNext || i < targets; i++) {
      if (i > 0) out.put(', ')
      if (i >= style.stringLimit) return out.put('...')
      const at = found(out, frame, place, offset, bytes, item.type.layout)
      if (at < 0) return
      const after = frame.view.getUint32(at + next, true)
      out.putChar('{')
      const behind = (): void => {
        out.put(`${item.text}=`)
        text(out, frame, base + offset + bytes, size - offset - bytes, scope)
      }
      if (item.textFirst) {
        behind()
        out.put(', ')
      }
      head(out, frame, at, [])
      if (!item.textFirst) {
        out.put(', ')
        behind()
      }
      out.putChar('}')
      if (item.lastHasNoNext && after === 0) return
      const following = (item.fromFirst ? start : offset) + after
      // What overlaps this one, or leads back, is none.
      if (following <= offset + bytes) offset = Number.POSITIVE_INFINITY
      else offset = following
    }
  }
}

/** One structure with a text behind it. */
const single = (type: Struct, scope: PrintScope): FollowingPrinter => {
  const { size: bytes } = layoutOf(type.layout, scope.arch)
  const head = fieldsPrinter(type, scope)
  return (out, frame, place) => {
    const { base, start, size } = place
    const at = found(out, frame, place, start, bytes, type.layout)
    if (at < 0) return
    head(out, frame, at, [])
    out.length--
    out.put(', message=')
    text(out, frame, base + start + bytes, size - start - bytes, scope)
    out.putChar('}')
  }
}

const devices = (scope: PrintScope): FollowingPrinter => {
  const { layout } = dependencies
  const { size: bytes, fields } = layoutOf(layout, scope.arch)
  const stride = 8
  const device = printer(dev, scope, stride)
  return (out, frame, place) => {
    const { base, start, size } = place
    const at = found(out, frame, place, start, bytes, layout)
    if (at < 0) return
    const count = frame.view.getUint32(at + fields.count!.offset, true)
    if (start + bytes + count * stride > size) return misplaced(out, `struct ${layout}`)
    out.put(`{count=${count}, deps=`)
    const first = base + start + bytes
    if (!printArray(out, frame, first, count, stride, device, [], scope.style)) putAddress(out, first)
    out.putChar('}')
  }
}

/** Where a structure of `bytes` bytes stands; -1, and it is told why, where it does not fit or cannot be read. */
function found(
  out: TextBuffer,
  frame: Frame,
  { base, size }: Place,
  offset: number,
  bytes: number,
  layout: string,
): number {
  if (offset + bytes > size) {
    misplaced(out, `struct ${layout}`)
    return -1
  }
  const at = frame.find(base + offset, bytes)
  if (at < 0) putAddress(out, base + offset)
  return at
}

const misplaced = (out: TextBuffer, what: string): void => out.put(`??? /* misplaced ${what} */`)

/** Text that ends with a NUL, or with what there is room for. */
function text(out: TextBuffer, frame: Frame, place: number, most: number, { style }: PrintScope): void {
  if (most === 0) out.put('""')
  else if (!printCString(out, frame, place, style.stringLimit, style, most)) putAddress(out, place)
}
