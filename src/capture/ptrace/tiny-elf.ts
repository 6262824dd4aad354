import type { Machine } from './machine-code.ts'

const fileHeader = 64
const programHeader = 56
const base = 0x400000
const machines = { amd64: 62, arm64: 183 } as const

/**
 * An executable of one segment: read-only data, then code. Its addresses are fixed and small, so that code can
 * name data by a constant.
 */
export class TinyElf {
  readonly #data: number[] = []

  /** Adds data, aligned to eight, and returns the address that it will have. */
  data(bytes: Iterable<number>): number {
    while (this.#data.length % 8 !== 0) this.#data.push(0)
    const address = base + fileHeader + programHeader + this.#data.length
    for (const byte of bytes) this.#data.push(byte)
    return address
  }

  /** The file, with `code` to start at. */
  build(machine: Machine, code: readonly number[]): Uint8Array {
    const entry = this.data([])
    const head = fileHeader + programHeader
    const file = new Uint8Array(head + this.#data.length + code.length)
    const view = new DataView(file.buffer)
    file.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]) // 64-bit, little-endian
    view.setUint16(16, 2, true) // ET_EXEC
    view.setUint16(18, machines[machine], true)
    view.setUint32(20, 1, true) // version
    view.setUint32(24, entry, true)
    view.setUint32(32, fileHeader, true) // program headers follow
    view.setUint16(52, fileHeader, true)
    view.setUint16(54, programHeader, true)
    view.setUint16(56, 1, true)
    view.setUint32(64, 1, true) // PT_LOAD
    view.setUint32(68, 5, true) // readable, executable
    view.setUint32(80, base, true)
    view.setUint32(88, base, true)
    view.setUint32(96, file.length, true)
    view.setUint32(104, file.length, true)
    view.setUint32(112, 0x10000, true) // arm64 has pages of up to 64 KiB
    file.set(this.#data, head)
    file.set(code, head + this.#data.length)
    return file
  }
}

/** A 64-bit little-endian number as bytes; from 2^64 on (RLIM_INFINITY) all ones. */
export function bytes64(value: number): number[] {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, value >= 2 ** 64 ? 0xffff_ffff_ffff_ffffn : BigInt(value), true)
  return [...bytes]
}

export function bytes32(value: number): number[] {
  return [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24]
}
