/** Structures of files that strace does not write field by field. */
import * as sets from '../../../abi/sets.ts'
import { readUnsigned } from '../../../record/numbers.ts'
import type { Struct } from '../../../types/language.ts'
import { layoutOf } from '../../../types/resolve.ts'
import { dateComment } from '../dates.ts'
import type { Printer, PrintScope } from '../print.ts'
import type { StructPrinters } from '../registry.ts'
import { descriptor, permissions, signedNumber, unsignedNumber } from '../scalars.ts'
import { fieldsPrinter } from '../structures.ts'

/** Seconds in a field, with their date; the fraction stands in the field `beside` them. */
const dated = (type: Struct, scope: PrintScope, field: string, beside?: string): Printer => {
  const { fields } = layoutOf(type.layout, scope.arch)
  const { offset, size } = fields[field]!
  const next = beside === undefined ? undefined : fields[beside]!
  return (out, frame, at) => {
    signedNumber(out, frame, at, size)
    const fraction = next === undefined ? 0 : readUnsigned(frame.view, at + next.offset - offset, next.size)
    const seconds = size === 8 ? frame.view.getBigInt64(at, true) : BigInt(frame.view.getInt32(at, true))
    dateComment(out, seconds, BigInt(fraction), next === undefined ? 0 : 9)
  }
}

const without = (type: Struct, name: string): Struct => ({
  ...type,
  fields: Object.fromEntries(Object.entries(type.fields).filter(([field]) => field !== name)),
})

/** A device has a number in place of a size. */
function stat(type: Struct, scope: PrintScope): Printer {
  const times = Object.fromEntries(
    ['st_atime', 'st_mtime', 'st_ctime'].map(name => [name, dated(type, scope, name, `${name}_nsec`)]),
  )
  const file = fieldsPrinter(without(type, 'st_rdev'), scope, ['st_mode', 'st_size'], times)
  const device = fieldsPrinter(without(type, 'st_size'), scope, ['st_mode', 'st_rdev'], times)
  const mode = layoutOf(type.layout, scope.arch).fields.st_mode!.offset
  return (out, frame, at, bases) => {
    const format = frame.view.getUint32(at + mode, true) & 0o170000
    return (format === 0o20000 || format === 0o60000 ? device : file)(out, frame, at, bases)
  }
}

/** Flags are there only when the kernel says that it filled them in. */
function statfs(type: Struct, scope: PrintScope): Printer {
  const whole = fieldsPrinter(type, scope)
  const old = fieldsPrinter(without(type, 'f_flags'), scope)
  const flags = layoutOf(type.layout, scope.arch).fields.f_flags!.offset
  return (out, frame, at, bases) =>
    ((frame.view.getUint32(at + flags, true) & sets.statfs_flags.values.ST_VALID) === 0 ? old : whole)(
      out,
      frame,
      at,
      bases,
    )
}

/** The mode is there when it counts, or when it should have been 0. */
function openHow(type: Struct, scope: PrintScope): Printer {
  const mode: Printer = (out, frame, at) => {
    const value = frame.view.getBigUint64(at, true)
    if (value < 0x1_0000_0000n) permissions(out, Number(value))
    else out.put(`0${value.toString(8)}`)
  }
  const whole = fieldsPrinter(type, scope, undefined, { mode })
  const modeless = fieldsPrinter(without(type, 'mode'), scope)
  const creates = 0o100 | 0o20000000
  return (out, frame, at, bases) => {
    const counts =
      (frame.view.getUint32(at, true) & creates) !== 0 || frame.view.getBigUint64(at + 8, true) !== 0n
    return (counts ? whole : modeless)(out, frame, at, bases)
  }
}

export const fileStructs: StructPrinters = {
  stat,
  stat64: stat,
  /** What came after strace 6.1 it does not show. */
  statx: (type, scope) => {
    const known = Object.entries(type.fields).filter(([name]) => !/subvol|atomic|dio_read/.test(name))
    const older: Struct = { ...type, fields: Object.fromEntries(known) }
    return fieldsPrinter(older, scope, ['stx_mask', 'stx_attributes', 'stx_mode', 'stx_size'])
  },
  statx_timestamp: (type, scope) => {
    const print = fieldsPrinter(type, scope)
    return (out, frame, at, bases) => {
      print(out, frame, at, bases)
      dateComment(out, frame.view.getBigInt64(at, true), BigInt(frame.view.getUint32(at + 8, true)), 9)
    }
  },
  statfs,
  compat_statfs64: statfs,
  open_how: openHow,
  mount_attr: (type, scope) => {
    const used = layoutOf('mount_attr', scope.arch).fields.userns_fd!.offset
    return fieldsPrinter(type, scope, undefined, {
      // It is a descriptor only where it is looked at.
      userns_fd: (out, frame, at) => {
        const isUsed =
          (frame.view.getUint32(at - used, true) & sets.mount_attr_attr.values.MOUNT_ATTR_IDMAP) !== 0
        if (!isUsed || readUnsigned(frame.view, at, 8) > 0x7fffffff) unsignedNumber(out, frame, at, 8)
        else descriptor(out, frame, frame.view.getInt32(at, true), scope.style)
      },
    })
  },
  utimbuf: (type, scope) =>
    fieldsPrinter(type, scope, undefined, {
      actime: dated(type, scope, 'actime'),
      modtime: dated(type, scope, 'modtime'),
    }),
  if_dqblk: (type, scope) => fieldsPrinter(type, scope, shownOfQuota),
  if_nextdqblk: (type, scope) => fieldsPrinter(type, scope, [...shownOfQuota, 'dqb_id']),
  fs_disk_quota: (type, scope) => fieldsPrinter(type, scope, Object.keys(type.fields).slice(0, 10)),
  fs_quota_stat: (type, scope) => fieldsPrinter(type, scope, ['qs_version']),
  fs_quota_statv: (type, scope) => fieldsPrinter(type, scope, ['qs_version']),
}

const shownOfQuota = [
  'dqb_bhardlimit',
  'dqb_bsoftlimit',
  'dqb_curspace',
  'dqb_ihardlimit',
  'dqb_isoftlimit',
  'dqb_curinodes',
]
