/** The package as users get it: packed, unpacked beside a small project, type-checked there and run. */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const project = mkdtempSync(join(tmpdir(), 'sysglass-package-'))
after(() => rmSync(project, { recursive: true, force: true }))

const source = `
import { trace, TraceError, type AnyCall } from 'sysglass'

const paths: string[] = []
const t = trace(['cat', '/dev/null'], { filter: ['openat', 'read'], stdio: 'ignore' })
for await (const call of t) {
  if (call.name === 'openat' && call.args.pathname !== null && call.args.flags.names.includes('O_RDONLY'))
    paths.push(call.args.pathname)
  // @ts-expect-error no such call among those
  if (call.name === 'write') break
}
const { code } = await t.exit
const broken: unknown = await trace(['no-such-program']).toArray().catch((error: unknown) => error)
const errno = broken instanceof TraceError ? broken.errno : null
const any = (call: AnyCall): string | null => (call.name === 'execve' ? call.args.pathname : null)
console.log(JSON.stringify([paths.includes('/dev/null'), code, errno, typeof any]))
`

before(() => {
  // npm test has built it; other tests run what is in dist at the same time.
  if (!existsSync(join(root, 'dist/types/index.d.ts')) || !existsSync(join(root, 'dist/index.js')))
    execFileSync(process.execPath, ['scripts/build.mjs', '--types'], { cwd: root, stdio: 'inherit' })
  execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', project], { cwd: root })
  const packed = readdirSync(project).find(f => f.endsWith('.tgz'))!
  const modules = join(project, 'node_modules')
  mkdirSync(join(modules, 'sysglass'), { recursive: true })
  execFileSync('tar', [
    '-xzf',
    join(project, packed),
    '--strip-components=1',
    '-C',
    join(modules, 'sysglass'),
  ])
  mkdirSync(join(modules, '@types'))
  for (const name of ['koffi', '@types/node', 'undici-types'])
    symlinkSync(join(root, 'node_modules', name), join(modules, name))
  writeFileSync(join(project, 'package.json'), '{ "type": "module" }')
  writeFileSync(join(project, 'main.ts'), source)
})

const compile = (options: object): string => {
  const config = {
    compilerOptions: { strict: true, target: 'es2022', types: ['node'], skipLibCheck: false, ...options },
    files: ['main.ts'],
  }
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify(config))
  const { stdout } = spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', project], { encoding: 'utf8' })
  return stdout
}

test('types for a project of Node modules, and running it', () => {
  assert.equal(compile({ module: 'nodenext', exactOptionalPropertyTypes: true }), '')
  const out = execFileSync(process.execPath, ['main.js'], { cwd: project, encoding: 'utf8' })
  assert.deepEqual(JSON.parse(out), [true, 0, 'ENOENT', 'function'])
})

test('types for a project that a bundler reads', () => {
  assert.equal(compile({ module: 'esnext', moduleResolution: 'bundler', noEmit: true }), '')
})

test('what its README links to is in it', () => {
  const folder = join(project, 'node_modules/sysglass')
  const readme = readFileSync(join(folder, 'README.md'), 'utf8')
  const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(match => match[1]!)
  assert.ok(links.length > 2)
  assert.deepEqual(
    links.filter(link => !existsSync(join(folder, link))),
    [],
  )
})

test('nothing in it tells where it was built', () => {
  const dist = join(project, 'node_modules/sysglass/dist')
  const loaders = readdirSync(dist).filter(name => name.endsWith('.cjs'))
  const named = loaders.map(name => readFileSync(join(dist, name), 'latin1')).join()
  // Code of earlier builds stays for a while in a checkout; npm pack itself builds from nothing.
  for (const name of readdirSync(join(dist, 'code')))
    if (!named.includes(name.replace(/\.cache$/, ''))) rmSync(join(dist, 'code', name))
  const { status, stdout, stderr } = spawnSync('grep', ['-rlF', root, join(dist, '..')], {
    encoding: 'utf8',
  })
  // 1: it has looked, and found nothing.
  assert.deepEqual([status, stdout, stderr], [1, '', ''])
})
