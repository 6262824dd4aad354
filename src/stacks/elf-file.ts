/**
 * ELF files as unwinding needs them: where they are loaded, how their frames look, and what their functions are called.
 *
 * The files are those that a traced program maps: everything in them is checked, and whatever is wrong reads as absent.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { readUnsigned } from '../record/numbers.ts'

/** A part of a file, with the address that its first byte has in the file's own numbering. */
export interface Section {
  readonly view: DataView
  readonly address: number
}

interface Load {
  readonly offset: number
  readonly address: number
  readonly bytes: number
}

/** Larger sections are none that a compiler made. */
const maxSection = 1 << 29
const maxHeaders = 1 << 16

const PT_LOAD = 1
const PT_GNU_EH_FRAME = 0x6474e550
const SHT_SYMTAB = 2
const SHT_DYNSYM = 11
const STT_FUNC = 2

export class ElfFile {
  /** null where the file has no index of its frames. */
  readonly frameIndex: Section | null
  readonly #fd: number
  readonly #loads: Load[] = []
  readonly #sections = new Map<string, Header>()
  readonly #tables: Header[] = []
  readonly #headers: Header[] = []
  #symbols: Symbols | null = null
  #frames: Section | null | undefined

  /** null when it is no 64-bit little-endian ELF file that can be read. */
  static open(path: string): ElfFile | null {
    let fd = -1
    try {
      fd = openSync(path, 'r')
      if (!fstatSync(fd).isFile()) throw new RangeError('not a file')
      return new ElfFile(fd)
    } catch {
      if (fd >= 0) closeSync(fd)
      return null
    }
  }

  private constructor(fd: number) {
    this.#fd = fd
    const header = this.#read(0, 64)
    if (header.getUint32(0) !== 0x7f454c46 || header.getUint8(4) !== 2 || header.getUint8(5) !== 1)
      throw new RangeError('not a 64-bit little-endian ELF file')
    let index: Section | null = null
    for (const view of this.#table(header, 32, 54, 56, 56)) {
      const type = view.getUint32(0, true)
      const offset = readUnsigned(view, 8, 8)
      const address = readUnsigned(view, 16, 8)
      const bytes = readUnsigned(view, 32, 8)
      if (type === PT_LOAD) this.#loads.push({ offset, address, bytes })
      else if (type === PT_GNU_EH_FRAME) index = { view: this.#read(offset, bytes), address }
    }
    this.frameIndex = index
    this.#readSections(header)
  }

  /** The address, in the file's own numbering, of what stands at `offset`; undefined when it is not loaded. */
  addressOf(offset: number): number | undefined {
    const load = this.#loads.find(l => offset >= l.offset && offset < l.offset + l.bytes)
    return load === undefined ? undefined : offset - load.offset + load.address
  }

  /** .eh_frame, for files without an index and for what the index leads to. */
  get frames(): Section | null {
    if (this.#frames !== undefined) return this.#frames
    const header = this.#sections.get('.eh_frame')
    try {
      this.#frames =
        header === undefined
          ? null
          : { view: this.#read(header.offset, header.bytes), address: header.address }
    } catch {
      this.#frames = null
    }
    return this.#frames
  }

  /** The function that `address` is in or behind: its name, and how far into it. */
  symbolAt(address: number): { readonly name: string; readonly offset: number } | null {
    this.#symbols ??= this.#readSymbols()
    const { starts, names, texts } = this.#symbols
    let [low, high] = [0, starts.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (starts[middle]! <= address) low = middle + 1
      else high = middle
    }
    if (low === 0) return null
    const at = low - 1
    return { name: cString(texts[names[at * 2]!]!, names[at * 2 + 1]!), offset: address - starts[at]! }
  }

  close(): void {
    closeSync(this.#fd)
  }

  #readSections(header: DataView): void {
    for (const view of this.#table(header, 40, 58, 60, 64)) {
      this.#headers.push({
        name: view.getUint32(0, true),
        type: view.getUint32(4, true),
        address: readUnsigned(view, 16, 8),
        offset: readUnsigned(view, 24, 8),
        bytes: readUnsigned(view, 32, 8),
        link: view.getUint32(40, true),
      })
    }
    const names = this.#headers[header.getUint16(62, true)]
    if (names === undefined) return
    const text = this.#read(names.offset, names.bytes)
    for (const section of this.#headers) {
      this.#sections.set(cString(text, section.name), section)
      if (section.type === SHT_SYMTAB || section.type === SHT_DYNSYM) this.#tables.push(section)
    }
  }

  /** Functions by address; of several at one address the first counts. */
  #readSymbols(): Symbols {
    const found: { start: number; text: number; name: number }[] = []
    const texts: DataView[] = []
    for (const table of this.#tables) {
      const strings = this.#headers[table.link]
      if (strings === undefined) continue
      try {
        const view = this.#read(table.offset, table.bytes - (table.bytes % 24))
        const text = texts.push(this.#read(strings.offset, strings.bytes)) - 1
        for (let at = 0; at < view.byteLength; at += 24) {
          const isFunction = (view.getUint8(at + 4) & 0xf) === STT_FUNC
          if (isFunction && view.getUint16(at + 6, true) !== 0)
            found.push({ start: readUnsigned(view, at + 8, 8), text, name: view.getUint32(at, true) })
        }
      } catch {
        // A table that lies outside of its file.
      }
    }
    found.sort((a, b) => a.start - b.start)
    const first = found.filter((s, i) => i === 0 || s.start !== found[i - 1]!.start)
    return {
      starts: Float64Array.from(first, s => s.start),
      names: Uint32Array.from(first.flatMap(s => [s.text, s.name])),
      texts,
    }
  }

  /** The entries of a table that the file's header describes: where it says offset, entry size and count. */
  #table(header: DataView, offset: number, size: number, count: number, least: number): DataView[] {
    const bytes = header.getUint16(size, true)
    const entries = Math.min(header.getUint16(count, true), maxHeaders)
    if (entries === 0 || bytes < least) return []
    const table = this.#read(readUnsigned(header, offset, 8), bytes * entries)
    return Array.from(
      { length: entries },
      (_, i) => new DataView(table.buffer, table.byteOffset + i * bytes, bytes),
    )
  }

  #read(offset: number, bytes: number): DataView {
    if (
      !(bytes >= 0 && bytes <= maxSection && offset >= 0 && Number.isSafeInteger(offset + bytes)) ||
      offset + bytes > fstatSync(this.#fd).size
    )
      throw new RangeError('outside of the file')
    const buffer = new Uint8Array(bytes)
    if (readSync(this.#fd, buffer, 0, bytes, offset) !== bytes) throw new RangeError('cut off')
    return new DataView(buffer.buffer)
  }
}

interface Header {
  readonly name: number
  readonly type: number
  readonly address: number
  readonly offset: number
  readonly bytes: number
  readonly link: number
}

interface Symbols {
  readonly starts: Float64Array
  /** For each: which of `texts`, and where in it. */
  readonly names: Uint32Array
  readonly texts: readonly DataView[]
}

/** Latin1: symbols are bytes. */
function cString(view: DataView, at: number): string {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
  const end = bytes.indexOf(0, at)
  return Buffer.from(bytes.subarray(at, end < 0 ? undefined : end)).toString('latin1')
}
