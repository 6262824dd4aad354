/** Bytes as `hexdump -C` has them: address, sixteen bytes, and their letters. */

export interface HexLine {
  readonly address: string
  readonly bytes: string
  readonly letters: string
}

/** Bytes from base64; what is none of it is nothing. */
export function fromBase64(text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), char => char.charCodeAt(0))
  } catch {
    return new Uint8Array(0)
  }
}

export function hexLines(bytes: Uint8Array, address: string, from: number, to: number): HexLine[] {
  const start = /^0x[0-9a-f]{1,16}$/i.test(address) ? BigInt(address) : 0n
  const lines: HexLine[] = []
  for (let at = from; at < Math.min(to, bytes.length); at += 16) {
    const part = [...bytes.subarray(at, Math.min(at + 16, bytes.length))]
    const hex = part.map(byte => byte.toString(16).padStart(2, '0'))
    lines.push({
      address: (start + BigInt(at)).toString(16).padStart(12, '0'),
      bytes: `${hex.slice(0, 8).join(' ').padEnd(23)}  ${hex.slice(8).join(' ').padEnd(23)}`,
      letters: part
        .map(byte => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '\u00b7'))
        .join(''),
    })
  }
  return lines
}
