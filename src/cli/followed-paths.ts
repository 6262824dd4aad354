/** The paths of -P with what their links lead to. */
import { realpathSync } from 'node:fs'
import { quoteText } from '../dialects/strace/quote.ts'
import { defaultStyle } from '../dialects/strace/style.ts'
import { TextBuffer } from '../dialects/text-buffer.ts'
import { pathBytes } from './resolve-program.ts'

/** Each path, and the one that it leads to where that is another; `tell` is called for those. */
export function followedPaths(paths: readonly string[], tell: (message: string) => void): string[] {
  return paths.flatMap(path => {
    const real = realPath(path)
    if (real === undefined || real === path) return [path]
    tell(`Requested path ${quoted(path)} resolved into ${quoted(real)}`)
    return [path, real]
  })
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(pathBytes(path), 'latin1')
  } catch {
    return undefined
  }
}

function quoted(text: string): string {
  const out = new TextBuffer(64)
  quoteText(out, text, defaultStyle)
  return Buffer.from(out.text()).toString('latin1')
}
