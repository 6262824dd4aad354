/** What the device mapper tells behind its structure, as text, from frames made by hand: it is seldom there to be asked. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testFrame } from '../../../record/test-frames.ts'
import { ioctlCalls, requests } from '../../../syscalls/ioctl/index.ts'
import { layoutOf } from '../../../types/resolve.ts'
import { TextBuffer } from '../../text-buffer.ts'
import { callPrinter } from '../call-printer.ts'
import { defaultStyle } from '../style.ts'

const at = 0x1000
const { size, fields } = layoutOf('dm_ioctl', 'amd64')
const print = callPrinter('ioctl', ioctlCalls.ioctl, 'amd64', { ...defaultStyle, verbose: true })

/** What is shown behind the structure that a request gives back; `data`: numbers of 32 bits and text by their places in it. */
function told(
  request: string,
  targets: number,
  data: { readonly [offset: number]: number | string },
  room = 256,
): string {
  const bytes = new Uint8Array(size + 256)
  const view = new DataView(bytes.buffer)
  const set = (field: string, value: number): void => view.setUint32(fields[field]!.offset, value, true)
  set('version', 4)
  set('data_start', size)
  set('data_size', size + room)
  set('target_count', targets)
  for (const [offset, value] of Object.entries(data)) {
    if (typeof value === 'number') view.setUint32(size + Number(offset), value, true)
    else bytes.set(Buffer.from(value), size + Number(offset))
  }
  const range = { address: at, bytes }
  const out = new TextBuffer()
  const args = [3, requests.values[request]!, at]
  print.args(out, testFrame({ args, enter: [range], exit: [range], result: 0 }), 0)
  return out
    .toString()
    .replace(/^.* => \[\{[^}]*\}(?:, )?/, '')
    .slice(0, -1)
}

test('targets are counted, and stand as far from the first one as they say', () => {
  const data = { 0: 16, 8: 32, 16: -1, 20: 48, 24: 'linear', 40: '8:1 0', 48: 48, 68: 0, 72: 'zero' }
  const first = '{sector_start=16, length=32, status=-1, target_type="linear", string="8:1 0"}'
  assert.equal(
    told('DM_TABLE_STATUS', 2, data),
    `${first}, {sector_start=48, length=0, status=0, target_type="zero", string=""}`,
  )
  assert.equal(told('DM_TABLE_STATUS', 1, data), first)
  assert.equal(told('DM_TABLE_STATUS', 0, data), '')
  assert.equal(
    told('DM_TABLE_STATUS', 2, { ...data, 20: 40 }),
    `${first}, ??? /* misplaced struct dm_target_spec */`,
  )
})

test('names and versions go on until one says that it is the last', () => {
  const names = { 0: (0xfe << 8) | 1, 8: 24, 12: 'one', 24: (0xfe << 8) | 2, 36: 'two' }
  assert.equal(
    told('DM_LIST_DEVICES', 0, names),
    '{dev=makedev(0xfe, 0x1), name="one"}, {dev=makedev(0xfe, 0x2), name="two"}',
  )
  assert.equal(
    told('DM_LIST_DEVICES', 0, names, 20),
    '{dev=makedev(0xfe, 0x1), name="one"}, ??? /* misplaced struct dm_name_list */',
  )
  assert.equal(
    told('DM_LIST_VERSIONS', 0, { 4: 1, 8: 2, 12: 3, 16: 'linear' }),
    '{name="linear", version=[1, 2, 3]}',
  )
})

test('devices that a table needs', () => {
  const devices = { 0: 2, 8: (8 << 8) | 1, 16: (8 << 8) | 2 }
  assert.equal(told('DM_TABLE_DEPS', 0, devices), '{count=2, deps=[makedev(0x8, 0x1), makedev(0x8, 0x2)]}')
  assert.equal(told('DM_TABLE_DEPS', 0, { ...devices, 0: 32 }), '??? /* misplaced struct dm_target_deps */')
})
