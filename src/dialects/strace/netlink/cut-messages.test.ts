/** Chains of netlink messages and attributes in attributes whose lengths lie, cut anywhere: what could not be read is not shown. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { TextBuffer } from '../../text-buffer.ts'
import { defaultStyle, type Style } from '../style.ts'
import { printMessages } from './messages.ts'

const styles: readonly Style[] = [
  defaultStyle,
  { ...defaultStyle, verbose: true, constants: 'verbose', stringLimit: 200 },
  { ...defaultStyle, constants: 'raw', stringLimit: 0 },
]

/** Attributes in attributes, or bytes. */
const payload: fc.Arbitrary<Uint8Array> = fc.letrec<{ bytes: Uint8Array; attributes: Uint8Array }>(tie => ({
  bytes: fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.constantFrom('bridge', 'tun', 'can').map(kind => new TextEncoder().encode(`${kind}\0`)),
  ),
  attributes: fc.oneof(
    { depthSize: 'large', withCrossShrink: true },
    tie('bytes'),
    fc
      .array(
        fc.tuple(
          fc.oneof({ weight: 8, arbitrary: fc.nat(62) }, { weight: 1, arbitrary: fc.nat(0xffff) }),
          fc.constantFrom(0, 0, 0, 0, 1, -1, 100),
          tie('attributes'),
        ),
        { maxLength: 4 },
      )
      .map(chain => {
        const parts = chain.map(([type, lie, value]) => {
          const whole = new Uint8Array(4 + ((value.length + 3) & ~3))
          const view = new DataView(whole.buffer)
          view.setUint16(0, Math.max(0, 4 + value.length + lie), true)
          view.setUint16(2, type, true)
          whole.set(value, 4)
          return whole
        })
        return Uint8Array.from(parts.flatMap(part => [...part]))
      }),
  ),
})).attributes

const message = fc
  .record({
    type: fc.oneof(fc.nat(120), fc.nat(0xffff)),
    flags: fc.constantFrom(0, 1, 0x301),
    family: fc.constantFrom(0, 1, 2, 7, 10, 16, 17, 38, 128, 129),
    header: fc.nat(80).chain(length => fc.uint8Array({ minLength: length, maxLength: length })),
    attributes: payload,
  })
  .map(({ type, flags, family, header, attributes }) => {
    const bytes = new Uint8Array(16 + 4 + header.length + attributes.length)
    const view = new DataView(bytes.buffer)
    view.setUint32(0, bytes.length, true)
    view.setUint16(4, type, true)
    view.setUint16(6, flags, true)
    bytes[16] = family
    bytes.set(header, 20)
    bytes.set(attributes, 20 + header.length)
    return bytes
  })

function printed(
  bytes: Uint8Array,
  readable: number,
  beyond: number,
  style: Style,
  protocol: number,
): string {
  // What was not copied from the program is still memory of ours.
  const memory = new Uint8Array(bytes.length + 512).fill(beyond)
  memory.set(bytes.subarray(0, readable))
  const raw = { bytes: memory, view: new DataView(memory.buffer) }
  const out = new TextBuffer()
  printMessages(out, raw, 0, bytes.length, {
    style,
    arch: 'amd64',
    protocol,
    family: 0,
    link: -1,
    end: readable,
    origin: 0x7f00_0000_0000,
    notes: { note: () => undefined },
  })
  return Buffer.from(out.bytes.subarray(0, out.length)).toString('latin1')
}

test('messages of all kinds, cut where they please', () => {
  fc.assert(
    fc.property(
      fc.array(message, { minLength: 1, maxLength: 2 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.constantFrom(...styles),
      fc.constantFrom(0, 4, 12, 15, 16, -1),
      (messages, part, style, protocol) => {
        const bytes = Uint8Array.from(messages.flatMap(one => [...one]))
        const readable = 16 + Math.floor((bytes.length - 16) * part)
        const text = printed(bytes, readable, 0, style, protocol)
        assert.equal(printed(bytes, readable, 0xa7, style, protocol), text)
        assert.match(text, /^[ -~]*$/)
      },
    ),
    { numRuns: 1500 },
  )
})
