/** What -h prints, from the table of options. */
import { type OptionGroup, type OptionRow, optionGroups, optionTable } from './option-table.ts'

const width = 80
/** Where the explanation of an option begins. */
const indent = 18

/** What the lines of the options leave open. */
export const notes = `
CALLS, in --trace and wherever else it stands, is a list: names, numbers, %class,
/regex (POSIX extended) or all; ! before the list means all others, none means no
call. ? before an item lets it match nothing; @64 or @32 after it restricts it to
64-bit or 32-bit programs. Classes: %file %process %network (%net) %signal %ipc
%desc %memory %stat %lstat %fstat %%stat %statfs %fstatfs %%statfs %clock %creds
%pure. The other lists know !, all and none, too.

EFFECT in --inject, each after a colon:
  error=ERRNO | retval=NUMBER     fail, or return this, without making the call
  syscall=CALL                    make this call of %pure meanwhile
  signal=SIGNAL                   send a signal at the call
  delay_enter=TIME delay_exit=TIME
                                  wait before or after the call
  poke_enter=@argN=HEX,... poke_exit=@argN=HEX,...
                                  write bytes where an argument points to
  when=FIRST[..LAST][+[STEP]]     only at these calls of their kind
TIME is a number of microseconds, or one with s, ms, us or ns behind it.

All that strace 6.1 takes is taken, and long options may be abbreviated as there.
`

/** What -h prints, for a program that was called as `name`. */
export function renderHelp(name: string): string {
  const usage = `Usage: ${name} [OPTION]... PROG [ARG]...\n       ${name} [OPTION]... -p PID [PROG [ARG]...]\n`
  const purpose = '\nShows the system calls that a program makes and the signals that it gets.\n'
  const groups = Object.keys(optionGroups).map(group => renderGroup(group as OptionGroup))
  return [usage, purpose, ...groups, notes].join('')
}

function renderGroup(group: OptionGroup): string {
  const rows = optionTable.filter(row => row.group === group && row.help !== '')
  return [`\n${optionGroups[group]}:\n`, ...rows.map(renderRow)].join('')
}

function renderRow(row: OptionRow): string {
  const { short, argument, value, help } = row
  const required = argument === 'required'
  // Other spellings of the same are for those who know them already.
  const long = row.long
    .slice(0, 1)
    .map(name => `--${name}${required ? '=' : argument === 'optional' ? '[=' : ''}`)
  const longText = long.map(text => text + value + (argument === 'optional' ? ']' : ''))
  const shortText = short === '' ? [] : [`-${short}${required && long.length === 0 ? ' ' + value : ''}`]
  const head = '  ' + [...shortText, ...longText].join(', ')
  const lines = wrap(help, width - indent).map(line => ' '.repeat(indent) + line)
  // On one line where there is room.
  if (head.length + 2 <= indent) lines[0] = head.padEnd(indent) + lines[0]!.slice(indent)
  else lines.unshift(head)
  return lines.join('\n') + '\n'
}

function wrap(text: string, columns: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > columns) {
      lines.push(line)
      line = word
    } else line += (line === '' ? '' : ' ') + word
  }
  return [...lines, line]
}
