/**
 * Keeps compiled code beside the bundles. Of the start of a command, compiling a megabyte of tables would take half.
 *
 * `dist/NAME.cjs` becomes a loader of `dist/code/NAME-HASH.js` with V8's code cache. Another version of node refuses the
 * cache, and compiles. The hash is there because V8 takes a cache for that of any source of the same length.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The loader of the bundle that this names in the environment writes what has been compiled when its thread ends. */
const writes = 'SYSGLASS_WRITE_CODE_CACHE'
/** Code of earlier builds that may still be in use, in ms: a trace that runs may load more of it. */
const keep = 6 * 3_600_000

/**
 * The capture thread starts while this one still loads what it runs, where the words --backend, --format or --event-socket let one expect
 * that there will be one, and which: strace's own notation has none by ptrace.
 * src/cli/early-worker.ts takes it over.
 */
const earlyWorker = `const words = process.argv.join('\\n')
const early = /\\n--b\\w*[=\\n](ebpf|auto)\\b/.test(words) ? 'ebpf' : /\\n--(f|ev)/.test(words) ? 'ptrace' : null
if (early !== null) {
  const { Worker } = require('node:worker_threads')
  const options = { stdout: true, stderr: true, execArgv: [] }
  const worker = new Worker(__dirname + '/' + early + '-worker.cjs', options)
  globalThis[Symbol.for('sysglass.worker')] = { backend: early, worker }
}
`

/**
 * A script is run with a `require` that knows the modules of the others: `:script:path`. Which modules a script has for others it
 * tells by `share`, as functions that hand out what a module exports.
 */
const loader = (name, files, before) => `'use strict'
${before}const { readFileSync, renameSync, writeFileSync } = require('node:fs')
const { Script } = require('node:vm')
const files = ${JSON.stringify(files)}
const shared = {}
const loaded = {}
const share = modules => void Object.assign(shared, modules)
const requireHere = id => (id[0] === ':' ? (loaded[id] ??= find(id)) : require(id))
function find(id) {
  const [, script, path] = id.split(':')
  if (shared[path] === undefined) run(script)
  return shared[path]()
}
function run(name) {
  const code = __dirname + '/code/' + files[name]
  let cachedData
  try { cachedData = readFileSync(code + '.cache') } catch {}
  // Bundles are ASCII: latin1 makes them strings of one byte a character.
  // What is kept tells no one where it was built: packages have it too.
  const writes = process.env.${writes} === '${name}'
  const script = new Script(readFileSync(code, 'latin1'), { filename: writes ? files[name] : code, cachedData })
  // The first script's is read by every run: it keeps what the first run needed. The others' grow.
  if (writes && (cachedData === undefined || name !== 'main'))
    process.on('exit', () => {
      writeFileSync(code + '.new' + process.pid, script.createCachedData())
      renameSync(code + '.new' + process.pid, code + '.cache')
    })
  // The worker writes its own when it ends: it is waited for.
  if (/-worker$/.test(process.env.${writes}) && require('node:worker_threads').isMainThread) {
    const { exit } = process
    process.exit = status => setTimeout(() => exit(status), 1000)
  }
  script.runInThisContext()(exports, requireHere, module, __filename, __dirname, share)
}
run('main')
`

/** Writes the scripts of an executable, and its loader. */
export function addLoader(dist, name, scripts) {
  const folder = join(dist, 'code')
  mkdirSync(folder, { recursive: true })
  const files = {}
  for (const { name: script, text } of scripts) {
    const code = `(function (exports, require, module, __filename, __dirname, share) {${text.replace(/^#!.*/, '')}\n})`
    const hash = createHash('sha256').update(code).digest('hex').slice(0, 16)
    files[script] = `${name}-${script}-${hash}.js`
    // An earlier build's would be taken for it, with all that has run since.
    rmSync(join(folder, `${files[script]}.cache`), { force: true })
    writeFileSync(join(folder, files[script]), code, 'latin1')
  }
  writeFileSync(join(dist, `${name}.cjs`), loader(name, files, name === 'sysglass' ? earlyWorker : ''))
}

/** Runs what most runs do, and keeps what was compiled for it. Where nothing can be traced there is less to keep. */
export function warmCaches(dist) {
  const run = (name, ...args) => {
    const env = { ...process.env, [writes]: name }
    delete env.NODE_OPTIONS
    spawnSync(process.execPath, args, { env, stdio: 'ignore', timeout: 60_000 })
  }
  const glass = join(dist, 'glass.cjs')
  const sysglass = join(dist, 'sysglass.cjs')
  const trace = (...words) => [sysglass, '-f', '-o', '/dev/null', ...words, '/bin/sh', '-c']
  const list = 'ls -l / /dev; cat /etc/passwd'
  // Each keeps what its own runs need, and no more: what is kept has to be read.
  run('sysglass', ...trace('-e', 'trace=!ptrace', '-e', 'inject=getpid:retval=1:when=99'), '/bin/true')
  run('sysglass', ...trace(), list)
  run('ptrace-worker', ...trace('--format=gvisor'), list)
  // Of root's, unless the kernel is not one for it.
  run('ebpf-worker', ...trace('--backend=ebpf', '--format=recording'), list)
  const folder = mkdtempSync(join(tmpdir(), 'sysglass-'))
  const recording = join(folder, 'recording')
  spawnSync(process.execPath, [sysglass, '--format=recording', '-o', recording, 'ls', '-l', '/dev'], {
    stdio: 'ignore',
  })
  run('glass', glass, '--help')
  run('glass', glass, 'replay', recording)
  rmSync(folder, { recursive: true })
  for (const file of readdirSync(join(dist, 'code')).map(name => join(dist, 'code', name)))
    if (Date.now() - statSync(file).mtimeMs > keep) rmSync(file, { force: true })
}
