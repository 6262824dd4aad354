/** ioctls of btrfs: what was asked, and what came of it. */
import { btrfs_dev_stats_values } from '../../../abi/sets.ts'
import type { Frame } from '../../../record/frame.ts'
import { container, searchHeader } from '../../../syscalls/ioctl/btrfs.ts'
import { readAddress } from '../../../types/evaluate.ts'
import { type ArrayType, address, type Struct } from '../../../types/language.ts'
import { layoutOf } from '../../../types/resolve.ts'
import { bracketed } from '../lists.ts'
import { lookUp, nameTable } from '../names.ts'
import { type Pointee, type Printer, type PrintScope, printer } from '../print.ts'
import { addressNumber } from '../scalars.ts'
import { printCString } from '../strings.ts'
import { countAt, plain, withList } from '../structs/btrfs.ts'
import { fieldsPrinter, picked, structPrinter } from '../structures.ts'
import {
  arrow,
  beforeAndAfter,
  givenOrTold,
  pointedAt,
  type ShownIoctl,
  type ShownIoctls,
  structOf,
  through,
  whole,
} from './shown.ts'

/** What the kernel tells, though it may read it first. */
const kernelTold = (scope: PrintScope, request: string): ShownIoctl => {
  const type = structOf(request)
  return givenOrTold(true, whole(layoutOf(type.layout, scope.arch).size, structPrinter(type, scope)))
}

/** Flags that stand where the argument points, without a list's brackets. */
const bare =
  (gets: boolean) =>
  (scope: PrintScope, request: string): ShownIoctl =>
    givenOrTold(gets, whole(8, printer(pointedAt(request), scope, 8)))

const created = beforeAndAfter(['fd', 'flags', 'size', 'qgroup_inherit', 'name'], ['transid'])

/** A search; then how many items were found, and their headers when all is asked for. */
const search =
  (...sizes: readonly string[]) =>
  (scope: PrintScope, request: string): ShownIoctl => {
    const { layout, fields: declared } = structOf(request)
    const type: Struct = { kind: 'struct', layout, fields: declared }
    const { size, fields } = layoutOf(layout, scope.arch)
    const key = type.fields.key as Struct
    const asked = fieldsPrinter(picked(type, ['key', ...sizes]), scope)
    const found = picked({ ...type, fields: { ...type.fields, key: picked(key, ['nr_items']) } }, [
      'key',
      ...sizes,
    ])
    const counted = fieldsPrinter(found, scope)
    const count = layoutOf(key.layout, scope.arch).fields.nr_items!.offset
    const headed = headers(scope)
    const after: Pointee = (out, frame, address, bases) => {
      const have = address === 0 ? 0 : frame.available(address)
      if (have < size) return false
      const { at } = frame
      counted(out, frame, at, bases)
      out.length--
      if (scope.style.verbose) {
        out.put(', buf=')
        const items = frame.view.getUint32(at + count, true)
        headed(out, frame, at + fields.buf!.offset, at + have, items, bases)
        out.putChar('}')
      } else out.put(', ...}')
      return true
    }
    return { print: through(whole(size, asked), 'entered'), after: arrow(after) }
  }

/** Headers of items that lie one behind the other, each with as many bytes as it says. */
function headers(scope: PrintScope) {
  const { size, fields } = layoutOf(searchHeader.layout, scope.arch)
  const header = structPrinter(searchHeader, scope)
  return (
    out: Parameters<Printer>[0],
    frame: Frame,
    start: number,
    end: number,
    count: number,
    bases: number[],
  ): void => {
    out.putChar('[')
    let at = start
    for (let i = 0; i < count; i++) {
      if (i > 0) out.put(', ')
      if (at + size > end) {
        out.put('...')
        break
      }
      header(out, frame, at, bases)
      at += size + frame.view.getUint32(at + fields.len!.offset, true)
    }
    out.putChar(']')
  }
}

/** An inode's path; and the tree, where the kernel was to say which that is. */
const lookUpInode = (scope: PrintScope, request: string): ShownIoctl => {
  const type = structOf(request)
  const { size, fields } = layoutOf(type.layout, scope.arch)
  const isAsked = countAt(fields.treeid!.offset)
  const named = arrow(whole(size, structPrinter(picked(type, ['name']), scope)))
  const withTree = arrow(whole(size, structPrinter(picked(type, ['treeid', 'name']), scope)))
  return {
    print: through(whole(size, structPrinter(picked(type, ['treeid', 'objectid']), scope)), 'entered'),
    after: (out, frame, at, bases) => {
      const have = frame.availableAtEnter(readAddress(frame.view, at, scope.arch))
      const all = have >= size && isAsked(frame, frame.at) === 0
      ;(all ? withTree : named)(out, frame, at, bases)
    },
  }
}

/** What to look for and where to put it; then what the kernel put there. */
const filled =
  (shown: readonly string[], room: string, inside: (scope: PrintScope) => Pointee) =>
  (scope: PrintScope, request: string): ShownIoctl => {
    const type = structOf(request)
    const { size, fields } = layoutOf(type.layout, scope.arch)
    const asked = picked({ ...type, fields: { ...type.fields, [room]: address } }, [...shown, room])
    const items = inside(scope)
    return {
      print: through(whole(size, structPrinter(asked, scope)), 'entered'),
      after: arrow(
        whole(size, (out, frame, at, bases) => {
          out.put(`{${room}=`)
          const pointer = at + fields[room]!.offset
          if (!items(out, frame, readAddress(frame.view, pointer, frame.arch), bases))
            addressNumber(out, frame, pointer, 8)
          out.putChar('}')
        }),
      ),
    }
  }

const { val: _, ...counts } = container.fields
const contained = (scope: PrintScope) => {
  const { size, fields } = layoutOf(container.layout, scope.arch)
  const head = fieldsPrinter({ kind: 'struct', layout: container.layout, fields: counts }, scope)
  const count = (frame: Frame, at: number): number => frame.view.getUint32(at + fields.elem_cnt!.offset, true)
  return { size, head, count }
}

/** Each element is a path's distance from the first of them. */
const paths = (scope: PrintScope): Pointee => {
  const { size, head, count } = contained(scope)
  const { style } = scope
  return (out, frame, address, bases) => {
    const from = address + size
    const path: Printer = (_, { view }, at) => {
      const place = from + Number(view.getBigUint64(at, true))
      if (!printCString(out, frame, place, 4095, style)) out.put(`0x${place.toString(16)}`)
    }
    return withList(head, size, 'val', 8, count, path, scope)(out, frame, address, bases)
  }
}

const inodeBytes = 24
const inodes = (scope: PrintScope): Pointee => {
  const { size, head, count } = contained(scope)
  const inode: Printer = (out, frame, at, bases) => {
    for (const [i, label] of ['{inum=', ', offset=', ', root='].entries()) {
      out.put(label)
      plain(out, frame, at + i * 8, bases)
    }
    out.putChar('}')
  }
  const ofThree = (frame: Frame, at: number): number => Math.floor(count(frame, at) / 3)
  return withList(head, size, 'val', inodeBytes, ofThree, inode, scope)
}

/** How many kinds of space there are, and as many of them as there is room for. */
const spaces = (scope: PrintScope, request: string): ShownIoctl => {
  const { layout, fields } = structOf(request)
  const { size, fields: places } = layoutOf(layout, scope.arch)
  const part = (name: string): Printer =>
    fieldsPrinter({ kind: 'struct', layout, fields: { [name]: fields[name]! } }, scope)
  const space = (fields.spaces as ArrayType).of as Struct
  const total = part('total_spaces')
  const count = countAt(places.total_spaces!.offset)
  const slots = countAt(places.space_slots!.offset)
  const stride = layoutOf(space.layout, scope.arch).size
  const listed = withList(total, size, 'spaces', stride, count, structPrinter(space, scope), scope)
  return {
    print: through(whole(size, part('space_slots')), 'entered'),
    after: arrow((out, frame, address, bases) => {
      if (address === 0 || frame.available(address) < size) return false
      const { at } = frame
      if (slots(frame, at) > 0 || count(frame, at) === 0) return listed(out, frame, address, bases)
      total(out, frame, at, bases)
      return true
    }),
  }
}

const mostErrors = 5

/** Counts of errors, each with what it counts. */
const statistics = (scope: PrintScope, request: string): ShownIoctl => {
  const type = structOf(request)
  const { size, fields } = layoutOf(type.layout, scope.arch)
  const { style, arch } = scope
  const names = [nameTable(btrfs_dev_stats_values, arch)]
  const told = fieldsPrinter(picked(type, ['nr_items', 'flags']), scope)
  const count = countAt(fields.nr_items!.offset)
  return {
    print: through(
      whole(size, fieldsPrinter(picked(type, ['devid', 'nr_items', 'flags']), scope)),
      'entered',
    ),
    after: arrow(
      whole(size, (out, frame, at, bases) => {
        told(out, frame, at, bases)
        out.length--
        out.put(', ')
        bracketed(out, Math.min(count(frame, at), mostErrors), { ...style, verbose: true }, i => {
          const name = style.constants === 'raw' ? undefined : lookUp(names, i, 0)
          const shown = style.constants === 'verbose' && name !== undefined ? `${i} /* ${name} */` : name
          out.put(`[${shown ?? i}]=`)
          plain(out, frame, at + fields.values!.offset + i * 8, bases)
        })
        out.putChar('}')
      }),
    ),
  }
}

/** Three sets, each with what it is. */
const supported = (scope: PrintScope, request: string): ShownIoctl => {
  const type = (pointedAt(request) as ArrayType).of as Struct
  const { size } = layoutOf(type.layout, scope.arch)
  const print = structPrinter(type, scope)
  return givenOrTold(
    true,
    whole(size * 3, (out, frame, at, bases) => {
      for (const [i, use] of ['supported', 'safe to set', 'safe to clear'].entries()) {
        out.put(i === 0 ? '[' : ', ')
        print(out, frame, at + i * size, bases)
        out.put(` /* ${use} */`)
      }
      out.putChar(']')
    }),
  )
}

export const btrfsShown: ShownIoctls = {
  BTRFS_IOC_SNAP_CREATE_V2: created,
  BTRFS_IOC_SUBVOL_CREATE_V2: created,
  BTRFS_IOC_SUBVOL_GETFLAGS: bare(true),
  BTRFS_IOC_SUBVOL_SETFLAGS: bare(false),
  BTRFS_IOC_SET_RECEIVED_SUBVOL: beforeAndAfter(
    ['uuid', 'stransid', 'stime', 'flags'],
    ['rtransid', 'rtime'],
  ),
  BTRFS_IOC_DEV_INFO: beforeAndAfter(['devid', 'uuid'], ['uuid', 'bytes_used', 'total_bytes', 'path']),
  BTRFS_IOC_GET_DEV_STATS: statistics,
  BTRFS_IOC_DEV_REPLACE: beforeAndAfter(['cmd', 'start'], ['result', 'status']),
  BTRFS_IOC_BALANCE_V2: beforeAndAfter(
    ['flags', 'data', 'meta', 'sys'],
    ['flags', 'state', 'data', 'meta', 'sys'],
  ),
  BTRFS_IOC_SCRUB: beforeAndAfter(['devid', 'start', 'end', 'flags'], ['progress']),
  BTRFS_IOC_SCRUB_PROGRESS: beforeAndAfter(['devid'], ['progress']),
  BTRFS_IOC_TREE_SEARCH: search(),
  BTRFS_IOC_TREE_SEARCH_V2: search('buf_size'),
  BTRFS_IOC_INO_LOOKUP: lookUpInode,
  BTRFS_IOC_INO_PATHS: filled(['inum', 'size'], 'fspath', paths),
  BTRFS_IOC_LOGICAL_INO: filled(['logical', 'size', 'reserved', 'flags'], 'inodes', inodes),
  BTRFS_IOC_SPACE_INFO: spaces,
  BTRFS_IOC_FS_INFO: kernelTold,
  BTRFS_IOC_GET_SUPPORTED_FEATURES: supported,
  BTRFS_IOC_QGROUP_LIMIT: kernelTold,
}
