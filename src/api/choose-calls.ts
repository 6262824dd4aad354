/** The API's choice of calls. */
import type { CallName, OtherCallName } from '../calls/call.ts'
import { Refusal } from '../filters/refusal.ts'
import type { SyscallClass } from '../filters/syscall-classes.ts'
import { callTables, parseSyscallFilter, type SyscallFilter } from '../filters/syscall-filter.ts'
import { TraceError } from './trace-error.ts'

type Chosen = CallName | Exclude<OtherCallName, `syscall_${string}`> | SyscallClass | `/${string}`

/**
 * One item of a choice of calls: a call's name (`openat`), a class as strace has them (`%file`, `%network`, `%process`), or a
 * regular expression that a part of the name must match (`/^f?chown`). A `!` before any of them leaves those calls out.
 */
export type CallFilter = Chosen | `!${Chosen}`

/** Items put together: all that one chooses, without those that one leaves out. When all leave something out: all but that. */
export function chooseCalls(items: readonly string[]): SyscallFilter {
  const chosen = items.filter(item => !item.startsWith('!'))
  const left = items.filter(item => item.startsWith('!'))
  const all = chosen.length === 0 && left.length > 0
  const names = new Set<string>()
  const names32 = new Set<string>()
  for (const item of all ? ['all'] : chosen) change(item, (set, name) => set.add(name))
  for (const item of left) change(item.slice(1), (set, name) => set.delete(name))
  return { kind: 'set', names, names32, unknown: all }

  function change(item: string, by: (set: Set<string>, name: string) => void): void {
    const parsed = parseItem(item)
    for (const name of parsed.names) by(names, name)
    for (const name of parsed.names32) by(names32, name)
  }
}

function parseItem(item: string): Extract<SyscallFilter, { kind: 'set' }> {
  const tables = callTables(process.arch === 'arm64' ? 'arm64' : 'amd64')
  // Commas and the words of the command line mean nothing here, but in an expression a comma may stand.
  if (item === 'all')
    return {
      kind: 'set',
      names: new Set(tables.wide.numbers.keys()),
      names32: new Set(tables.narrow.numbers.keys()),
      unknown: true,
    }
  if (item.includes(',') || item === 'none' || item === '')
    throw new TraceError('option', `filter: '${item}' is not a system call, a %class or a /regex`)
  const parsed = parseSyscallFilter(item, tables)
  if (parsed instanceof Refusal) throw new TraceError('option', `filter: ${parsed.message}`)
  return parsed.kind === 'set' ? parsed : parseItem('all')
}
