/**
 * In bundles, tables wait until somebody asks for what is in them: a run needs a dozen of hundreds of declarations, and
 * setting up all would take longer than all else that a short run does.
 *
 * The sources say nothing of it: a table that is put together of others' (`export const table = { ...fileCalls, ... }`)
 * keeps its members' names in the bundle, and loads the file that has a member with the member.
 */
import { readFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { dataFiles, dataReader } from './data-files.mjs'

/** Files with such tables. */
const tableFiles = [
  'syscalls/index',
  'syscalls/ioctl/index',
  'dialects/strace/presentations',
  'dialects/strace/presentations/ioctl',
  'dialects/strace/registry',
  'dialects/strace/results',
]
const tableFilter = new RegExp(`/src/(${tableFiles.join('|')})\\.ts$`)
const tablePattern = /^((?:export )?const \w+(?:: \w+)? =) \{\n((?: {2}(?:\.\.\.)?\w+,\n)+)\}/gm
const importPattern = /^import \{([^}]+)\} from '(\.[^']+)'\n/gm

/**
 * An esbuild plugin. Names of numbers and layouts of structures are in the bundle, or, where `isHere` is given, readers of files beside it
 * are (see data-files.mjs), here or in another script.
 */
export const lazyTables = isHere => ({
  name: 'lazy-tables',
  setup(build) {
    const { esbuild } = build
    build.onLoad({ filter: tableFilter }, async ({ path }) => {
      members ??= listMembers(esbuild, path.slice(0, path.indexOf('/src/') + 4))
      const known = (await members)[path]
      return { contents: withLazyTables(await readFile(path, 'utf8'), known), loader: 'ts' }
    })
    build.onResolve({ filter: /^lazy-table$/ }, () => ({ path: 'lazy-table', namespace: 'lazy-table' }))
    build.onLoad({ filter: /./, namespace: 'lazy-table' }, () => ({ contents: lazyTable, loader: 'js' }))
    build.onLoad({ filter: /\/src\/abi\/(sets|syscalls|layouts)\.ts$/ }, async ({ path }) => ({
      contents: withLazyValues(await readFile(path, 'utf8'), lazyValues[basename(path, '.ts')]),
      loader: 'ts',
    }))
    if (isHere === undefined) return
    // A CommonJS bundle has what this makes, and node loads much for it.
    build.onResolve({ filter: /^node:module$/ }, () => ({ path: 'node-module', namespace: 'data' }))
    build.onResolve({ filter: new RegExp(`/(${dataFiles.join('|')})\\.ts$`) }, ({ path, resolveDir }) => {
      const file = resolve(resolveDir, path)
      if (basename(dirname(file)) !== 'abi') return
      return isHere(file)
        ? { path: basename(file, '.ts'), namespace: 'data' }
        : { path: file, external: true }
    })
    build.onLoad({ filter: /./, namespace: 'data' }, ({ path }) => ({
      contents: path === 'node-module' ? 'export const createRequire = () => require' : dataReader(path),
      loader: 'js',
    }))
  },
})

/** By file, by name of a table: see `listMembers`. */
let members

/** What stands in for a table: `parts` are names of members, separated by blanks, and what loads the table that has them. */
const lazyTable = `export function lazyTable(...parts) {
  let sources
  const made = Object.create(null)
  const sourceOf = name => {
    if (sources === undefined) {
      sources = new Map()
      for (const [names, load] of parts) for (const name of names.split(' ')) sources.set(name, load)
    }
    return sources.get(name)
  }
  const get = (_, name) => made[name] ??= sourceOf(name)?.()[name]
  return new Proxy({}, {
    get,
    has: (_, name) => sourceOf(name) !== undefined,
    ownKeys: () => (sourceOf(''), [...sources.keys()]),
    getOwnPropertyDescriptor: (_, name) =>
      sourceOf(name) && { get: () => get(_, name), enumerable: true, configurable: true },
  })
}`

/** The text of a file with its tables made lazy. */
function withLazyTables(text, known) {
  const sources = importsOf(text)
  const entry = ({ name, spread }) => {
    const load = `() => require(${JSON.stringify(sources.get(name))})`
    return spread
      ? `[${JSON.stringify(known[name].join(' '))}, ${load}.${name}]`
      : `[${JSON.stringify(name)}, ${load}]`
  }
  const tables = []
  const inTables = new Set()
  const outside = text.replace(tablePattern, (whole, head, list) => {
    const parts = membersIn(list)
    if (!parts.every(({ name }) => sources.has(name))) return whole
    for (const { name } of parts) inTables.add(name)
    return `${head} lazyTable(/*${tables.push(parts.map(entry).join()) - 1}*/)`
  })
  if (tables.length === 0) throw new Error('no table found: see scripts/lazy-tables.mjs')
  // Imports of what the tables alone name would load it. Comments may name it.
  const code = outside.replace(importPattern, '').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')
  const isUsed = name => new RegExp(`\\b${name.trim().split(' ').at(-1)}\\b`).test(code)
  const early = [...inTables].filter(isUsed)
  if (early.length > 0)
    throw new Error(`${early} would be loaded at every start: a table's file names its members nowhere else`)
  const kept = outside.replace(importPattern, (whole, names) => (names.split(',').some(isUsed) ? whole : ''))
  return `import { lazyTable } from 'lazy-table'\n${kept.replace(/\/\*(\d+)\*\//g, (_, i) => tables[i])}`
}

/** Where a file's imports come from. */
function importsOf(text) {
  const sources = new Map()
  for (const [, names, from] of text.matchAll(importPattern))
    for (const name of names.split(',')) if (name.trim() !== '') sources.set(name.trim(), from)
  return sources
}

const membersIn = list =>
  [...list.matchAll(/(\.\.\.)?(\w+),/g)].map(([, spread, name]) => ({ name, spread: spread !== undefined }))

/** The names of the members of every table that another takes in: by file, by name. */
async function listMembers(esbuild, src) {
  const lines = []
  const places = []
  for (const file of tableFiles.map(name => join(src, `${name}.ts`))) {
    const text = await readFile(file, 'utf8')
    const sources = importsOf(text)
    for (const [, , list] of text.matchAll(tablePattern))
      for (const { name, spread } of membersIn(list)) {
        if (!spread || !sources.has(name)) continue
        lines.push(
          `export { ${name} as _${places.length} } from '${resolve(dirname(file), sources.get(name))}'`,
        )
        places.push([file, name])
      }
  }
  const { outputFiles } = await esbuild.build({
    stdin: { contents: lines.join('\n'), resolveDir: src, loader: 'ts' },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    logLevel: 'silent',
  })
  const module = { exports: {} }
  new Function('module', 'exports', 'require', outputFiles[0].text)(module, module.exports, () => ({}))
  const members = {}
  places.forEach(([file, name], i) => {
    members[file] ??= {}
    members[file][name] = Object.keys(module.exports[`_${i}`])
  })
  return members
}

/** What of a generated file waits: what stands between braces behind these names. */
const lazyValues = {
  sets: /\b(values|arm64|i386): (\{[^}]*\})/g,
  syscalls: /^ {2}(amd64|arm64|i386): (\{[^}]*\})/gm,
  layouts: /^ {2}(\w+): (\{\n[\s\S]*?\n {2}\})(?=,$)/gm,
}

/** The text of a file whose values are put together when they are first asked for. */
const withLazyValues = (text, pattern) =>
  `const once = (object, key, value) => (Object.defineProperty(object, key, { value }), value)\n${text.replace(
    pattern,
    (_, key, value) => `get ${key}() { return once(this, '${key}', ${value}) }`,
  )}`
