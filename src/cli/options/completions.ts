/** Completion for shells, from the table of options. */
import { signalNames } from '../../abi/signals.ts'
import { syscallNumbers } from '../../abi/syscalls.ts'
import { syscallClasses } from '../../filters/syscall-classes.ts'
import { type OptionRow, optionTable } from './option-table.ts'

const header = (comment: string): string =>
  `${comment} Written by scripts/generate-documents.ts from src/cli/options/option-table.ts.\n`

/** What an option's argument may be: words, or what the shell itself knows. */
type Values = readonly string[] | 'files' | 'processes' | 'users' | 'calls' | 'signals' | 'nothing'

function valuesOf({ value, choices }: OptionRow): Values {
  if (choices !== undefined) return choices
  if (value.startsWith('CALLS')) return 'calls'
  if (value === 'SIGNALS') return 'signals'
  if (value === 'FILE' || value === 'PATH') return 'files'
  if (value.startsWith('PID')) return 'processes'
  return value === 'NAME' ? 'users' : 'nothing'
}

const calls = [
  ...Object.keys(syscallClasses).filter(name => name.startsWith('%')),
  ...new Set([...Object.keys(syscallNumbers.amd64), ...Object.keys(syscallNumbers.arm64)]),
]
const shown = optionTable.filter(row => row.help !== '')
const withArgument = (row: OptionRow): boolean => row.argument !== 'none'
const names = (row: OptionRow): string[] => [
  ...(row.short === '' ? [] : [`-${row.short}`]),
  ...row.long.map(name => `--${name}`),
]

/** For bash: a file to be sourced. */
export function bashCompletion(): string {
  const cases = shown.filter(withArgument).flatMap(row => {
    const reply = bashReply(valuesOf(row))
    return reply === '' ? [] : [`    ${names(row).join(' | ')}) ${reply} ;;`]
  })
  return `${header('#')}_sysglass() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]}
  if [[ $before == = ]]; then before=\${COMP_WORDS[COMP_CWORD-2]}; fi
  if [[ $word == = ]]; then word=; before=\${COMP_WORDS[COMP_CWORD-1]}; fi
  # The program's own words are its own completion's.
  local i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case \${COMP_WORDS[i]} in
      ${shown
        .filter(row => row.argument === 'required' && row.short !== '')
        .map(row => `-${row.short}`)
        .join(' | ')}) ((i++)) ;;
      -*) ;;
      =) ((i++)) ;;
      *) if declare -F _command_offset >/dev/null; then _command_offset $i; else COMPREPLY=($(compgen -f -- "$word")); fi; return ;;
    esac
  done
  local list=\${word%"\${word##*,}"}
  case $before in
${cases.join('\n')}
    *)
      if [[ $word == -* ]]; then COMPREPLY=($(compgen -W '${shown.flatMap(names).join(' ')}' -- "$word"))
      else COMPREPLY=($(compgen -c -- "$word")); fi ;;
  esac
}
_sysglass_calls='${calls.join(' ')}'
complete -F _sysglass sysglass
`
}

function bashReply(values: Values): string {
  const words = (text: string): string => `COMPREPLY=($(compgen -P "$list" -W '${text}' -- "\${word##*,}"))`
  switch (values) {
    case 'files':
      return 'COMPREPLY=($(compgen -f -- "$word"))'
    case 'users':
      return 'COMPREPLY=($(compgen -u -- "$word"))'
    case 'processes':
      return 'COMPREPLY=($(compgen -P "$list" -W "$(cd /proc && printf \'%s \' [0-9]*)" -- "${word##*,}"))'
    case 'calls':
      return 'COMPREPLY=($(compgen -P "$list" -W "$_sysglass_calls" -- "${word##*,}"))'
    case 'signals':
      return words(signalNames.filter(name => name !== undefined).join(' '))
    case 'nothing':
      return ''
    default:
      return words(values.join(' '))
  }
}

/** For zsh: a file in $fpath. */
export function zshCompletion(): string {
  const quote = (text: string): string =>
    text.replaceAll("'", "'\\''").replaceAll('[', '\\[').replaceAll(']', '\\]').replaceAll(':', '\\:')
  const specs = shown.flatMap(row =>
    names(row).map(name => {
      const long = name.startsWith('--')
      const join = row.argument === 'none' ? '' : long ? '=' : row.argument === 'required' ? '+' : ''
      const action =
        withArgument(row) && (long || row.argument === 'required')
          ? `:${quote(row.value)}:${zshAction(valuesOf(row))}`
          : ''
      return `  '*${name}${join}[${quote(row.help)}]${row.argument === 'optional' && long ? `:${action}` : action}'`
    }),
  )
  return `#compdef sysglass
${header('#')}local -a sysglass_calls=(${calls.map(c => `'${c}'`).join(' ')})
_arguments -s -S \\
${specs.join(' \\\n')} \\
  '*::command: _normal'
`
}

function zshAction(values: Values): string {
  switch (values) {
    case 'files':
      return '_files'
    case 'users':
      return '_users'
    case 'processes':
      return '_pids'
    case 'calls':
      return '_values -s , calls $sysglass_calls'
    case 'signals':
      return '_signals'
    case 'nothing':
      return ' '
    default:
      return `(${values.join(' ')})`
  }
}

/** For fish: a file in ~/.config/fish/completions. */
export function fishCompletion(): string {
  const quote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
  const lines = shown.map(row => {
    const spelt = [...(row.short === '' ? [] : [`-s ${row.short}`]), ...row.long.map(name => `-l ${name}`)]
    const values = withArgument(row) ? valuesOf(row) : null
    const argument = values === null ? '' : row.argument === 'required' ? ' -r' : ''
    return `complete -c sysglass ${spelt.join(' ')}${argument}${fishValues(values)} -d ${quote(row.help)}`
  })
  return `${header('#')}complete -c sysglass -x -a '(__fish_complete_subcommand)'\n${lines.join('\n')}\n`
}

function fishValues(values: Values | null): string {
  switch (values) {
    case null:
    case 'nothing':
      return ''
    case 'files':
      return ' -F'
    case 'users':
      return " -x -a '(__fish_complete_users)'"
    case 'processes':
      return " -x -a '(__fish_complete_pids)'"
    case 'calls':
      return ` -x -a '${calls.join(' ')}'`
    case 'signals':
      return ` -x -a '${signalNames.filter(name => name !== undefined).join(' ')}'`
    default:
      return ` -x -a '${values.join(' ')}'`
  }
}
