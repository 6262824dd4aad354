/** Stretches of time: moved, zoomed, and marked with round numbers. */
import type { Range } from './view-state.ts'

/** A tenth of a microsecond: no clock of a trace tells more. */
const shortest = 1e-4

/** Within 0 and the span, as long as it was where that can be. */
export function clampRange({ from, to }: Range, span: number): Range {
  const length = Math.min(Math.max(to - from, shortest), Math.max(span, shortest))
  const start = Math.min(Math.max(from, 0), Math.max(span - length, 0))
  return { from: start, to: start + length }
}

/** Longer (factor above 1) or shorter, while the time `at` stays where it is. */
export function zoomRange(range: Range, factor: number, at: number, span: number): Range {
  const wanted = Math.min(Math.max((range.to - range.from) * factor, shortest), Math.max(span, shortest))
  const share = (at - range.from) / (range.to - range.from)
  const from = at - wanted * share
  return clampRange({ from, to: from + wanted }, span)
}

export const panRange = (range: Range, by: number, span: number): Range =>
  clampRange({ from: range.from + by, to: range.to + by }, span)

/** Around a stretch, so that it takes up `share` of what is seen. */
export function rangeAround({ from, to }: Range, share: number, span: number): Range {
  const length = Math.max(to - from, shortest) / share
  const middle = (from + to) / 2
  return clampRange({ from: middle - length / 2, to: middle + length / 2 }, span)
}

export const covers = (range: Range, span: number): boolean => range.from <= 0 && range.to >= span

/** Where lines with round numbers go: at least `apart` pixels between two. */
export function ticks({ from, to }: Range, width: number, apart: number): readonly number[] {
  const length = to - from
  if (!(length > 0) || !(width > 0)) return []
  const step = roundStep((length * apart) / width)
  const first = Math.ceil(from / step)
  const count = Math.min(Math.floor(to / step) - first + 1, 200)
  return Array.from({ length: Math.max(count, 0) }, (_, i) => (first + i) * step)
}

/** The next of 1, 2, 5, 10, 20 … that is not less. */
export function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least))
  return ([1, 2, 5].find(n => n * power >= least) ?? 10) * power
}
