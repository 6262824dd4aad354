/** Installs the dependencies when they are missing or older than the lock file: `npm test` and the first run of sysglass. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

/** Whether node_modules holds what the lock file asks for. npm keeps its own copy of the lock file there. */
function installed() {
  const own = join(root, 'node_modules/.package-lock.json')
  if (!existsSync(own)) return false
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
  const have = JSON.parse(readFileSync(own, 'utf8')).packages
  return Object.entries(wanted).every(
    ([name, entry]) => name === '' || entry.optional || have[name]?.version === entry.version,
  )
}

if (!installed()) {
  process.stderr.write('sysglass: installing dependencies (once) ...\n')
  const { status, stdout, stderr } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: root,
    encoding: 'utf8',
  })
  if (status !== 0) {
    process.stderr.write(
      `${stdout}${stderr}sysglass: npm ci failed in ${root}: see above, then run it again\n`,
    )
    process.exit(1)
  }
}
