/** Netlink messages of all protocols that make no sense: nothing throws, nothing is read behind what was copied. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import * as sets from '../../../abi/sets.ts'
import { TextBuffer } from '../../text-buffer.ts'
import { defaultStyle, type Style } from '../style.ts'
import { printMessages } from './messages.ts'
import { printUevent } from './uevent.ts'
import type { NetlinkContext } from './values.ts'

const styles: readonly Style[] = [
  defaultStyle,
  { ...defaultStyle, verbose: true, constants: 'verbose', stringLimit: 200 },
  { ...defaultStyle, constants: 'raw', stringLimit: 0 },
]
const most = 512
const attribute = fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 40 }))
const message = fc.record({
  protocol: fc.oneof(
    { weight: 6, arbitrary: fc.constant(sets.netlink_protocols.values.NETLINK_ROUTE) },
    { weight: 6, arbitrary: fc.constant(sets.netlink_protocols.values.NETLINK_SOCK_DIAG) },
    { weight: 3, arbitrary: fc.constantFrom(...Object.values(sets.netlink_protocols.values)) },
  ),
  type: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(18, 20, 20, 20) },
    { weight: 8, arbitrary: fc.integer({ min: 0, max: 110 }) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 0xffff }) },
  ),
  flags: fc.constantFrom(0, 1, 0x100, 0x301),
  family: fc.constantFrom(0, 1, 2, 10, 16, 17, 43, 255),
  attributes: fc.array(attribute, { maxLength: 6 }),
  headBytes: fc.constantFrom(4, 8, 12, 12, 16, 16, 20, 28, 56, 60, 64, 72, 72),
  noise: fc.uint8Array({ minLength: most, maxLength: most }),
  /** Bytes after the last attribute. */
  more: fc.constantFrom(0, 0, 0, 1, 4, 30),
  missing: fc.integer({ min: 0, max: 40 }),
  style: fc.constantFrom(...styles),
})

type Message = typeof message extends fc.Arbitrary<infer T> ? T : never

const lengthOf = ({ headBytes, attributes, more }: Message): number =>
  attributes.reduce((sum, [, length]) => sum + Math.max(4, (length + 3) & ~3), 16 + headBytes + more)

/** The bytes of a message; those that could not be copied are `behind`. */
function bytesOf(m: Message, behind: number): Uint8Array {
  const bytes = new Uint8Array(most + 64)
  bytes.set(m.noise)
  const view = new DataView(bytes.buffer)
  const total = lengthOf(m)
  view.setUint32(0, total, true)
  view.setUint16(4, m.type, true)
  view.setUint16(6, m.flags, true)
  bytes[16] = m.family
  let at = 16 + m.headBytes
  for (const [type, length] of m.attributes) {
    view.setUint16(at, length, true)
    view.setUint16(at + 2, type, true)
    at += Math.max(4, (length + 3) & ~3)
  }
  return bytes.fill(behind, Math.max(0, total - m.missing))
}

function shown(m: Message, behind: number): string {
  const bytes = bytesOf(m, behind)
  const raw = { bytes, view: new DataView(bytes.buffer) }
  const total = lengthOf(m)
  const end = Math.max(0, total - m.missing)
  const { protocol, style } = m
  const context: NetlinkContext = {
    style,
    arch: 'amd64',
    protocol,
    family: 0,
    link: -1,
    end,
    origin: 0x10000,
    notes: { note: () => undefined },
  }
  const out = new TextBuffer()
  if (end >= 16) {
    printMessages(out, raw, 0, total, context)
    printUevent(out, raw, 0, total, context)
  }
  return out.toString()
}

test('messages that make no sense are shown, and nothing of what could not be read', () => {
  fc.assert(
    fc.property(message, m => {
      const text = shown(m, 0)
      assert.match(text, /^[\t\x20-\x7e]*$/)
      assert.equal(shown(m, 0xa5), text)
    }),
    { numRuns: 3000 },
  )
})
