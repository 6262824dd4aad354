// ioctl commands as text, a line a number: cheap to load, parsed when the first name is asked for.
import { facts, type IoctlFacts } from './facts.ts'
import { header } from './text.ts'

export function ioctls(): string {
  const all = facts<{ ioctls: IoctlFacts[] }>('ioctls.json').ioctls
  const other = (arch: 'arm64' | 'i386') =>
    blob(
      all.flatMap(({ name, [arch]: value }) =>
        value === undefined || value === null ? [] : [[value, name]],
      ),
    )
  return `${header}
/** Lines of a number in hexadecimal and its names, for amd64; sorted by number. */
export const ioctlTable = ${blob(all.map(({ name, value }) => [value, name]))}

/** The names whose number differs on these. */
export const ioctlDifferences = {
  arm64: ${other('arm64')},
  i386: ${other('i386')},
}
`
}

function blob(pairs: (readonly [number, string])[]): string {
  const names = new Map<number, string[]>()
  for (const [number, name] of pairs) names.set(number, [...(names.get(number) ?? []), name])
  const lines = [...names]
    .sort((a, b) => a[0] - b[0])
    .map(([number, list]) => `${number.toString(16)} ${list.join(' ')}\n`)
  return `\`${lines.join('')}\``
}
