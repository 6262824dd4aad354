/**
 * Files in which one run keeps what the next would work out the same way. Each begins with what it was worked out of, its key: another
 * kernel, other options, another version of ours make another. They are few, and overwrite each other: see `slotOf`.
 *
 * Programs for the kernel are made of them, so nobody else may have written them. That none can be kept is no harm.
 */
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { threadId } from 'node:worker_threads'
import { cacheFolder, namedCache } from '../../record/cache-folder.ts'

/** Which code of ours this is: the loader of its bundle, which names its scripts by what is in them. Null, run from source: nothing is kept. */
function ownCode(): string | null {
  try {
    return typeof __filename === 'string' && __filename.endsWith('.cjs')
      ? readFileSync(__filename, 'latin1')
      : null
  } catch {
    return null
  }
}

const sizeBytes = 4
/** Others have no right to write. */
const othersWrite = 0o022

export class KeptFiles {
  readonly #folder: string
  readonly #code: Buffer | null

  /** @param code which code of ours makes what is kept; null: none is */
  constructor(folder: string = cacheFolder(), code: string | null = ownCode()) {
    this.#folder = folder
    this.#code = code === null ? null : Buffer.from(code)
  }

  /** What was kept under this name for this key. */
  read(name: string, key: string): Buffer | undefined {
    if (this.#code === null) return undefined
    try {
      const fd = openSync(join(this.#folder, name), constants.O_RDONLY | constants.O_NOFOLLOW)
      try {
        const { uid, mode } = fstatSync(fd)
        if (uid !== process.geteuid?.() || (mode & othersWrite) !== 0) return undefined
        const file = readFileSync(fd)
        const start = this.#start(key)
        return file.subarray(0, start.length).equals(start) ? file.subarray(start.length) : undefined
      } finally {
        closeSync(fd)
      }
    } catch {
      return undefined
    }
  }

  write(name: string, key: string, content: Uint8Array): void {
    if (this.#code === null) return
    const file = join(this.#folder, name)
    const unfinished = `${file}.${process.pid}-${threadId}`
    try {
      // Root with another's home keeps nothing there: its owner could not remove it.
      const named = namedCache() ?? homedir()
      if (statSync(existsSync(named) ? named : dirname(named)).uid !== process.geteuid?.()) return
      // Not node's own way to make what is above, which for a folder in /proc has no end.
      for (const folder of [dirname(this.#folder), this.#folder])
        if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 })
      writeFileSync(unfinished, Buffer.concat([this.#start(key), content]), { mode: 0o600, flag: 'wx' })
      renameSync(unfinished, file)
    } catch {
      rmSync(unfinished, { force: true })
    }
  }

  #start(key: string): Buffer {
    const size = Buffer.alloc(sizeBytes)
    const text = Buffer.from(key)
    size.writeUInt32LE(text.length)
    return Buffer.concat([this.#code!, size, text])
  }
}

/** Which of `count` files something is kept in. */
export function slotOf(key: string, count: number): number {
  let hash = 0
  for (let i = 0; i < key.length; i++) hash = (Math.imul(hash, 31) + key.charCodeAt(i)) >>> 0
  return hash % count
}
