/** The ranges of a call's record, to be looked up by where they stand, and overwritten by the addresses they had. */
import { align8, Enter, Exit, Range, RangeKind, RecordKind } from '../record/layout.ts'

export interface RangePlace {
  readonly kind: number
  /** Where it was in the tracee; what a note is about. */
  readonly address: number
  /** Where its bytes are in the record. */
  readonly at: number
  readonly length: number
}

/** The ranges of the record that `view` begins with, in their order; its padding becomes zero. */
export function rangesOf(bytes: Uint8Array, view: DataView, kind: number, size: number): RangePlace[] {
  const places: RangePlace[] = []
  let at: number = kind === RecordKind.enter ? Enter.bytes : Exit.bytes
  for (let n = view.getUint32(Enter.ranges, true); n > 0 && at + Range.bytes <= size; n--) {
    const length = view.getUint32(at + Range.length, true)
    const content = at + Range.bytes
    if (content + length > size) break
    const address = view.getUint32(at, true) + view.getUint32(at + 4, true) * 0x1_0000_0000
    places.push({ kind: bytes[at + Range.kind]!, address, at: content, length })
    at = content + align8(length)
    bytes.fill(0, content + length, Math.min(at, size))
  }
  return places
}

/** Stretches of the tracee's memory. */
export class Stretches {
  #list: (readonly [from: number, to: number])[] = []
  #sorted = true

  get some(): boolean {
    return this.#list.length > 0
  }

  add(from: number, to: number): void {
    if (to <= from) return
    this.#list.push([from, to])
    this.#sorted = false
  }

  clear(): void {
    this.#list = []
    this.#sorted = true
  }

  /** Overwrites what of the memory in `places` belongs to a stretch. */
  overwrite(bytes: Uint8Array, places: readonly RangePlace[], mark: number): void {
    this.#merge()
    for (const { kind, address, at, length } of places) {
      if (kind !== RangeKind.memory) continue
      const end = address + length
      for (let i = this.#firstAfter(address); i < this.#list.length; i++) {
        const [from, to] = this.#list[i]!
        if (from >= end) break
        bytes.fill(mark, at + Math.max(0, from - address), at + Math.min(length, to - address))
      }
    }
  }

  /** Sorts the stretches, and joins those that overlap. */
  #merge(): void {
    if (this.#sorted) return
    const merged: [number, number][] = []
    for (const [from, to] of this.#list.sort(([a], [b]) => a - b)) {
      const last = merged.at(-1)
      if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to)
      else merged.push([from, to])
    }
    this.#list = merged
    this.#sorted = true
  }

  /** The first stretch that ends after `address`. */
  #firstAfter(address: number): number {
    let [low, high] = [0, this.#list.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#list[middle]![1] > address) high = middle
      else low = middle + 1
    }
    return low
  }
}

/** The range in which the byte at `at` stands; undefined when it is in none. */
export function rangeAt(places: readonly RangePlace[], at: number): RangePlace | undefined {
  let [low, high] = [0, places.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const place = places[middle]!
    if (at < place.at) high = middle
    else if (at >= place.at + place.length) low = middle + 1
    else return place
  }
  return undefined
}
