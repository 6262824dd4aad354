/**
 * Reads BTF, the kernel's description of its own types: where members of structures stand in the kernel that runs, and the
 * numbers of types. The format is hostile input like any other: offsets are checked, and what is damaged is not found.
 */

/** Kinds of types, as the format numbers them. */
const Kind = {
  int: 1,
  pointer: 2,
  array: 3,
  struct: 4,
  union: 5,
  enum: 6,
  forward: 7,
  typedef: 8,
  volatile: 9,
  const: 10,
  restrict: 11,
  function: 12,
  prototype: 13,
  variable: 14,
  section: 15,
  float: 16,
  declTag: 17,
  typeTag: 18,
  enum64: 19,
} as const

const magic = 0xeb9f
const typeBytes = 12
/** Bytes behind a type's own, by kind: as a whole, and for each of its members. */
const tail: { readonly [kind: number]: readonly [fixed: number, each: number] } = {
  [Kind.int]: [4, 0],
  [Kind.pointer]: [0, 0],
  [Kind.array]: [12, 0],
  [Kind.struct]: [0, 12],
  [Kind.union]: [0, 12],
  [Kind.enum]: [0, 8],
  [Kind.forward]: [0, 0],
  [Kind.typedef]: [0, 0],
  [Kind.volatile]: [0, 0],
  [Kind.const]: [0, 0],
  [Kind.restrict]: [0, 0],
  [Kind.function]: [0, 0],
  [Kind.prototype]: [0, 8],
  [Kind.variable]: [4, 0],
  [Kind.section]: [0, 12],
  [Kind.float]: [0, 0],
  [Kind.declTag]: [4, 0],
  [Kind.typeTag]: [0, 0],
  [Kind.enum64]: [0, 12],
}
/** Members of members, and names of names, are followed so far. */
const deepest = 16

/** A member's place in a structure, in bytes. */
export interface Member {
  readonly offset: number
  /** Its type's number. */
  readonly type: number
}

export class Btf {
  readonly #view: DataView
  readonly #bytes: Buffer
  /** Where each type starts, by number; the first is no type. */
  readonly #places: Uint32Array
  readonly #strings: number
  readonly #stringsEnd: number
  readonly #found = new Map<string, number>()

  /** Throws RangeError when the bytes are no BTF. */
  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#view = view
    if (bytes.length < 24 || view.getUint16(0, true) !== magic) throw new RangeError('no BTF')
    const header = view.getUint32(4, true)
    const types = header + view.getUint32(8, true)
    const typesEnd = types + view.getUint32(12, true)
    this.#strings = header + view.getUint32(16, true)
    this.#stringsEnd = this.#strings + view.getUint32(20, true)
    if (typesEnd > bytes.length || this.#stringsEnd > bytes.length)
      throw new RangeError('BTF that is cut off')
    const places = [0]
    for (let at = types; at + typeBytes <= typesEnd; ) {
      const info = view.getUint32(at + 4, true)
      const sizes = tail[(info >>> 24) & 0x1f]
      if (sizes === undefined) throw new RangeError('BTF of a kind that is not known')
      places.push(at)
      at += typeBytes + sizes[0] + sizes[1] * (info & 0xffff)
      if (at > typesEnd) throw new RangeError('BTF with a type that is cut off')
    }
    this.#places = Uint32Array.from(places)
  }

  /** The number of the type of this kind and name; 0 when there is none. */
  find(kind: keyof typeof Kind, name: string): number {
    const key = `${kind} ${name}`
    let found = this.#found.get(key)
    if (found === undefined) this.#found.set(key, (found = this.#find(kind, name)))
    return found
  }

  #find(kind: keyof typeof Kind, name: string): number {
    const offsets = this.#offsetsOf(name)
    if (offsets.size === 0) return 0
    const wanted = Kind[kind]
    for (let id = 1; id < this.#places.length; id++) {
      const at = this.#places[id]!
      if (offsets.has(this.#view.getUint32(at, true)) && this.#kindAt(at) === wanted) return id
    }
    return 0
  }

  /** Bytes of a structure, an integer or an enumeration; 0 for others. */
  size(id: number): number {
    const at = this.#at(id)
    if (at < 0) return 0
    const kind = this.#kindAt(at)
    const sized = kind === Kind.struct || kind === Kind.union || kind === Kind.int || kind === Kind.enum
    return sized ? this.#view.getUint32(at + 8, true) : 0
  }

  /** Where `path` (`sa.sa_handler`) is in a structure; members of unnamed ones count as the structure's own. Undefined when it is not there. */
  member(id: number, path: string): Member | undefined {
    let found: Member = { offset: 0, type: id }
    for (const name of path.split('.')) {
      const inner = this.#member(this.#struct(found.type), name, 0)
      if (inner === undefined) return undefined
      found = { offset: found.offset + inner.offset, type: inner.type }
    }
    return found
  }

  /** How many parameters a tracepoint's type (btf_trace_NAME) has, without the first, which is the kernel's own; -1: no function. */
  parameters(id: number): number {
    let at = this.#at(id)
    for (let n = 0; n < deepest && at >= 0; n++) {
      const kind = this.#kindAt(at)
      if (kind === Kind.prototype) return (this.#view.getUint32(at + 4, true) & 0xffff) - 1
      if (kind !== Kind.typedef && kind !== Kind.pointer && kind !== Kind.const) return -1
      at = this.#at(this.#view.getUint32(at + 8, true))
    }
    return -1
  }

  #member(id: number, name: string, depth: number): Member | undefined {
    const at = this.#at(id)
    if (at < 0 || depth > deepest) return undefined
    const kind = this.#kindAt(at)
    if (kind !== Kind.struct && kind !== Kind.union) return undefined
    const info = this.#view.getUint32(at + 4, true)
    for (let i = 0; i < (info & 0xffff); i++) {
      const member = at + typeBytes + 12 * i
      // With bit fields among them, the upper eight bits of an offset are a width.
      const bits = this.#view.getUint32(member + 8, true) & (info >>> 31 === 1 ? 0xffffff : 0xffffffff)
      const found = { offset: (bits >>> 0) >> 3, type: this.#view.getUint32(member + 4, true) }
      const own = this.#view.getUint32(member, true)
      if (own !== 0) {
        if (this.#isNamed(own, name)) return found
        continue
      }
      const inner = this.#member(this.#struct(found.type), name, depth + 1)
      if (inner !== undefined) return { offset: found.offset + inner.offset, type: inner.type }
    }
    return undefined
  }

  /** The structure behind typedefs and qualifiers. */
  #struct(id: number): number {
    for (let n = 0; n < deepest; n++) {
      const at = this.#at(id)
      if (at < 0) return 0
      const kind = this.#kindAt(at)
      const isName =
        kind === Kind.typedef ||
        kind === Kind.const ||
        kind === Kind.volatile ||
        kind === Kind.restrict ||
        kind === Kind.typeTag
      if (!isName) return id
      id = this.#view.getUint32(at + 8, true)
    }
    return 0
  }

  #at(id: number): number {
    return id > 0 && id < this.#places.length ? this.#places[id]! : -1
  }

  #kindAt(at: number): number {
    return (this.#view.getUint32(at + 4, true) >>> 24) & 0x1f
  }

  #isNamed(offset: number, name: string): boolean {
    const at = this.#strings + offset
    const end = at + name.length
    if (end >= this.#stringsEnd || this.#bytes[end] !== 0) return false
    for (let i = 0; i < name.length; i++) if (this.#bytes[at + i] !== name.charCodeAt(i)) return false
    return true
  }

  /** Where `name` stands among the strings. */
  #offsetsOf(name: string): Set<number> {
    const offsets = new Set<number>()
    const strings = this.#bytes.subarray(this.#strings, this.#stringsEnd)
    const wanted = Buffer.from(`${name}\0`, 'latin1')
    for (let at = strings.indexOf(wanted); at >= 0; at = strings.indexOf(wanted, at + 1)) offsets.add(at)
    return offsets
  }
}
