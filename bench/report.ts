/** Tables of what was measured, in Markdown: read on a terminal, quoted by the README. */
import type { Row } from './measure.ts'

const show = (n: number | undefined): string =>
  n === undefined ? '' : n >= 100 ? n.toFixed(0) : n >= 10 ? n.toFixed(1) : n.toFixed(2)

/** Our cost over untraced by another's: below 1 is better than theirs. */
const ratio = (row: Row, ours: string, theirs: string): string => {
  const [o, t, base] = [row.medians[ours], row.medians[theirs], row.medians.untraced ?? 0]
  return o === undefined || t === undefined ? '' : ((o - base) / (t - base)).toFixed(2)
}

/** Rows by workload, columns by tracer, then our cost by strace's. */
export function table(rows: readonly Row[]): string {
  const tracers = [...new Set(rows.flatMap(row => Object.keys(row.medians)))]
  const compared = ['strace -f', 'strace, one CPU'].filter(name => tracers.includes(name))
  const ebpf = tracers.includes('sysglass, eBPF') && tracers.includes('strace -f')
  const head = [
    '',
    ...tracers,
    ...compared.map(name => `cost by ${name}'s`),
    ...(ebpf ? ["eBPF's by strace -f's"] : []),
  ]
  const body = rows.map(row => [
    `${row.workload} (${row.unit})`,
    ...tracers.map(name => show(row.medians[name])),
    ...compared.map(name => ratio(row, 'sysglass -f', name)),
    ...(ebpf ? [ratio(row, 'sysglass, eBPF', 'strace -f')] : []),
  ])
  return markdown([head, ...body])
}

export function markdown(lines: readonly (readonly string[])[]): string {
  const widths = lines[0]!.map((_, i) => Math.max(...lines.map(line => [...(line[i] ?? '')].length), 3))
  const row = (cells: readonly string[]): string =>
    `| ${widths.map((w, i) => (i === 0 ? pad(cells[i]!, w, false) : pad(cells[i]!, w, true))).join(' | ')} |`
  const rule = `|${widths.map((w, i) => (i === 0 ? '-'.repeat(w + 2) : `${'-'.repeat(w + 1)}:`)).join('|')}|`
  return [row(lines[0]!), rule, ...lines.slice(1).map(row)].join('\n')
}

const pad = (text: string, width: number, right: boolean): string => {
  const fill = ' '.repeat(Math.max(0, width - [...text].length))
  return right ? fill + text : text + fill
}
