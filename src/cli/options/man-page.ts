/** sysglass(1), from the table of options: roff with the man macros. */
import { notes } from './help.ts'
import { type OptionGroup, type OptionRow, optionGroups, optionTable } from './option-table.ts'

/** The manual page; `version` and `date` stand in its foot. */
export function renderManPage(version: string, date: string): string {
  const groups = Object.keys(optionGroups) as OptionGroup[]
  return [
    `.\\" Written by scripts/generate-documents.ts from src/cli/options/option-table.ts.`,
    `.TH SYSGLASS 1 ${date} "sysglass ${version}" "User Commands"`,
    '.SH NAME',
    'sysglass \\- show the system calls that a program makes and the signals that it gets',
    '.SH SYNOPSIS',
    '.B sysglass',
    '.RI [ OPTION ]... " PROG " [ ARG ]...',
    '.br',
    '.B sysglass',
    '.RI [ OPTION ]... " " \\fB\\-p\\fP " PID " [ PROG " [" ARG ]...]',
    '.SH DESCRIPTION',
    text(
      'Runs PROG, or attaches to processes that run already, and shows each system call with its arguments and its result, one a line, as strace does. With --format it shows them in other notations, or records them.',
    ),
    '.SH OPTIONS',
    ...groups.flatMap(group => [
      `.SS ${optionGroups[group]}`,
      ...optionTable.filter(row => row.group === group && row.help !== '').map(entry),
    ]),
    '.SH ARGUMENTS',
    ...notes
      .trim()
      .split('\n\n')
      .flatMap(part => (/^\s{2}/m.test(part) ? ['.PP', '.nf', text(part), '.fi'] : ['.PP', text(part)])),
    '.SH EXIT STATUS',
    text(
      'That of PROG; when a signal killed it, sysglass dies by that signal too. 1 when sysglass itself fails: the message on standard error begins with its name.',
    ),
    '.SH SEE ALSO',
    '.BR strace (1),',
    '.BR ptrace (2),',
    '.BR syscalls (2),',
    '.BR proc (5)',
    '',
  ].join('\n')
}

function entry({ short, long, argument, value, help }: OptionRow): string {
  const names: string[] = []
  if (short !== '')
    names.push(`\\fB\\-${short}\\fP${argument === 'required' ? ` \\fI${text(value)}\\fP` : ''}`)
  for (const name of long) {
    const given =
      argument === 'none'
        ? ''
        : argument === 'optional'
          ? `[=\\fI${text(value)}\\fP]`
          : `=\\fI${text(value)}\\fP`
    names.push(`\\fB\\-\\-${text(name)}\\fP${given}`)
  }
  return `.TP\n${names.join(', ')}\n${text(help)}`
}

/** Text with what roff would take for its own escaped. */
const text = (plain: string): string =>
  plain
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^([.'])/gm, '\\&$1')
