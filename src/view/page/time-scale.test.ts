/** Zooming, moving, round numbers; scroll bars that stand for more than they can. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { extentOf, fromBar, mostPixels, toBar } from './long-scroll.ts'
import { clampRange, panRange, ticks, zoomRange } from './time-scale.ts'

const span = 10_000
const ranges = fc
  .tuple(fc.double({ min: 0, max: span, noNaN: true }), fc.double({ min: 1e-3, max: span, noNaN: true }))
  .map(([from, length]) => clampRange({ from, to: from + length }, span))

test('what is seen stays within the recording', () => {
  fc.assert(
    fc.property(
      ranges,
      fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      (range, factor, by) => {
        for (const { from, to } of [zoomRange(range, factor, range.from, span), panRange(range, by, span)])
          assert.ok(from >= 0 && to <= span + 1e-6 && from < to, `${from} ${to}`)
      },
    ),
  )
})

test('the time under the pointer stays there', () => {
  const zoomed = zoomRange({ from: 1000, to: 3000 }, 0.5, 1500, span)
  assert.deepEqual(zoomed, { from: 1250, to: 2250 })
})

test('marks are round, in sight and not too near each other', () => {
  assert.deepEqual(
    ticks({ from: 0, to: 1000 }, 1000, 100),
    [0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000],
  )
  fc.assert(
    fc.property(ranges, fc.integer({ min: 50, max: 4000 }), (range, width) => {
      const marks = ticks(range, width, 100)
      const apart = (100 / width) * (range.to - range.from) * (1 - 1e-6)
      for (const [i, mark] of marks.entries()) {
        assert.ok(mark >= range.from - 1e-6 && mark <= range.to + 1e-6)
        if (i > 0) assert.ok(mark - marks[i - 1]! >= apart)
      }
    }),
  )
})

test('every row of ten million can be reached by a scroll bar', () => {
  const extent = extentOf(10_000_000 * 20, 400)
  assert.equal(extent.bar, mostPixels)
  assert.equal(fromBar(extent.bar, extent), extent.real)
  fc.assert(
    fc.property(fc.nat(10_000_000), row => {
      const back = fromBar(toBar(row * 20, extent), extent)
      assert.ok(Math.abs(back - Math.min(row * 20, extent.real)) < 1e-3)
    }),
  )
  assert.deepEqual(extentOf(100, 400), { real: 0, bar: 0 })
})
