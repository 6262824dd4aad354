/** How much --last keeps: a time or a size. */
import type { Amount } from '../../record/last-part.ts'

const second = 1e9
const times: { readonly [unit: string]: number } = {
  s: second,
  m: 60 * second,
  h: 3600 * second,
  d: 86400 * second,
}
const sizes: { readonly [unit: string]: number } = {
  k: 1e3,
  K: 1e3,
  M: 1e6,
  G: 1e9,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
}
/** Blocks have some 100 KB, and are dropped whole. */
const leastBytes = 1e6

/** `5m`, `100MB`; null when it is neither, or too little to be kept. */
export function parseAmount(text: string): Amount | null {
  const [, digits, unit = ''] = /^(\d{1,9}(?:\.\d{1,3})?)([smhd]|[kKMG]B?|[KMG]iB?)$/.exec(text) ?? []
  if (digits === undefined) return null
  const n = Number(digits)
  const time = times[unit]
  if (time !== undefined) return n > 0 ? { bytes: null, nanoseconds: n * time } : null
  const bytes = n * sizes[unit.replace(/B$/, '')]!
  return bytes < leastBytes ? null : { bytes, nanoseconds: null }
}
