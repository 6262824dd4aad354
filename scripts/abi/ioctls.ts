// ioctl commands as JSON text: cheap to load, and to parse when the first name is asked for.
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
/** JSON: each name's number for amd64, sorted by number. */
export const ioctlTable = ${blob(all.map(({ name, value }) => [value, name]))}

/** The same for names whose number differs on these. */
export const ioctlDifferences = {
  arm64: ${other('arm64')},
  i386: ${other('i386')},
}
`
}

function blob(pairs: (readonly [number, string])[]): string {
  // The sort is stable: names that share a number keep their order.
  const lines = [...pairs].sort((a, b) => a[0] - b[0]).map(([number, name]) => `"${name}":${number}`)
  return `\`{${lines.join(',\n')}}\``
}
