/**
 * Bundles an executable as several scripts: what every run loads, and what is loaded once a run needs it. Reading a script and making
 * V8 know its functions takes as long as it is large, whatever of it then runs.
 *
 * esbuild bundles each script, with the modules of the others left out of it. What it then requires of them by path
 * (`require("../../src/types/language.ts")`) the loader finds: see code-cache.mjs. Each script hands out what others
 * want of it as a plain object for each module, so that a use of it is a load of a property, and no call.
 */
import { relative, resolve } from 'node:path'
import { build } from 'esbuild'
import { inlinedNumbers } from './inlined-numbers.mjs'
import { lazyTables } from './lazy-tables.mjs'

/** Matches the paths of modules, given by folder. */
const modules = folders =>
  new RegExp(
    Object.entries(folders)
      .map(([folder, names]) => `/${folder}/(${names.replaceAll(' ', '|')})\\.ts$`)
      .join('|'),
  )
/** Of what waits for its use, what nearly every program uses is in the first script. */
const usual = modules({
  '(syscalls|presentations|structs|specials|results)':
    'attributes credentials descriptors files file-control futexes memory prctl process scheduling sigset signals usage',
  cli: 'show-trace',
  ptrace: 'tampering',
})
/** The other modules go to these, by their path. `everyday`: what a shell and its commands use. */
const chunks = [
  [
    'everyday',
    modules({
      syscalls: 'system directories polling ioctl/index ioctl/terminals ioctl/input-devices',
      presentations: 'ipc ioctl polling',
      results: 'ioctl polling',
      structs: 'terminals time polling',
      specials: 'waitstatus',
      ioctls: 'request unsaid-names zfs-names shown undecoded sized-input',
      abi: 'ioctl-names ioctls',
    }),
  ],
  ['gvisor', /\/dialects\/gvisor\/|\/events\/|@bufbuild/],
  ['ioctl', /ioctl/],
  ['network', /netlink|sock|\/messages|addresses|cmsgs|control-data/],
  ['more', /./],
]

/** Scripts of an executable: their names, their text, and which of the modules they have others want. */
export async function bundleInChunks(entry, options) {
  const graph = await importGraph(entry, options)
  const chunkOf = assign(graph, entry)
  checkCycles(graph, chunkOf)
  const wanted = wantedModules(graph, chunkOf)
  const names = [...new Set(chunkOf.values())].sort((a, b) => (a === 'main' ? -1 : b === 'main' ? 1 : 0))
  return Promise.all(
    names.map(async name => {
      const others = [...chunkOf].filter(([, chunk]) => chunk !== name).map(([path]) => path)
      return bundle(name, entry, wanted.get(name) ?? [], others, chunkOf, options)
    }),
  )
}

/** What imports what: statically, and once it is needed. */
async function importGraph(entry, options) {
  const { metafile } = await build({
    ...options,
    entryPoints: [entry],
    outdir: 'dist',
    write: false,
    metafile: true,
    plugins: [inlinedNumbers, lazyTables()],
  })
  const graph = new Map()
  for (const [path, { imports }] of Object.entries(metafile.inputs)) {
    const known = imports.filter(i => !i.external && i.path in metafile.inputs)
    const of = test => known.filter(test).map(i => i.path)
    graph.set(path, {
      now: of(i => i.kind === 'import-statement'),
      later: of(i => i.kind !== 'import-statement'),
    })
  }
  return graph
}

/** The script of each module. */
function assign(graph, entry) {
  const chunkOf = new Map()
  const toMain = path => {
    if (chunkOf.has(path) || !isSource(path)) return
    chunkOf.set(path, 'main')
    graph.get(path).now.forEach(toMain)
  }
  toMain(entry)
  for (const path of graph.keys()) if (usual.test(path)) toMain(path)
  for (const path of graph.keys())
    if (!chunkOf.has(path) && isSource(path)) chunkOf.set(path, chunks.find(([, test]) => test.test(path))[0])
  return chunkOf
}

/** Modules of packages, and those that the build makes up, are part of whatever uses them. */
const isSource = path => path.startsWith('src/')

/** Which modules of each script others import. */
function wantedModules(graph, chunkOf) {
  const wanted = new Map()
  for (const [path, { now, later }] of graph)
    for (const other of [...now, ...later]) {
      const chunk = chunkOf.get(other)
      if (chunk === undefined || chunk === chunkOf.get(path)) continue
      if (!wanted.has(chunk)) wanted.set(chunk, new Set())
      wanted.get(chunk).add(other)
    }
  return new Map([...wanted].map(([chunk, paths]) => [chunk, [...paths]]))
}

/** Modules that import one another must be in one script: what one hands out is looked at once. */
function checkCycles(graph, chunkOf) {
  const reaches = (from, to, seen) =>
    graph.get(from).now.some(next => {
      if (next === to) return true
      if (seen.has(next)) return false
      seen.add(next)
      return reaches(next, to, seen)
    })
  for (const [path, { now }] of graph)
    for (const other of now)
      if (
        isSource(path) &&
        isSource(other) &&
        chunkOf.get(path) !== chunkOf.get(other) &&
        reaches(other, path, new Set())
      )
        throw new Error(`${path} and ${other} import one another from two scripts: see scripts/chunks.mjs`)
}

async function bundle(name, entry, wanted, others, chunkOf, options) {
  const root = options.absWorkingDir
  const shares = wanted.map(path => `${JSON.stringify(path)}: () => require(${JSON.stringify(`./${path}`)})`)
  const { outputFiles } = await build({
    ...options,
    stdin: {
      contents: `share({ ${shares.join(', ')} })\n${name === 'main' ? `require('./${entry}')` : ''}`,
      resolveDir: root,
    },
    outfile: 'dist/code/chunk.js',
    write: false,
    external: [...options.external, ...others.map(path => resolve(root, path))],
    plugins: [inlinedNumbers, lazyTables(file => !others.includes(relative(root, file)))],
  })
  return { name, text: plainExports(outputFiles[0].text, chunkOf, root) }
}

/**
 * esbuild makes objects with a getter for each export when the script begins, and copies such objects for each module that imports them.
 * Here each is made when it is wanted, of the values themselves: nothing that is exported changes.
 */
function plainExports(text, chunkOf, root) {
  return text
    .replace(/var (\w+_exports\d*)=\{\};__export\(\1,\{([^{}]*)\}\);/g, (_, name, list) => {
      const values = list.replace(/([\w$]+):\(\)=>/g, '$1:')
      return `var ${name}_made,@${name}=()=>${name}_made??={${values}};`
    })
    .replace(/var (\w+_exports\d*)=\{\};/g, 'var @$1=()=>({});')
    .replace(/__toCommonJS\((\w+_exports\d*)\)/g, '$1')
    .replace(/(?<![@.])\b(\w+_exports\d*)\b(?!:)/g, '$1()')
    .replace(/(,|var )@(?=\w+_exports)/g, '$1')
    .replace(/__toESM\(require_(sets|layouts|ioctls)\(\)(?:,1)?\)/g, 'require_$1()')
    .replace(/(?:__toESM\()?require\("([^"]+\.ts)"\)(?:,1\))?/g, (_, path) => {
      const module = relative(root, resolve(root, 'dist/code', path))
      return `require(":${chunkOf.get(module)}:${module}")`
    })
}
