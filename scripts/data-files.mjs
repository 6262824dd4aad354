/**
 * Names of numbers and layouts of structures, in files beside the bundles: half a megabyte of source otherwise, of which
 * a run needs a fiftieth. A file is a table of places by hash, then lines: a name and values in JSON, with tabs between them.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Places in the table, a power of two, well above the number of names. */
const places = 4096
const hash = name => {
  let h = 0
  for (let i = 0; i < name.length; i++) h = (h * 31 + name.charCodeAt(i)) | 0
  return h & (places - 1)
}

/** Writes them all. */
export async function writeData(esbuild, src, folder) {
  for (const name of Object.keys(readers)) {
    const text = readFileSync(join(src, `abi/${name}.ts`), 'utf8')
    const { code } = await esbuild.transform(text, { loader: 'ts', format: 'esm' })
    const module = await import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`)
    const file = join(folder, `${name}.dat`)
    // Whoever starts meanwhile reads the old one or the new one.
    writeFileSync(`${file}.new`, contents[name](module))
    renameSync(`${file}.new`, file)
  }
}

const contents = {
  sets: module => fileOf(Object.entries(module), setLine),
  layouts: ({ layouts }) => fileOf(Object.entries(layouts), layoutLine),
  /** Texts of JSON as they are, a line each. */
  ioctls: ({ ioctlTable, ioctlDifferences: { arm64, i386 } }) =>
    [ioctlTable, arm64, i386].map(text => text.replaceAll('\n', '')).join('\n'),
}

const layoutLine = layout => [json(layout)]
const setLine = ({ kind, prefix, values, arm64, i386 }) => [
  kind,
  prefix,
  json(values),
  json(arm64),
  json(i386),
]
/** Numbers above 2^53 are texts. */
const json = value =>
  value === undefined ? '' : JSON.stringify(value, (_, v) => (typeof v === 'bigint' ? String(v) : v))

function fileOf(entries, lineOf) {
  const table = new Uint32Array(places)
  const lines = []
  let at = places * 4
  for (const [name, value] of entries) {
    let place = hash(name)
    while (table[place] !== 0) place = (place + 1) & (places - 1)
    table[place] = at
    const line = Buffer.from(`${name}\t${lineOf(value).join('\t')}\n`, 'latin1')
    lines.push(line)
    at += line.length
  }
  return Buffer.concat([Buffer.from(table.buffer), ...lines])
}

/** The module that stands in for src/abi/NAME.ts. */
export const dataReader = name => readers[name]

/** What it exports is read when it is asked for, and then a property like others. */
const lineReader = (name, make, exported) => `const { readFileSync } = require('node:fs')
const places = ${places}
const hash = ${hash}
let table
let text
/** Where the line of a name begins, behind the name; -1 when there is none. */
function find(name) {
  if (table === undefined) {
    const file = readFileSync(__dirname + '/${name}.dat')
    table = new Uint32Array(file.buffer, file.byteOffset, places)
    text = file.latin1Slice(places * 4)
  }
  for (let place = hash(name); table[place] !== 0; place = (place + 1) & (places - 1)) {
    const at = table[place] - places * 4
    if (text.startsWith(name, at) && text.charCodeAt(at + name.length) === 9) return at + name.length + 1
  }
  return -1
}
/** What stands between the tab or line end before number \`n\` and the next. */
function part(at, n) {
  for (; n > 0; n--) at = text.indexOf('\\t', at) + 1
  const end = text.indexOf('\\n', at)
  const tab = text.indexOf('\\t', at)
  return text.slice(at, tab >= 0 && tab < end ? tab : end)
}
${make}
// A dictionary: each new name would else be a new shape of it.
const all = Object.setPrototypeOf(Object.create(null), new Proxy({}, {
  get(_, name, all) {
    const at = typeof name === 'string' ? find(name) : -1
    if (at < 0) return
    const value = make(name, at)
    Object.defineProperty(all, name, { value, enumerable: true })
    return value
  },
}))
module.exports = ${exported}`

const layoutReader = 'const make = (_, at) => JSON.parse(part(at, 0))'
/** What a set is called is wanted more often than the names in it. */
const setReader = `const make = (name, at) => ({
  name,
  kind: part(at, 0),
  prefix: part(at, 1) || undefined,
  get values() { return values(this, 'values', at, 2) },
  get arm64() { return values(this, 'arm64', at, 3) },
  get i386() { return values(this, 'i386', at, 4) },
})
function values(set, key, at, n) {
  const json = part(at, n)
  const value = json === '' ? undefined : JSON.parse(json)
  for (const name in value) if (typeof value[name] === 'string') value[name] = BigInt(value[name])
  Object.defineProperty(set, key, { value })
  return value
}`

const ioctlReader = `const { readFileSync } = require('node:fs')
let lines
const line = n => (lines ??= readFileSync(__dirname + '/ioctls.dat', 'latin1').split('\\n'))[n]
module.exports = {
  get ioctlTable() { return line(0) },
  ioctlDifferences: {
    get arm64() { return line(1) },
    get i386() { return line(2) },
  },
}`

const readers = {
  sets: lineReader('sets', setReader, 'all'),
  layouts: lineReader('layouts', layoutReader, '{ layouts: all }'),
  ioctls: ioctlReader,
}
/** The files of src/abi that have such a module. */
export const dataFiles = Object.keys(readers)
