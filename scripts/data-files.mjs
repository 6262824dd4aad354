/**
 * Names of numbers and layouts of structures, in files beside the bundles: half a megabyte of source otherwise, of which
 * a run needs a fiftieth. A file is a table of places by hash, then lines: a name and values in JSON, with tabs between them.
 */
import { readFileSync, writeFileSync } from 'node:fs'
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
  for (const name of ['sets', 'layouts']) {
    const text = readFileSync(join(src, `abi/${name}.ts`), 'utf8')
    const { code } = await esbuild.transform(text, { loader: 'ts', format: 'esm' })
    const module = await import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`)
    writeFileSync(
      join(folder, `${name}.dat`),
      fileOf(Object.entries(module[name] ?? module), name === 'sets' ? setLine : layoutLine),
    )
  }
}

const layoutLine = layout => [json(layout)]
const setLine = ({ values, arm64, i386, ...rest }) => [rest, values, arm64, i386].map(json)
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

/** The module that stands in for src/abi/NAME.ts: what it exports is read when it is asked for, and then a property like others. */
export const dataReader = name => `const { readFileSync } = require('node:fs')
const places = ${places}
const hash = ${hash}
let file
let table
function find(name) {
  if (file === undefined) {
    file = readFileSync(__dirname + '/${name}.dat')
    table = new Uint32Array(file.buffer, file.byteOffset, places)
  }
  for (let place = hash(name); table[place] !== 0; place = (place + 1) & (places - 1)) {
    const from = table[place] + name.length + 1
    if (file.latin1Slice(table[place], from) === name + '\\t') return file.latin1Slice(from, file.indexOf(10, from)).split('\\t')
  }
}
${name === 'sets' ? setReader : layoutReader}
// A dictionary: each new name would else be a new shape of it.
const all = Object.setPrototypeOf(Object.create(null), new Proxy({}, {
  get(_, name, all) {
    const parts = typeof name === 'string' ? find(name) : undefined
    if (parts === undefined) return
    const value = make(parts)
    Object.defineProperty(all, name, { value, enumerable: true })
    return value
  },
}))
module.exports = ${name === 'sets' ? 'all' : `{ ${name}: all }`}`

const layoutReader = 'const make = ([layout]) => JSON.parse(layout)'
/** What a set is called is wanted more often than the names in it. */
const setReader = `function make([set, ...parts]) {
  const made = JSON.parse(set)
  parts.forEach((part, i) => {
    if (part === '') return
    const key = ['values', 'arm64', 'i386'][i]
    const get = () => {
      const value = JSON.parse(part)
      for (const name in value) if (typeof value[name] === 'string') value[name] = BigInt(value[name])
      Object.defineProperty(made, key, { value })
      return value
    }
    Object.defineProperty(made, key, { get, enumerable: true, configurable: true })
  })
  return made
}`
