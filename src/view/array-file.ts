/** Arrays of numbers in a file as they stand in memory, with a head in JSON: written and read at the speed of a disk. */
import { type FileHandle, open } from 'node:fs/promises'
import type { NumberArray } from './grown.ts'

const kinds = { Float64Array, Uint32Array, Int32Array, Uint16Array, Uint8Array } as const
type Kind = keyof typeof kinds

interface Head {
  readonly json: unknown
  readonly arrays: readonly (readonly [kind: Kind, length: number])[]
}

/** Bytes before the head: what the file is, and the head's length. */
const magic = 'sysglass arrays\n'
const headAt = magic.length + 8
/** Heads are JSON that somebody may have damaged. */
const mostHead = 256 << 20
/** Bytes that are written or read before others have their turn. */
const atOnce = 8 << 20

export interface ArrayFile {
  readonly json: unknown
  readonly arrays: readonly NumberArray[]
}

/** Writes a file that only we can read. */
export async function writeArrays(path: string, { json, arrays }: ArrayFile): Promise<void> {
  const kindOf = (array: NumberArray): Kind => array.constructor.name as Kind
  const head: Head = { json, arrays: arrays.map(array => [kindOf(array), array.length]) }
  const text = Buffer.from(JSON.stringify(head))
  const begin = Buffer.alloc(headAt)
  begin.write(magic, 'latin1')
  begin.writeDoubleLE(text.length, magic.length)
  const file = await open(path, 'w', 0o600)
  try {
    let at = 0
    for (const { buffer, byteOffset, byteLength } of [begin, text, ...arrays])
      for (let from = 0; from < byteLength; from += atOnce) {
        const part = new Uint8Array(buffer, byteOffset + from, Math.min(atOnce, byteLength - from))
        await wholly(part, at, (rest, place) =>
          file.write(rest, 0, rest.length, place).then(done => done.bytesWritten),
        )
        at += part.length
      }
  } finally {
    await file.close()
  }
}

/** Reads it; null where it is none, or not whole. Rejects with node's error where it cannot be read. */
export async function readArrays(path: string): Promise<ArrayFile | null> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    const begin = Buffer.alloc(headAt)
    if (!(await readInto(file, begin, 0)) || begin.toString('latin1', 0, magic.length) !== magic) return null
    const length = begin.readDoubleLE(magic.length)
    if (!(length >= 0 && length <= Math.min(mostHead, size))) return null
    const text = Buffer.alloc(length)
    if (!(await readInto(file, text, headAt))) return null
    const head = JSON.parse(text.toString('utf8')) as Head
    let at = headAt + length
    const bytes = head.arrays.reduce((sum, [kind, count]) => sum + count * kinds[kind].BYTES_PER_ELEMENT, 0)
    if (at + bytes !== size) return null
    const arrays: NumberArray[] = []
    for (const [kind, count] of head.arrays) {
      const array = new kinds[kind](count)
      if (!(await readInto(file, array, at))) return null
      arrays.push(array)
      at += array.byteLength
    }
    return { json: head.json, arrays }
  } finally {
    await file.close()
  }
}

/** Fills an array from a place in the file on; whether there was enough. */
async function readInto(
  file: FileHandle,
  { buffer, byteOffset, byteLength }: NumberArray,
  at: number,
): Promise<boolean> {
  for (let from = 0; from < byteLength; from += atOnce) {
    const part = new Uint8Array(buffer, byteOffset + from, Math.min(atOnce, byteLength - from))
    const whole = await wholly(part, at + from, (rest, place) =>
      file.read(rest, 0, rest.length, place).then(done => done.bytesRead),
    )
    if (!whole) return false
  }
  return true
}

/** Moves all bytes, in as many steps as it takes; false where there are no more. */
async function wholly(
  bytes: Uint8Array,
  at: number,
  step: (rest: Uint8Array, at: number) => Promise<number>,
): Promise<boolean> {
  for (let done = 0; done < bytes.length; ) {
    const moved = await step(bytes.subarray(done), at + done)
    if (moved === 0) return false
    done += moved
  }
  return true
}
