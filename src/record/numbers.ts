/** Little-endian numbers as float64: exact below 2^53, which no user address reaches. */

/** Reads an unsigned little-endian number of 1 to 8 bytes as a float64: exact below 2^53, near it above. */
export function readUnsigned(view: DataView, at: number, size: number): number {
  switch (size) {
    case 1:
      return view.getUint8(at)
    case 2:
      return view.getUint16(at, true)
    case 4:
      return view.getUint32(at, true)
    default:
      return view.getUint32(at, true) + view.getUint32(at + 4, true) * 0x1_0000_0000
  }
}

/** Reads a signed little-endian number of 1 to 8 bytes, as `readUnsigned`. */
export function readSigned(view: DataView, at: number, size: number): number {
  switch (size) {
    case 1:
      return view.getInt8(at)
    case 2:
      return view.getInt16(at, true)
    case 4:
      return view.getInt32(at, true)
    default:
      return view.getUint32(at, true) + view.getInt32(at + 4, true) * 0x1_0000_0000
  }
}
