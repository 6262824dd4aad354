/** A call's page for a terminal, and for the documentation. */
import type { CallPage, Part } from './call-page.ts'

const places = ({ numbers }: CallPage): string =>
  numbers.map(({ arch, number }) => `${arch} ${number}`).join(', ')

/** Plain text, its tables in columns. */
export function pageText(page: CallPage): string {
  const parts = page.parts.map(part => `${part.title}\n${columns(part)}`)
  const about = [
    `${page.name}: ${page.summary}.`,
    `${[page.manual, places(page)].filter(Boolean).join('   ')}`,
  ]
  return `${about.join('\n')}\n\n${parts.join('\n')}`
}

function columns({ head, rows, code }: Part): string {
  const all = head.some(cell => cell !== '') ? [head, ...rows] : rows
  const widths: number[] = []
  for (const row of all)
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length)
  // One long cell must not push all others to the right.
  const width = (i: number): number => Math.min(widths[i]!, 48)
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => (code && row.length === 1 ? cell : cell.padEnd(width(i))))
      .join('  ')
      .trimEnd()
  return all.map(row => `  ${line(row)}`.trimEnd()).join('\n') + '\n'
}

/** Markdown. */
export function pageMarkdown(page: CallPage): string {
  const manual = page.manual === undefined ? '' : `\`${page.manual}\` · `
  const parts = page.parts.map(
    part => `## ${markdownText(part.title)}\n\n${part.code ? listing(part) : table(part)}`,
  )
  return `# ${markdownText(page.name)}\n\n${page.summary}.\n\n${manual}${places(page)}\n\n${parts.join('\n')}`
}

const listing = (part: Part): string => `\`\`\`text\n${columns(part).replace(/^ {2}/gm, '')}\`\`\`\n`

function table({ head, rows }: Part): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`
  const body = rows.map(([first = '', ...others]) => line([`\`${first}\``, ...others.map(markdownText)]))
  return `${line(head.map(markdownText))}${line(head.map(() => '---'))}${body.join('')}`
}

const markdownText = (text: string): string => text.replace(/[\\`*_|<>[\]]/g, '\\$&')
