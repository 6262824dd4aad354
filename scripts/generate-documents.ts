/** Writes the manual page and the completions of shells from the table of options. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bashCompletion, fishCompletion, zshCompletion } from '../src/cli/options/completions.ts'
import { renderManPage } from '../src/cli/options/man-page.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }

/** Path from the top of the repository, and text, of each file. */
export function documents(): Map<string, string> {
  return new Map([
    ['man/sysglass.1', renderManPage(version, '2026')],
    ['completions/sysglass.bash', bashCompletion()],
    ['completions/_sysglass', zshCompletion()],
    ['completions/sysglass.fish', fishCompletion()],
  ])
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const [path, text] of documents()) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
