/** ioctls of files and file systems. */
import type { Frame } from '../../../record/frame.ts'
import { readAddress } from '../../../types/evaluate.ts'
import { chars, int } from '../../../types/language.ts'
import { layoutOf } from '../../../types/resolve.ts'
import { type Printer, type PrintScope, printer } from '../print.ts'
import { fieldsPrinter, picked } from '../structures.ts'
import {
  arrow,
  givenOrTold,
  listOf,
  type ShownIoctl,
  type ShownIoctls,
  structOf,
  through,
  whole,
  withList,
} from './shown.ts'

/** Text that may fill its room. */
const label =
  (gets: boolean) =>
  (scope: PrintScope): ShownIoctl => {
    const text = printer(chars(), scope, labelBytes)
    return givenOrTold(gets, whole(labelBytes, text))
  }
const labelBytes = 256

export const fileShown: ShownIoctls = {
  /** The descriptor without what it refers to. */
  FICLONE: scope => ({ print: printer(int, scope, 4) }),
  FS_IOC_GETFSLABEL: label(true),
  FS_IOC_SETFSLABEL: label(false),
  /** How far the map goes is told; where the extents lie only when all is asked for. */
  FS_IOC_FIEMAP: (scope, request) => {
    const type = structOf(request)
    const { size, fields } = layoutOf('fiemap', scope.arch)
    const asked = fieldsPrinter(picked(type, ['fm_start', 'fm_length', 'fm_flags', 'fm_extent_count']), scope)
    const told = ['fm_flags', 'fm_mapped_extents']
    const short: Printer = fieldsPrinter(picked(type, told), scope)
    const mapped = fields.fm_mapped_extents!.offset
    return {
      print: through(whole(size, asked), 'entered'),
      after: arrow(
        scope.style.verbose
          ? withList(type, told, 'fm_extents', listOf(type, 'fm_extents'), scope, ({ view }, at) =>
              view.getUint32(at + mapped, true),
            )
          : whole(size, (out, frame, at, bases) => {
              short(out, frame, at, bases)
              out.length--
              out.put(', ...}')
            }),
      ),
    }
  },
  FIDEDUPERANGE: (scope, request) => {
    const type = structOf(request)
    const info = listOf(type, 'info')
    const { fields, size } = layoutOf('file_dedupe_range', scope.arch)
    const limited: PrintScope = scope.style.verbose
      ? scope
      : { ...scope, style: { ...scope.style, stringLimit: 2 } }
    const count = (frame: Frame, at: number): number =>
      frame.view.getUint16(at + fields.dest_count!.offset, true)
    const done = arrow(withList(type, [], 'info', picked(info, ['bytes_deduped', 'status']), limited, count))
    return {
      print: through(
        withList(
          type,
          ['src_offset', 'src_length', 'dest_count'],
          'info',
          picked(info, ['dest_fd', 'dest_offset']),
          limited,
          count,
        ),
        'entered',
      ),
      after: (out, frame, at, bases) => {
        const address = readAddress(frame.view, at, scope.arch)
        const some = frame.available(address) > size && count(frame, frame.at) > 0
        if (some) done(out, frame, at, bases)
      },
    }
  },
}
