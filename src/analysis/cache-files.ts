/** What was made of a recording, kept in the user's cache for the next time: where, and for how long. */
import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, readdirSync, realpathSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { cacheFolder } from '../record/cache-folder.ts'

/**
 * The file or folder for what is made of a recording; it may not be there. Null where nothing can be kept: what is recorded is no file, or the
 * cache cannot be written.
 *
 * @param shape what was made otherwise is not found again
 */
export function cacheFile(
  recording: string | Buffer,
  kind: 'tables' | 'calls',
  shape: string,
): string | null {
  try {
    const path = realpathSync(recording, 'buffer')
    const stat = statSync(path)
    if (!stat.isFile()) return null
    const { size, mtimeMs, ino } = stat
    const key = createHash('sha256').update(path).update(`\0${size} ${mtimeMs} ${ino} ${shape}`).digest('hex')
    const folder = cacheFolder()
    // What was recorded is its owner's alone.
    mkdirSync(folder, { recursive: true })
    chmodSync(folder, 0o700)
    dropOld(folder)
    return join(folder, `${key.slice(0, 32)}.${kind}`)
  } catch {
    return null
  }
}

/** Where it is made: only what is whole gets the name that others look for. */
export const unfinished = (file: string): string => `${file}.${process.pid}`

/** What nobody has asked for so long goes, and the oldest beyond so many bytes. */
const keptDays = 7
const mostBytes = 4 * 2 ** 30

interface CachedFile {
  readonly file: string
  readonly size: number
  /** When it was last asked for, or made. */
  readonly used: number
}

function dropOld(folder: string): void {
  const kept: CachedFile[] = []
  for (const name of readdirSync(folder)) {
    const file = join(folder, name)
    const stat = statSync(file, { throwIfNoEntry: false })
    // Another run was quicker.
    if (stat === undefined) continue
    const { atimeMs, mtimeMs } = stat
    const used = Math.max(atimeMs, mtimeMs)
    // Not made to its end, since its maker was killed.
    const [, maker] = /\.(?:tables|calls)\.(\d+)/.exec(name) ?? []
    const old = Date.now() - used > keptDays * 86_400_000
    if (old || (maker !== undefined && !isRunning(Number(maker))))
      rmSync(file, { force: true, recursive: true })
    else if (maker === undefined)
      kept.push({ file, size: stat.isDirectory() ? bytesIn(file) : stat.size, used })
  }
  kept.sort((a, b) => b.used - a.used)
  let bytes = 0
  for (const { file, size } of kept) {
    bytes += size
    if (bytes > mostBytes) rmSync(file, { force: true, recursive: true })
  }
}

const bytesIn = (folder: string): number =>
  readdirSync(folder).reduce(
    (sum, name) => sum + (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0),
    0,
  )

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}
