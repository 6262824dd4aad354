/** Bundles the executables and the library into dist/. `npm run build`; sysglass calls it at its first run. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as esbuild from 'esbuild'
import { buildPage } from './build-page.mjs'
import { bundleInChunks } from './chunks.mjs'
import { addLoader, warmCaches } from './code-cache.mjs'
import { writeData } from './data-files.mjs'
import { lazyTables } from './lazy-tables.mjs'

const { build } = esbuild
const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const dist = join(root, 'dist')
mkdirSync(dist, { recursive: true })
const version = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version
const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  external: ['koffi', '@duckdb/node-api', 're2js'],
  minifySyntax: true,
  minifyWhitespace: true,
  define: { __VERSION__: JSON.stringify(version) },
  logLevel: 'warning',
}
// Compiling them is most of the start, so the compiled code is kept beside them: see code-cache.mjs.
const executables = {
  sysglass: 'src/cli/sysglass.ts',
  glass: 'src/cli/glass.ts',
  'ptrace-worker': 'src/capture/ptrace/worker.ts',
  'ebpf-worker': 'src/capture/ebpf/worker.ts',
  'row-worker': 'src/analysis/row-worker.ts',
  'unpack-worker': 'src/analysis/unpack-worker.ts',
}
// CommonJS starts a little sooner than ES modules under Node 20; what runs once a command is worth it.
await writeData(esbuild, join(root, 'src'), dist)
const executable = {
  ...common,
  format: 'cjs',
  supported: { 'dynamic-import': false },
  // load-koffi.ts knows what it runs as.
  logOverride: { 'empty-import-meta': 'silent' },
}
// Two may build at once.
const writePlans = join(dist, `write-plans-${process.pid}.cjs`)
await build({
  ...common,
  entryPoints: ['scripts/write-plans.ts'],
  outfile: writePlans,
  format: 'cjs',
})
try {
  execFileSync(process.execPath, [writePlans, dist])
} finally {
  rmSync(writePlans)
}
for (const [name, entry] of Object.entries(executables))
  addLoader(dist, name, await bundleInChunks(entry, executable))
warmCaches(dist)
await build({
  ...common,
  entryPoints: { index: 'src/index.ts', stracer: 'src/stracer/index.ts' },
  outdir: 'dist',
  format: 'esm',
  plugins: [lazyTables()],
})
await buildPage('src/view/page/main.ts', join(dist, 'view.html'))
await buildPage('src/view/page/diff-main.ts', join(dist, 'diff.html'))
if (process.argv.includes('--types')) {
  rmSync(join(dist, 'types'), { recursive: true, force: true })
  execFileSync(join(root, 'node_modules/.bin/tsc'), ['-p', 'tsconfig.types.json'], {
    cwd: root,
    stdio: 'inherit',
  })
}
// The launcher builds again when the checkout has moved on: see ./sysglass.
writeFileSync(join(dist, 'built-for'), `${process.env.SYSGLASS_COMMIT ?? commit()}\n`)

/** The commit that is checked out, as the launcher finds it. */
function commit() {
  const line = file => readFileSync(file, 'utf8').trim()
  let git = join(root, '.git')
  try {
    if (statSync(git).isFile()) git = resolve(root, line(git).slice('gitdir: '.length))
    const head = line(join(git, 'HEAD'))
    if (existsSync(join(git, 'commondir'))) git = resolve(git, line(join(git, 'commondir')))
    return head.startsWith('ref: ') ? line(join(git, head.slice(5))) : head
  } catch {
    return ''
  }
}
