/** Numbers, points in time and addresses as Go writes them. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { TextBuffer } from '../text-buffer.ts'
import { putOctal, putSigned, putSignedHex, putUnsigned } from './go-numbers.ts'
import { goTime } from './go-time.ts'
import { flagSet, valueSet } from './name-sets.ts'
import { putAddress } from './network-addresses.ts'

function written(write: (out: TextBuffer) => void): string {
  const out = new TextBuffer(4)
  write(out)
  return out.toString()
}
const halves = (value: bigint): [low: number, high: number] => [
  Number(value & 0xffff_ffffn),
  Number((value >> 32n) & 0xffff_ffffn),
]

test('numbers of 64 bits, from their halves', () => {
  const check = (value: bigint): void => {
    const [low, high] = halves(value)
    assert.equal(
      written(out => putUnsigned(out, low, high)),
      value.toString(),
    )
    assert.equal(
      written(out => putSigned(out, low, high)),
      BigInt.asIntN(64, value).toString(),
    )
    assert.equal(
      written(out => out.hex(low, high)),
      `0x${value.toString(16)}`,
    )
    assert.equal(
      written(out => putOctal(out, low, high)),
      `0o${value.toString(8)}`,
    )
  }
  for (const value of [0n, 9n, 0xffff_ffffn, 0x1_0000_0000n, 1n << 53n, 1n << 63n, (1n << 64n) - 1n])
    check(value)
  fc.assert(fc.property(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), check))
  assert.equal(
    written(out => putSignedHex(out, -0x8000_0000)),
    '-0x80000000',
  )
})

test('points in time, in the local zone', () => {
  const zone = process.env.TZ
  process.env.TZ = 'UTC'
  try {
    assert.equal(goTime(0n, 0n), '1970-01-01 00:00:00 +0000 UTC')
    assert.equal(goTime(1795423199n, 771976513n), '2026-11-23 08:39:59.771976513 +0000 UTC')
    assert.equal(goTime(1795423199n, 772088490n), '2026-11-23 08:39:59.77208849 +0000 UTC')
    // More nanoseconds than a second has are carried over.
    assert.equal(goTime(0n, 1_500_000_000n), '1970-01-01 00:00:01.5 +0000 UTC')
    assert.equal(goTime(-1n, 0n), '1969-12-31 23:59:59 +0000 UTC')
    assert.equal(goTime(253402300800n, 0n), '10000-01-01 00:00:00 +0000 UTC')
    // Machines without zone files know no names.
    if (existsSync('/usr/share/zoneinfo/America/New_York')) {
      process.env.TZ = 'America/New_York'
      assert.equal(goTime(1795423199n, 0n), '2026-11-23 03:39:59 -0500 EST')
      assert.equal(goTime(1782000000n, 0n), '2026-06-20 20:00:00 -0400 EDT')
    }
  } finally {
    if (zone === undefined) delete process.env.TZ
    else process.env.TZ = zone
  }
})

test('any time has a text', () => {
  const int64 = fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n })
  fc.assert(
    fc.property(int64, int64, (seconds, nanoseconds) => {
      assert.match(goTime(seconds, nanoseconds), /^-?\d{4,}-\d\d-\d\d \d\d:\d\d:\d\d/)
    }),
  )
})

test('addresses', () => {
  const of = (...groups: number[]): string => {
    const bytes = Uint8Array.from(groups.flatMap(g => [g >> 8, g & 255]))
    return written(out => putAddress(out, bytes, 0, 16))
  }
  assert.equal(
    written(out => putAddress(out, Uint8Array.of(127, 0, 0, 1), 0, 4)),
    '127.0.0.1',
  )
  assert.equal(
    written(out => putAddress(out, new Uint8Array(4), 0, 4)),
    '',
  )
  assert.equal(of(0, 0, 0, 0, 0, 0, 0, 0), '')
  assert.equal(of(0, 0, 0, 0, 0, 0, 0, 1), '::1')
  assert.equal(of(1, 0, 0, 0, 0, 0, 0, 0), '1::')
  assert.equal(of(1, 2, 3, 4, 5, 6, 7, 8), '1:2:3:4:5:6:7:8')
  assert.equal(of(1, 0, 0, 4, 0, 0, 0, 8), '1:0:0:4::8')
  assert.equal(of(0x2001, 0xdb8, 0, 0, 1, 0, 0, 0xff), '2001:db8::1:0:0:ff')
  assert.equal(of(1, 0, 3, 0, 5, 0, 7, 0), '1:0:3:0:5:0:7:0')
  assert.equal(of(0, 0, 0, 0, 0, 0xffff, 0x102, 0x304), '::ffff:102:304')
})

test('sets of names', () => {
  const flags = flagSet([
    ['A', 1],
    ['BOTH', 6],
    ['HIGH', 2 ** 40],
  ])
  const values = valueSet([
    ['ONE', 1],
    ['UNO', 1],
  ])
  assert.equal(
    written(out => flags(out, 0, 0)),
    '0x0',
  )
  assert.equal(
    written(out => flags(out, 7, 256)),
    'A|BOTH|HIGH',
  )
  assert.equal(
    written(out => flags(out, 0xffff_ffff, 0xffff_ffff)),
    'A|BOTH|HIGH|0xfffffefffffffff8',
  )
  assert.equal(
    written(out => flags(out, 2, 0)),
    '0x2',
  )
  assert.equal(
    written(out => values(out, 1, 0)),
    'ONE',
  )
  assert.equal(
    written(out => values(out, 1, 1)),
    '0x100000001',
  )
  assert.equal(
    written(out => valueSet([], 'decimal')(out, 0xffff_ffff, 0xffff_ffff)),
    '18446744073709551615',
  )
})
