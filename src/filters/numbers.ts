/** The largest C `int`. */
const intMax = 2 ** 31 - 1

/**
 * A decimal number from 0 to `max`, or null. As strtol reads it: space before it and a sign are allowed, nothing
 * may follow.
 */
export function parseCount(text: string, max: number = intMax): number | null {
  const digits = /^[ \t-\r]*(?:\+?(\d+)|-(0+))$/.exec(text)
  if (digits === null) return null
  const value = Number(digits[1] ?? digits[2])
  return value <= max ? value : null
}

/** As `parseCount`, for places where names stand too: it must begin with a digit. */
export function parseDigits(text: string, max: number = intMax): number | null {
  return /^\d/.test(text) ? parseCount(text, max) : null
}

/**
 * 64 bits in decimal, octal or hexadecimal as C writes them, or null. A sign negates modulo 2^64, as strtoull does.
 */
export function parseUnsigned64(text: string): bigint | null {
  const parts = /^[ \t-\r]*([+-]?)(?:0[xX]([\da-fA-F]+)|0([0-7]*)|([1-9]\d*))$/.exec(text)
  if (parts === null) return null
  const [, sign, hex, octal, decimal] = parts
  const value = BigInt(hex !== undefined ? '0x' + hex : octal !== undefined ? '0o0' + octal : decimal!)
  if (value >= 1n << 64n) return null
  return sign === '-' ? BigInt.asUintN(64, -value) : value
}

const nanosecondsIn = { s: 1e9, ms: 1e6, us: 1e3, ns: 1 }

/** A length of time such as `1.5ms`, microseconds where no unit is given, in nanoseconds; or null. */
export function parseDuration(text: string): number | null {
  const parts = /^[ \t-\r]*([+-]?)(\d+|\d+\.\d*|\.\d+)(e[+-]?\d+)?(s|ms|us|ns)?$/i.exec(text)
  if (parts === null) return null
  const [, sign, digits = '', exponent, unit = 'us'] = parts
  if (!(unit in nanosecondsIn)) return null
  // Whole numbers are read as 64-bit ones, the rest as double: each has its own idea of too large.
  const whole = exponent === undefined && !digits.includes('.')
  if (whole && BigInt(digits) >= 1n << 63n) return null
  const value = Number(digits + (exponent ?? ''))
  const vanished = value < 2.2250738585072014e-308 && /[1-9]/.test(digits)
  if (!Number.isFinite(value) || vanished || (sign === '-' && value > 0)) return null
  return value * nanosecondsIn[unit as keyof typeof nanosecondsIn]
}
