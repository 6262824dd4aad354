/** ioctls of btrfs as text, from frames made by hand. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testFrame } from '../../../record/test-frames.ts'
import { ioctlCalls, requests } from '../../../syscalls/ioctl/index.ts'
import { layoutOf } from '../../../types/resolve.ts'
import { TextBuffer } from '../../text-buffer.ts'
import { callPrinter } from '../call-printer.ts'
import { defaultStyle, type Style } from '../style.ts'

const at = 0x1000
const verbose: Style = { ...defaultStyle, verbose: true }

/** A structure's bytes, with numbers of 64 bits in some of its fields. */
function filled(layout: string, values: { readonly [field: string]: bigint }, more = 0): Uint8Array {
  const { size, fields } = layoutOf(layout, 'amd64')
  const bytes = new Uint8Array(size + more)
  for (const [name, value] of Object.entries(values))
    new DataView(bytes.buffer).setBigUint64(fields[name]!.offset, value, true)
  return bytes
}

function text(
  request: string,
  enter: Uint8Array,
  result: number,
  exit = enter,
  style = defaultStyle,
): string {
  const out = new TextBuffer()
  const call = {
    args: [3, requests.values[request]!, at],
    enter: [{ address: at, bytes: enter }],
    exit: [{ address: at, bytes: exit }],
    result,
  }
  const printer = callPrinter('ioctl', ioctlCalls.ioctl, 'amd64', style)
  const frame = testFrame(call)
  printer.args(out, frame, 0)
  return out.toString().replace(`3, ${request}, `, '')
}

test('only the greatest number is UINT64_MAX', () => {
  const range = (len: bigint) =>
    text('BTRFS_IOC_DEFRAG_RANGE', filled('btrfs_ioctl_defrag_range_args', { len }), 0)
  assert.match(range(2n ** 64n - 1n), /, len=UINT64_MAX, /)
  assert.match(range(2n ** 64n - 2n), /, len=18446744073709551614, /)
})

test('what a search found: a count, or headers as far as there is room', () => {
  const asked = filled('btrfs_ioctl_search_args_v2', { buf_size: 40n }, 40)
  const key = layoutOf('btrfs_ioctl_search_key', 'amd64').fields
  const view = new DataView(asked.buffer)
  view.setBigUint64(key.tree_id!.offset, 5n, true)
  view.setUint32(key.nr_items!.offset, 9, true)
  const shown = (style: Style) => text('BTRFS_IOC_TREE_SEARCH_V2', asked, 0, asked, style)
  assert.match(
    shown(defaultStyle),
    /^\{key=\{tree_id=BTRFS_FS_TREE_OBJECTID, .*\} => \{key=\{nr_items=9\}, buf_size=40, \.\.\.\}$/,
  )
  assert.match(shown(verbose), /, buf=\[\{transid=0, objectid=0, offset=0, type=0, len=0\}, \.\.\.\]\}$/)
})

test('which tree an inode is in is told where that was asked', () => {
  const layout = 'btrfs_ioctl_ino_lookup_args'
  const found = filled(layout, { treeid: 5n, objectid: 300n })
  const asked = (treeid: bigint) =>
    text('BTRFS_IOC_INO_LOOKUP', filled(layout, { treeid, objectid: 300n }), 0, found)
  assert.equal(asked(0n), '{treeid=0, objectid=300} => {treeid=BTRFS_FS_TREE_OBJECTID, name=""}')
  assert.equal(asked(5n), '{treeid=BTRFS_FS_TREE_OBJECTID, objectid=300} => {name=""}')
})

test('a UUID is shown as one, and where there is none nothing is', () => {
  const device = filled('btrfs_ioctl_dev_info_args', { devid: 1n })
  assert.match(text('BTRFS_IOC_DEV_INFO', device, 0), /^\{devid=makedev\(0, 0x1\)\} => \{bytes_used=0/)
  device.fill(0xab, 8, 24)
  assert.match(text('BTRFS_IOC_DEV_INFO', device, 0), /, uuid=abababab-abab-abab-abab-abababababab\} => /)
})
