/** What programs have noted of a file, as /proc/PID/fd shows it. */
import { fsmagic } from '../../abi/sets.ts'
import { PathNote, PathNoteFlag } from './note-layout.ts'

const { PIPEFS_MAGIC, SOCKFS_MAGIC, ANON_INODE_FS_MAGIC, PID_FS_MAGIC, NSFS_MAGIC, DMA_BUF_MAGIC } =
  fsmagic.values

/** The content of a path's range. Its bounds are those that it has been given: whoever reads it checks that there are so many. */
export class NotedPath {
  readonly #bytes: Uint8Array
  readonly #view: DataView

  /** @param note at least as long as the fixed part */
  constructor(note: Uint8Array) {
    this.#bytes = note
    this.#view = new DataView(note.buffer, note.byteOffset, note.byteLength)
  }

  get mode(): number {
    return this.#view.getUint32(PathNote.mode, true)
  }

  /** The kernel's own form of a device's number: 12 bits of major, 20 of minor. */
  get device(): number {
    return this.#view.getUint32(PathNote.device, true)
  }

  get inode(): number {
    return Number(this.#view.getBigUint64(PathNote.inode, true))
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

  get #flags(): number {
    return this.#view.getUint32(PathNote.flags, true)
  }

  get #magic(): number {
    return Number(this.#view.getBigUint64(PathNote.magic, true))
  }

  /** The name of what is nowhere in a file system: a socket's protocol, what an anonymous inode is of. */
  get name(): Uint8Array {
    const names = this.#bytes.subarray(PathNote.names)
    const end = names.indexOf(0)
    return end < 0 ? names : names.subarray(0, end)
  }

  /** What is known of such a one by its kind alone; undefined where more than that would have to be asked. */
  get namelessText(): Buffer | undefined {
    const name = Buffer.from(this.name)
    switch (this.#magic) {
      case PIPEFS_MAGIC:
        return Buffer.from(`pipe:[${this.inode}]`)
      case SOCKFS_MAGIC:
        return Buffer.from(`socket:[${this.inode}]`)
      case ANON_INODE_FS_MAGIC:
        return Buffer.concat([Buffer.from('anon_inode:'), name])
      case PID_FS_MAGIC:
        return Buffer.from('anon_inode:[pidfd]')
      case NSFS_MAGIC:
        return Buffer.concat([name, Buffer.from(`:[${this.inode}]`)])
      case DMA_BUF_MAGIC:
        return undefined
      default:
        return Buffer.concat([Buffer.from('/'), name, deletedMark])
    }
  }

  /** Writes the path to `to` at `at`, of which there is room for as much as names have; its length. */
  write(to: Uint8Array, at: number): number {
    const names = this.#bytes.subarray(PathNote.names)
    // Each name has its slash where it has a NUL here; the last one comes first.
    let start = at + names.length
    for (let i = 0; i < names.length; ) {
      const end = names.indexOf(0, i)
      if (end < 0) break
      start -= end - i
      to.set(names.subarray(i, end), start)
      to[--start] = slash
      i = end + 1
    }
    if (names.length === 0) to[at] = slash
    if (start > at) to.copyWithin(at, start, at + names.length)
    return Math.max(1, at + names.length - start)
  }
}

const slash = 47

/** What stands behind the path of a file that was removed. */
export const deletedMark: Buffer = Buffer.from(' (deleted)')
