/** Structures of btrfs: its numbers of 64 bits, of which some have names, its UUIDs and times. */
import { btrfs_features_compat, btrfs_key_types, btrfs_tree_objectids } from '../../../abi/sets.ts'
import type { Frame } from '../../../record/frame.ts'
import { inheritance } from '../../../syscalls/ioctl/btrfs.ts'
import { readAddress } from '../../../types/evaluate.ts'
import { flags64, type NameSet, type Struct } from '../../../types/language.ts'
import { layoutOf } from '../../../types/resolve.ts'
import { dateComment } from '../dates.ts'
import { nameTable } from '../names.ts'
import { type Pointee, type Printer, type PrintScope, printer } from '../print.ts'
import type { StructPrinters } from '../registry.ts'
import { addressNumber, putAddress, unsignedNumber } from '../scalars.ts'
import { printArray } from '../sequences.ts'
import { fieldsPrinter } from '../structures.ts'

type Make = (scope: PrintScope) => Printer
type Names = ReadonlyMap<bigint, string>

const word = ({ view }: Frame, at: number): bigint => view.getBigUint64(at, true)

/** A decimal number or its name. Names lie close to 2^64, where only whole numbers are exact. */
const named =
  (names: Names, bytes: 4 | 8, { style }: PrintScope): Printer =>
  (out, frame, at) => {
    const value = bytes === 4 ? BigInt(frame.view.getUint32(at, true)) : word(frame, at)
    const name = style.constants === 'raw' ? undefined : names.get(value)
    if (name === undefined) out.put(value.toString())
    else out.put(style.constants === 'verbose' ? `${value} /* ${name} */` : name)
  }
const namesOf = (set: NameSet, scope: PrintScope): Names => {
  const { names, low, high } = nameTable(set, scope.arch)
  return new Map(names.map((name, i) => [(BigInt(high[i]!) << 32n) | BigInt(low[i]!), name]))
}
const greatest: Names = new Map([[0xffff_ffff_ffff_ffffn, 'UINT64_MAX']])

const u64: Make = scope => named(greatest, 8, scope)
const objectId: Make = scope => named(namesOf(btrfs_tree_objectids, scope), 8, scope)
const keyType: Make = scope => named(namesOf(btrfs_key_types, scope), 4, scope)

const uuidGroups = [4, 6, 8, 10, 16]
const uuid: Make = () => (out, frame, at) => {
  let from = 0
  for (const to of uuidGroups) {
    if (from > 0) out.putChar('-')
    for (let i = from; i < to; i++) out.put(frame.bytes[at + i]!.toString(16).padStart(2, '0'))
    from = to
  }
}

/** Seconds, and their date. */
const dated: Make = () => (out, frame, at) => {
  unsignedNumber(out, frame, at, 8)
  dateComment(out, BigInt.asIntN(64, word(frame, at)), 0n, 0)
}
/** A thousandth part, and how many of a hundred that is. */
const permille: Make = () => (out, frame, at) => {
  const n = word(frame, at)
  out.put(`${n} /* ${n / 10n}.${n % 10n}% */`)
}

const own =
  (makers: { readonly [field: string]: Make }, unlessZero: readonly string[] = []) =>
  (type: Struct, scope: PrintScope): Printer => {
    const printers = Object.entries(makers).map(([field, make]) => [field, make(scope)])
    return fieldsPrinter(type, scope, undefined, Object.fromEntries(printers), unlessZero)
  }

const firstFree = 256n
const lastFree = 2n ** 64n - 256n

/** The bounds of all that is not the file system's own are not told, unless all is asked for. */
function searchKey(type: Struct, scope: PrintScope): Printer {
  const [id, number, kind] = [objectId(scope), u64(scope), keyType(scope)]
  const printers = {
    tree_id: id,
    min_objectid: id,
    max_objectid: id,
    min_offset: number,
    max_offset: number,
    min_transid: number,
    max_transid: number,
    min_type: kind,
    max_type: kind,
  }
  const without = (...hidden: readonly string[]): Printer => {
    const fields = Object.entries(type.fields).filter(([name]) => !hidden.includes(name))
    return fieldsPrinter({ ...type, fields: Object.fromEntries(fields) }, scope, undefined, printers)
  }
  const all = without()
  if (scope.style.verbose || !('min_objectid' in type.fields)) return all
  const shown = [
    all,
    without('min_objectid'),
    without('max_objectid'),
    without('min_objectid', 'max_objectid'),
  ]
  const { fields } = layoutOf(type.layout, scope.arch)
  return (out, frame, at, bases) => {
    const least = word(frame, at + fields.min_objectid!.offset) === firstFree ? 1 : 0
    const most = word(frame, at + fields.max_objectid!.offset) === lastFree ? 2 : 0
    shown[least + most]!(out, frame, at, bases)
  }
}

/** `{…, list=[…]}`: the list follows the structure in memory, and is told when all is asked for. */
export const withList =
  (
    head: Printer,
    size: number,
    list: string,
    stride: number,
    count: (frame: Frame, at: number) => number,
    element: Printer,
    { style }: PrintScope,
  ): Pointee =>
  (out, frame, address, bases) => {
    if (address === 0 || frame.available(address) < size) return false
    const { at } = frame
    head(out, frame, at, bases)
    out.length--
    if (style.verbose) {
      out.put(`, ${list}=`)
      const from = address + size
      if (!printArray(out, frame, from, count(frame, at), stride, element, bases, style))
        putAddress(out, from)
    } else out.put(', ...')
    out.putChar('}')
    return true
  }
export const countAt =
  (offset: number) =>
  ({ view }: Frame, at: number): number =>
    Number(view.getBigUint64(at + offset, true))
export const plain: Printer = (out, frame, at) => unsignedNumber(out, frame, at, 8)

/** Groups of quotas follow what a subvolume inherits. */
function newSubvolume(type: Struct, scope: PrintScope): Printer {
  if (!('qgroup_inherit' in type.fields)) return fieldsPrinter(type, scope)
  const { size, fields } = layoutOf(inheritance.layout, scope.arch)
  const width = layoutOf(type.layout, scope.arch).fields.qgroup_inherit!.size
  const { qgroups: _, ...shown } = inheritance.fields
  const head = fieldsPrinter({ kind: 'struct', layout: inheritance.layout, fields: shown }, scope)
  const groups = withList(head, size, 'qgroups', 8, countAt(fields.num_qgroups!.offset), plain, scope)
  const pointer: Printer = (out, frame, at, bases) => {
    const address = readAddress(frame.view, at, scope.arch)
    if (!groups(out, frame, address, bases)) addressNumber(out, frame, at, width)
  }
  return fieldsPrinter(type, scope, undefined, { qgroup_inherit: pointer })
}

/** Where sources lie, or what they are when all is asked for. */
function send(type: Struct, scope: PrintScope): Printer {
  const id = objectId(scope)
  const { clone_sources_count: number, clone_sources: pointer } = layoutOf(type.layout, scope.arch).fields
  const count = countAt(number!.offset - pointer!.offset)
  const sources: Printer = (out, frame, at, bases) => {
    const address = readAddress(frame.view, at, scope.arch)
    if (
      address === 0 ||
      !scope.style.verbose ||
      !printArray(out, frame, address, count(frame, at), 8, id, bases, scope.style)
    )
      addressNumber(out, frame, at, pointer!.size)
  }
  return fieldsPrinter(type, scope, undefined, { clone_sources: sources, parent_root: id })
}

/** A moment, with its date. */
function moment(type: Struct, scope: PrintScope): Printer {
  const print = own({ sec: () => plain })(type, scope)
  return (out, frame, at, bases) => {
    print(out, frame, at, bases)
    const fraction = BigInt(frame.view.getUint32(at + 8, true))
    dateComment(out, BigInt.asIntN(64, word(frame, at)), fraction, 9)
  }
}

/** Features of a kind of which there is none so far. */
const compatible: Make = scope => printer(flags64(btrfs_features_compat), scope, 8)

export const btrfsStructs: StructPrinters = {
  btrfs_ioctl_feature_flags: own({ compat_flags: compatible }),
  btrfs_ioctl_vol_args_v2: newSubvolume,
  btrfs_balance_args: own({ usage: u64, pstart: u64, pend: u64, vstart: u64, vend: u64, target: u64 }),
  btrfs_ioctl_defrag_range_args: own({ len: u64 }),
  btrfs_ioctl_search_key: searchKey,
  btrfs_ioctl_search_header: own({ objectid: objectId, type: keyType }),
  btrfs_ioctl_ino_lookup_args: own({ treeid: objectId, objectid: objectId }),
  btrfs_ioctl_scrub_args: own({ start: u64, end: u64 }),
  btrfs_ioctl_dev_info_args: own({ uuid }, ['uuid']),
  btrfs_ioctl_logical_ino_args: own({}, ['reserved']),
  btrfs_ioctl_received_subvol_args: own({ uuid }),
  btrfs_ioctl_timespec: moment,
  btrfs_ioctl_send_args: send,
  btrfs_ioctl_fs_info_args: own({
    fsid: uuid,
    metadata_uuid: uuid,
  }),
  btrfs_ioctl_quota_rescan_args: own({ progress: objectId }),
  btrfs_ioctl_dev_replace_status_params: own({
    progress_1000: permille,
    time_started: dated,
    time_stopped: dated,
  }),
}
