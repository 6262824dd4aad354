/** Arrays of numbers that grow. Runs in node and in browsers. */

export type NumberArray = Float64Array | Uint32Array | Int32Array | Uint16Array | Uint8Array

/** A longer array of the same kind that begins as this one does. */
export function grown<A extends NumberArray>(array: A, length: number): A {
  const longer = new (array.constructor as new (length: number) => A)(length)
  longer.set(array)
  return longer
}

/** The array where it has room for so many, else one with twice the room, or as much as is needed. */
export const withRoom = <A extends NumberArray>(array: A, length: number): A =>
  length <= array.length ? array : grown(array, Math.max(length, array.length * 2))
