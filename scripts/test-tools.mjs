/**
 * What the tests run beside node: strace to compare with, a compiler for test programs, and the programs that are traced.
 * Root on a Debian-like machine gets what is missing; elsewhere the tests that need it skip, and say so.
 */
import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Command and the Debian package that has it. */
const tools = {
  strace: 'strace',
  cc: 'gcc',
  make: 'make',
  git: 'git',
  python3: 'python3',
  curl: 'curl',
  setpriv: 'util-linux',
  protoc: 'protobuf-compiler',
  'c++': 'g++',
  'c++filt': 'binutils',
  chromium: 'chromium',
  'llvm-objdump': 'llvm',
  runsc: 'runsc',
}

const isThere = command =>
  (process.env.PATH ?? '').split(delimiter).some(folder => {
    try {
      accessSync(join(folder, command), constants.X_OK)
      return true
    } catch {
      return false
    }
  })

/** Installs what is missing where that can be done; names what still is. */
export function prepareTools() {
  const missing = () => Object.keys(tools).filter(command => !isThere(command))
  const wanted = missing()
  if (wanted.length > 0 && process.getuid?.() === 0 && isThere('apt-get')) {
    const packages = [...new Set(wanted.map(command => tools[command])), 'libc6-dev']
    process.stdout.write(`installing ${packages.join(' ')} ...\n`)
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    const quiet = { env, stdio: ['ignore', 'ignore', 'inherit'] }
    spawnSync('apt-get', ['update', '-qq'], quiet)
    const install = (...names) =>
      spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...names], quiet).status === 0
    // Of several, apt installs none where it does not know one.
    if (!install(...packages)) for (const name of packages) install(name)
  }
  return missing()
}
