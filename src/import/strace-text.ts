/** The text of strace's arguments and values, taken apart: what stands between commas, quotes, braces. Texts are latin1. */

/** Quotes and braces close in this order. */
const closing: { readonly [open: string]: string } = { '(': ')', '[': ']', '{': '}' }

/**
 * Where the list that begins at `from` ends: the place of the closing mark that opened before it, or of the text's end; with the
 * parts between its commas. `<...>` behind a descriptor is one part whatever is in it.
 */
export function splitList(text: string, from: number): { readonly parts: string[]; readonly end: number } {
  const parts: string[] = []
  const open: string[] = []
  let begun = from
  let at = from
  const add = (): void => {
    const part = text.slice(begun, at).trim()
    if (part !== '' || parts.length > 0) parts.push(part)
  }
  for (; at < text.length; at++) {
    const c = text[at]!
    if (c === '"') at = endOfString(text, at)
    else if (c === '/' && text[at + 1] === '*') at = endOfComment(text, at)
    else if (c === '<' && opensPath(text, at)) at = endOfPath(text, at)
    else if (closing[c] !== undefined) open.push(closing[c])
    else if (c === ')' || c === ']' || c === '}') {
      if (open.length === 0) break
      // A mark that does not fit is none: text in strange notations is not looked into.
      if (open.at(-1) === c) open.pop()
    } else if (c === ',' && open.length === 0) {
      add()
      begun = at + 1
    }
  }
  at = Math.min(at, text.length)
  add()
  if (parts.at(-1) === '') parts.pop()
  return { parts, end: at }
}

/** The place of the quote that ends the string beginning at `at`, or of the text's last character. */
function endOfString(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === '\\') i++
    else if (text[i] === '"') return i
  }
  return text.length - 1
}

/** Comments may have others in them. */
function endOfComment(text: string, at: number): number {
  let nested = 0
  for (let i = at; i < text.length; i++) {
    if (text[i] === '/' && text[i + 1] === '*') nested++
    else if (text[i] === '*' && text[i + 1] === '/' && --nested === 0) return i + 1
    else continue
    i++
  }
  return text.length - 1
}

/** A text without its comments. */
const withoutComments = (text: string): string => {
  let bare = ''
  let from = 0
  for (let at = text.indexOf('/*'); at >= 0; at = text.indexOf('/*', from)) {
    bare += text.slice(from, at)
    from = endOfComment(text, at) + 1
  }
  return bare + text.slice(from)
}

/** `3</path>`, `AT_FDCWD</path>`, `123<comm>`: not `1<<3`. */
const opensPath = (text: string, at: number): boolean =>
  text[at + 1] !== '<' && text[at - 1] !== '<' && /[\dD]/.test(text[at - 1] ?? '')

/** Addresses of sockets have arrows in them; other such marks are escaped. */
function endOfPath(text: string, at: number): number {
  let nested = 0
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === '"') i = endOfString(text, i)
    else if (text[i] === '<') nested++
    else if (text[i] === '>' && text[i - 1] !== '-' && nested-- === 0) return i
  }
  return text.length - 1
}

const escapes: { readonly [letter: string]: number } = { n: 10, t: 9, r: 13, f: 12, v: 11, a: 7, b: 8 }

/** The bytes that an escaped text stands for. */
function unescaped(text: string): Buffer {
  const bytes = Buffer.alloc(text.length)
  let length = 0
  for (let i = 0; i < text.length; i++) {
    let byte = text.charCodeAt(i)
    if (byte === 0x5c) {
      const rest = /^(?:x([0-9a-f]{2})|([0-7]{1,3})|([\s\S]))/.exec(text.slice(i + 1, i + 5))
      if (rest !== null) {
        const [whole, hex, octal, letter] = rest
        i += whole.length
        byte =
          hex !== undefined
            ? Number.parseInt(hex, 16)
            : octal !== undefined
              ? Number.parseInt(octal, 8)
              : (escapes[letter!] ?? letter!.charCodeAt(0))
      }
    }
    bytes[length++] = byte
  }
  return bytes.subarray(0, length)
}

/** `"text"`, `"text"...`, `@"name"`; null when it is none. */
export function readString(text: string): { readonly bytes: Buffer; readonly cut: boolean } | null {
  const begin = text.startsWith('@"') ? 1 : 0
  if (text[begin] !== '"') return null
  const end = endOfString(text, begin)
  const rest = text.slice(end + 1).replace(/\s*\/\*.*$/s, '')
  if (end === begin || (rest !== '' && rest !== '...')) return null
  const bytes = unescaped(text.slice(begin + 1, end))
  return { bytes: begin === 0 ? bytes : Buffer.concat([Buffer.of(0), bytes]), cut: rest !== '' }
}

/** A number with what strace writes behind descriptors and process ids; null when it is none. */
export function readDescriptor(
  text: string,
): { readonly number: string; readonly path: string | null } | null {
  const match = /^(-?\d+|AT_FDCWD|-?0x[0-9a-f]+)(?:<(.*)>(\(deleted\))?)?(?:\s*\/\*.*\*\/)?$/s.exec(text)
  if (match === null) return null
  const [, number, path, deleted] = match
  if (path === undefined) return { number: number!, path: null }
  // What stands behind a device's path tells of the device.
  const plain = unescaped(path.replace(/<(?:char|block) [\d:]+>$/, '')).toString('latin1')
  return { number: number!, path: deleted === undefined ? plain : `${plain} (deleted)` }
}

/**
 * The number that names, numbers and what is made of them stand for: `O_RDONLY|0x80`, `8192*1024`, `1<<CAP_CHOWN`, `makedev(0x1, 0x3)`,
 * `htons(80)`, `0x2 /* O_RDWR *​/`; null when there is a name that `names` has not.
 */
export function readNumber(text: string, names: (name: string) => bigint | undefined): bigint | null {
  let all = 0n
  const bare = withoutComments(text).trim()
  if (bare.length > 4096) return null
  for (const part of bare.split('|')) {
    const value = readTerm(part.trim(), names)
    if (value === null) return null
    all |= value
  }
  return all
}

function readTerm(term: string, names: (name: string) => bigint | undefined): bigint | null {
  const plain = readPlain(term, names)
  if (plain !== null) return plain
  const [, left, operator, right] = /^([^*<>()]+)(\*|<<)([^*<>()]+)$/.exec(term) ?? []
  if (left !== undefined) {
    const [a, b] = [readPlain(left, names), readPlain(right!, names)]
    if (a === null || b === null || b < 0n || (operator === '<<' && b > 63n)) return null
    return operator === '*' ? a * b : a << b
  }
  const device = /^makedev\((0x[0-9a-f]{1,8}|0), (0x[0-9a-f]{1,8}|0)\)$/.exec(term)
  if (device !== null) return makeDevice(BigInt(device[1]!), BigInt(device[2]!))
  const port = /^htons\((\d{1,5})\)$/.exec(term)
  if (port !== null) return BigInt(swap16(Number(port[1]) & 0xffff))
  return null
}

function readPlain(word: string, names: (name: string) => bigint | undefined): bigint | null {
  if (/^-?(?:0x[0-9a-f]{1,16}|\d{1,20})$/i.test(word)) {
    const negative = word.startsWith('-')
    const digits = negative ? word.slice(1) : word
    if (/^0[0-9]/.test(digits)) {
      if (!/^[0-7]+$/.test(digits)) return null
      return BigInt(`0o${digits}`)
    }
    const value = BigInt(digits)
    return negative ? -value : value
  }
  return names(word) ?? null
}

export const swap16 = (n: number): number => ((n & 0xff) << 8) | (n >> 8)

/** A device's number as the kernel packs it (huge_encode_dev's little brother in glibc's sys/sysmacros.h). */
const makeDevice = (major: bigint, minor: bigint): bigint =>
  ((major & 0xfffff000n) << 32n) | ((major & 0xfffn) << 8n) | ((minor & 0xffffff00n) << 12n) | (minor & 0xffn)
