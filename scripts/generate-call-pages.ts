/** Writes docs/calls: a page for each system call, and a list of them. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { callNames, callPage } from '../src/explain/call-page.ts'
import { pageMarkdown } from '../src/explain/page-text.ts'
import { otherNames } from '../src/syscalls/for-32-bits.ts'
import { summaryOf } from '../src/syscalls/summaries.ts'

export const folder: string = join(fileURLToPath(new URL('..', import.meta.url)), 'docs/calls')

/** Name and text of each file in docs/calls. Other names of a call stand on its page. */
export function callPages(): Map<string, string> {
  const names = callNames()
    .filter(name => !Object.hasOwn(otherNames, name))
    .sort()
  return new Map([
    ['README.md', list(names)],
    ...names.map(name => [`${name}.md`, pageMarkdown(callPage(name)!)] as const),
  ])
}

const list = (names: readonly string[]): string => `# System calls

Every system call of amd64 and arm64, and those that only 32-bit programs have: numbers, arguments, what is captured, flags, and a line of each in strace's
and in gVisor's notation. \`glass explain NAME\` prints the same. Made by \`npm run generate\`.

${names.map(name => `- [${name}](${name}.md): ${summaryOf(name)}\n`).join('')}`

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const [name, text] of callPages()) writeFileSync(join(folder, name), text)
}
