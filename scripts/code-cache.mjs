/**
 * Keeps compiled code beside the bundles. Of the start of a command, compiling a megabyte of tables would take half.
 *
 * `dist/NAME.cjs` becomes a loader of `dist/code/NAME-HASH.js` with V8's code cache. Another version of node refuses the
 * cache, and compiles. The hash is there because V8 takes a cache for that of any source of the same length.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The loader of the bundle that this names in the environment writes what has been compiled when its thread ends. */
const writes = 'SYSGLASS_WRITE_CODE_CACHE'
/** Code of earlier builds that may still be in use, in ms. */
const keep = 3_600_000

/**
 * The capture thread starts while this one still loads what it runs, where the words --format or --event-socket let one expect
 * that there will be one: strace's own notation has none.
 * src/cli/early-worker.ts takes it over.
 */
const earlyWorker = `if (process.argv.some(word => /^(--f|--ev)/.test(word))) {
  const { Worker } = require('node:worker_threads')
  const options = { stdout: true, stderr: true, execArgv: [] }
  globalThis[Symbol.for('sysglass.worker')] = new Worker(__dirname + '/ptrace-worker.cjs', options)
}
`

const loader = (name, file, before) => `'use strict'
${before}const { readFileSync, renameSync, writeFileSync } = require('node:fs')
const { Script } = require('node:vm')
const code = __dirname + '/code/${file}'
let cachedData
try { cachedData = readFileSync(code + '.cache') } catch {}
// The bundle is ASCII: latin1 makes it a string of one byte a character.
const script = new Script(readFileSync(code, 'latin1'), { filename: code, cachedData })
if (process.env.${writes} === '${name}') {
  process.on('exit', () => {
    writeFileSync(code + '.new' + process.pid, script.createCachedData())
    renameSync(code + '.new' + process.pid, code + '.cache')
  })
  // The worker writes its own when it ends: wait for it.
  const { exit } = process
  if (require('node:worker_threads').isMainThread) process.exit = status => setTimeout(() => exit(status), 1000)
}
script.runInThisContext()(exports, require, module, __filename, __dirname)
`

/** Moves the bundle `name` away and puts a loader in its place. */
export function addLoader(dist, name) {
  const bundle = join(dist, `${name}.cjs`)
  const text = readFileSync(bundle, 'latin1').replace(/^#!.*/, '')
  const code = `(function (exports, require, module, __filename, __dirname) {${text}\n})`
  const file = `${name}-${createHash('sha256').update(code).digest('hex').slice(0, 16)}.js`
  const folder = join(dist, 'code')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, file), code, 'latin1')
  writeFileSync(bundle, loader(name, file, name === 'sysglass' ? earlyWorker : ''))
}

/** Runs what most runs do, and keeps what was compiled for it. Where nothing can be traced there is less to keep. */
export function warmCaches(dist) {
  const run = (name, ...args) => {
    const env = { ...process.env, [writes]: name }
    delete env.NODE_OPTIONS
    spawnSync(process.execPath, args, { env, stdio: 'ignore', timeout: 60_000 })
  }
  run('glass', join(dist, 'glass.cjs'), '--help')
  const traced = ['-f', '-o', '/dev/null', '/bin/sh', '-c', '/bin/true']
  // Each keeps what its own runs need, and no more: what is kept has to be read.
  run('sysglass', join(dist, 'sysglass.cjs'), ...traced)
  run('ptrace-worker', join(dist, 'sysglass.cjs'), '--format=gvisor', ...traced)
  for (const file of readdirSync(join(dist, 'code')).map(name => join(dist, 'code', name)))
    if (Date.now() - statSync(file).mtimeMs > keep) rmSync(file, { force: true })
}
