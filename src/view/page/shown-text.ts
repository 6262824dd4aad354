/** Text from a trace, and figures, as people can read them. */

/** What does not show, or turns what follows around: control characters, bidirectional marks, zero widths, lone surrogates. */
const unseen =
  /[\0-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

/** The same with every character to be seen: those of ASCII by their pictures, others by number. */
export const visible = (text: string): string =>
  text.replace(unseen, char => {
    const code = char.charCodeAt(0)
    if (code < 0x20) return String.fromCharCode(0x2400 + code)
    if (code === 0x7f) return '\u2421'
    return `\u27e8${code.toString(16).padStart(4, '0')}\u27e9`
  })

/** A duration with three digits: 950 ns, 12.3 µs, 4.56 ms, 1.20 s, 2:05 min. */
export function showDuration(milliseconds: number): string {
  const value = Math.abs(milliseconds)
  const sign = milliseconds < 0 ? '\u2212' : ''
  if (value === 0) return '0'
  if (value < 0.000_999_5) return `${sign}${Math.round(value * 1e6)} ns`
  if (value < 0.999_5) return `${sign}${three(value * 1e3)} µs`
  if (value < 999.5) return `${sign}${three(value)} ms`
  if (value < 60_000) return `${sign}${three(value / 1e3)} s`
  const seconds = Math.round(value / 1e3)
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor(seconds / 60) % 60
  const two = (n: number): string => String(n).padStart(2, '0')
  return `${sign}${hours > 0 ? `${hours}:${two(minutes)}` : minutes}:${two(seconds % 60)} ${hours > 0 ? 'h' : 'min'}`
}

const three = (value: number): string => value.toFixed(value < 9.995 ? 2 : value < 99.95 ? 1 : 0)

/** A moment as seconds since the beginning, as strace -r and its kin have them. */
export const showTime = (milliseconds: number): string => (milliseconds / 1000).toFixed(6)

/** A moment on an axis, as exact as lines that are `step` milliseconds apart need it. */
export function showTick(milliseconds: number, step: number): string {
  if (milliseconds === 0) return '0'
  const [unit, factor] = step >= 99 ? ['s', 1e3] : step >= 0.099 ? ['ms', 1] : ['µs', 1e-3]
  const digits = Math.max(0, -Math.floor(Math.log10(step / factor) + 1e-9))
  return `${grouped((milliseconds / factor).toFixed(Math.min(digits, 3)))} ${unit}`
}

/** Digits in groups of three. */
function grouped(number: string): string {
  const [whole, fraction] = number.split('.')
  const digits = whole!.replace(/\B(?=(\d{3})+$)/g, '\u202f')
  return fraction === undefined ? digits : `${digits}.${fraction}`
}

export const showCount = (count: number): string => grouped(String(Math.round(count)))

/** Short counts for narrow places: 12 k, 3.4 M. */
export const shortCount = (count: number): string =>
  count < 10_000
    ? showCount(count)
    : count < 999_500
      ? `${three3(count / 1e3)} k`
      : `${three3(count / 1e6)} M`
const three3 = (value: number): string => value.toFixed(value < 99.95 ? 1 : 0)
