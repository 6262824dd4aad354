/**
 * In bundles, what captures want of `src/abi/sets.ts` is the number itself: `wait4_options.values.WNOHANG` becomes 1. Else each start
 * would read and parse two dozen sets for a number or two of each.
 */
import { readFile } from 'node:fs/promises'

const captures = /\/src\/(capture|events)\/.*\.ts$/
const importPattern = /^import \{([^}]*)\} from '[./]*\/abi\/sets\.ts'\n/m

/** An esbuild plugin. Sets that a file uses as a whole, or under other names, stay as they are. */
export const inlinedNumbers = {
  name: 'inlined-numbers',
  setup(build) {
    const { esbuild } = build
    build.onLoad({ filter: captures }, async ({ path }) => {
      const text = await readFile(path, 'utf8')
      const imported = importPattern.exec(text)
      if (imported === null) return
      const src = path.slice(0, path.indexOf('/src/') + 4)
      const names = imported[1].split(',').map(name => name.trim())
      return {
        contents: inlined(text, names.filter(Boolean), await (sets ??= readSets(esbuild, src))),
        loader: 'ts',
      }
    })
  },
}

/** By name, once they are read. */
let sets

async function readSets(esbuild, src) {
  const text = await readFile(`${src}/abi/sets.ts`, 'utf8')
  const { code } = await esbuild.transform(text, { loader: 'ts', format: 'esm' })
  return import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`)
}

function inlined(text, names, sets) {
  const number = (set, name) => {
    const value = sets[set]?.values[name]
    if (value === undefined) throw new Error(`${set} has no ${name}`)
    return typeof value === 'bigint' ? `${value}n` : String(value)
  }
  const listed = names.join('|')
  const code = text
    .replace(new RegExp(`\\b(${listed})\\.values\\.(\\w+)\\b`, 'g'), (_, set, name) => number(set, name))
    .replace(
      new RegExp(`\\bconst \\{([\\w\\s,]+)\\} = (${listed})\\.values$`, 'gm'),
      (_, members, set) => `const ${members.match(/\w+/g).map(name => `${name} = ${number(set, name)}`)}`,
    )
  const rest = code.replace(importPattern, '')
  const kept = names.filter(name => new RegExp(`\\b${name}\\b`).test(rest))
  return kept.length === 0
    ? rest
    : code.replace(importPattern, whole => whole.replace(/\{[^}]*\}/, `{ ${kept.join(', ')} }`))
}
