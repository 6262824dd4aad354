/** What programs have noted of a file, as /proc/PID/fd shows it. */
import { fsmagic } from '../../abi/sets.ts'
import { PathNote, PathNoteFlag } from './note-layout.ts'

const { PIPEFS_MAGIC, SOCKFS_MAGIC, ANON_INODE_FS_MAGIC, PID_FS_MAGIC, NSFS_MAGIC, DMA_BUF_MAGIC } =
  fsmagic.values

/** The content of a path's range. Its bounds are those that it has been given: whoever reads it checks that there are so many. One object serves all notes. */
export class NotedPath {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #at = 0
  #names = 0
  #end = 0

  /** @param bytes what notes stand in; `view` is of the same */
  constructor(bytes: Uint8Array, view: DataView) {
    this.#bytes = bytes
    this.#view = view
  }

  /** Looks at the note at `at`. @param length at least that of the fixed part */
  over(at: number, length: number): this {
    this.#at = at
    this.#names = at + PathNote.names
    this.#end = at + length
    return this
  }

  get mode(): number {
    return this.#view.getUint32(this.#at + PathNote.mode, true)
  }

  /** The kernel's own form of a device's number: 12 bits of major, 20 of minor. */
  get device(): number {
    return this.#view.getUint32(this.#at + PathNote.device, true)
  }

  get inode(): number {
    return this.#number(PathNote.inode)
  }

  get isRemoved(): boolean {
    return (this.#flags & PathNoteFlag.removed) !== 0
  }

  get isNameless(): boolean {
    return (this.#flags & PathNoteFlag.nameless) !== 0
  }

  /** The beginning is missing. */
  get isUnfinished(): boolean {
    return (this.#flags & PathNoteFlag.unfinished) !== 0
  }

  #number(place: number): number {
    const at = this.#at + place
    return this.#view.getUint32(at, true) + this.#view.getUint32(at + 4, true) * 0x1_0000_0000
  }

  get #flags(): number {
    return this.#view.getUint32(this.#at + PathNote.flags, true)
  }

  get #magic(): number {
    return this.#number(PathNote.magic)
  }

  /** The name of what is nowhere in a file system: a socket's protocol, what an anonymous inode is of. */
  get name(): Uint8Array {
    return this.#bytes.subarray(this.#names, this.#nul(this.#names))
  }

  /** Writes what is known of such a one by its kind alone, with as much room; its length, or -1 where more than that would have to be asked. */
  writeNameless(to: Uint8Array, at: number): number {
    switch (this.#magic) {
      case PIPEFS_MAGIC:
        return this.#writeNumbered(pipe, to, at)
      case SOCKFS_MAGIC:
        return this.#writeNumbered(socket, to, at)
      case ANON_INODE_FS_MAGIC:
        return written(to, at, [anonymous, this.name])
      case PID_FS_MAGIC:
        return written(to, at, [anonymous, pidfd])
      case NSFS_MAGIC:
        return this.#writeNumbered(this.name, to, at)
      case DMA_BUF_MAGIC:
        return -1
      default:
        return written(to, at, [root, this.name, deletedMark])
    }
  }

  /** KIND:[INODE]. Calls on pipes and sockets are many: no text is made on the way. */
  #writeNumbered(kind: Uint8Array, to: Uint8Array, at: number): number {
    let end = at + kind.length
    for (let i = 0; i < kind.length; i++) to[at + i] = kind[i]!
    to[end++] = colon
    to[end++] = bracket
    let digits = 1
    for (let rest = this.inode; rest >= 10; rest = Math.floor(rest / 10)) digits++
    for (let i = end + digits - 1, rest = this.inode; i >= end; i--, rest = Math.floor(rest / 10))
      to[i] = zero + (rest % 10)
    end += digits
    to[end++] = closingBracket
    return end - at
  }

  /** Writes the path to `to` at `at`, of which there is room for as much as names have; its length. */
  write(to: Uint8Array, at: number): number {
    const bytes = this.#bytes
    const end = at + this.#end - this.#names
    // Each name has its slash where it has a NUL here; the last one comes first.
    let start = end
    for (let name = this.#names; name < this.#end; ) {
      const nul = this.#nul(name)
      if (nul === this.#end) break
      start -= nul - name
      for (let i = name; i < nul; i++) to[start + i - name] = bytes[i]!
      to[--start] = slash
      name = nul + 1
    }
    if (start === end) {
      to[at] = slash
      return 1
    }
    if (start > at) to.copyWithin(at, start, end)
    return end - start
  }

  /** Where the first NUL is from `at` on; the end where there is none. Names are short, and many: a search in another language would take longer to begin. */
  #nul(at: number): number {
    let nul = at
    while (nul < this.#end && this.#bytes[nul] !== 0) nul++
    return nul
  }
}

function written(to: Uint8Array, at: number, parts: readonly Uint8Array[]): number {
  let end = at
  for (const part of parts) {
    to.set(part, end)
    end += part.length
  }
  return end - at
}

const slash = 47
const zero = 48
const colon = 58
const bracket = 91
const closingBracket = 93
const [pipe, socket, anonymous, pidfd, root] = ['pipe', 'socket', 'anon_inode:', '[pidfd]', '/'].map(text =>
  Buffer.from(text),
) as [Buffer, Buffer, Buffer, Buffer, Buffer]

/** What stands behind the path of a file that was removed. */
export const deletedMark: Buffer = Buffer.from(' (deleted)')
