/** `npm test`: formatter and linter, types, then every test file. `node scripts/test.mjs PATH…` runs the tests under those paths alone. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { prepareTools } from './test-tools.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const bin = name => join(root, 'node_modules/.bin', name)

function step(title, command, args) {
  process.stdout.write(`\n== ${title}\n`)
  const { status, signal } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
  if (status !== 0) {
    process.stdout.write(`${title} failed${signal === null ? '' : ` (${signal})`}\n`)
    process.exit(status || 1)
  }
}

function testFiles(path) {
  if (!existsSync(path)) return []
  if (statSync(path).isFile()) return [path]
  return readdirSync(path, { withFileTypes: true }).flatMap(entry => {
    const inner = join(path, entry.name)
    return entry.isDirectory() ? testFiles(inner) : entry.name.endsWith('.test.ts') ? [inner] : []
  })
}

const chosen = process.argv.slice(2)
if (chosen.length === 0) {
  step('build', process.execPath, ['scripts/build.mjs', '--types'])
  step('types', bin('tsc'), ['-p', '.', '--noEmit'])
  step('types of the page', bin('tsc'), ['-p', 'src/view/page', '--noEmit'])
  step('format and lint', bin('biome'), ['check', '--max-diagnostics=20', '.'])
}
const missing = prepareTools()
if (missing.length > 0)
  process.stdout.write(`not on this machine, so some tests will skip: ${missing.join(', ')}\n`)
const files = (chosen.length === 0 ? ['src', 'test', 'examples'] : chosen)
  .flatMap(p => testFiles(join(root, p)))
  .map(f => relative(root, f))
  .sort()
step('tests', process.execPath, [
  '--import',
  'tsx',
  '--import',
  new URL('property-seed.mjs', import.meta.url).href,
  '--test',
  '--test-concurrency=2',
  '--test-reporter=spec',
  ...files,
])
