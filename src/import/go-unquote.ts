/** The bytes of text that Go's `%q` wrote, without its quotes; latin1, a char is a byte. Undefined when it is no such text. */
export function goUnquote(text: string): Uint8Array | undefined {
  const parts: Buffer[] = []
  const piece = /\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|([abfnrtv\\"']))|[^\\]+/gy
  while (piece.lastIndex < text.length) {
    const match = piece.exec(text)
    if (match === null) return undefined
    const [whole, byte, short, long, letter] = match
    const rune = short ?? long
    if (byte !== undefined) parts.push(Buffer.from(byte, 'hex'))
    else if (rune !== undefined) {
      const point = Number.parseInt(rune, 16)
      if (point > 0x10ffff) return undefined
      parts.push(Buffer.from(String.fromCodePoint(point)))
    } else if (letter !== undefined) parts.push(Buffer.from([letters[letter]!]))
    else parts.push(Buffer.from(whole, 'latin1'))
  }
  return Buffer.concat(parts)
}

const letters: { readonly [letter: string]: number } = {
  a: 7,
  b: 8,
  t: 9,
  n: 10,
  v: 11,
  f: 12,
  r: 13,
  '\\': 92,
  '"': 34,
  "'": 39,
}
