/**
 * Traces with ptrace and with eBPF on older kernels, in machines that QEMU emulates: `npm run test:kernels [-- 5.15 6.1 6.12] [PROGRAM…]`.
 * The guest sees the files of this machine, this checkout too, and changes none. Lines by ptrace are compared with strace's, those by eBPF
 * with ptrace's; then come the checks of kernels/guest-run.sh. The kernels are loaded once, into ~/.cache/sysglass-kernels (100 MB);
 * a kernel takes some ten minutes on a machine that has nothing else to do.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openArchive } from './machine/debian-packages.ts'
import {
  boot,
  compilePrograms,
  isAlike,
  makeInitramfs,
  makeOnce,
  unpackKernel,
  workFolder,
} from './machine/emulated-machine.ts'
import { needCommands, run } from './machine/run-command.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const cache = join(homedir(), '.cache/sysglass-kernels')
const keys = '/usr/share/keyrings/debian-archive-keyring.gpg'
const debian = (suite: string): string => `deb [signed-by=${keys}] http://deb.debian.org/debian ${suite} main`

/** Versions, whose they are, and the package that depends on the newest build. */
const kernels = {
  '5.15': { suite: 'jammy', meta: 'linux-image-generic' },
  '6.1': { suite: 'bookworm', meta: 'linux-image-amd64' },
  '6.12': { suite: 'trixie', meta: 'linux-image-amd64' },
} as const
type Version = keyof typeof kernels

const somePrograms = [
  'files-names',
  'files-stat',
  'descriptors-io',
  'network-sockets',
  'network-messages',
  'process-clone',
  'process-exec',
  'signals-masks',
  'ipc-futexes',
  'timers',
]
/** Lines that may differ: which of two threads was quicker, and what strace 6.1 has no name for. */
const allowed = 0.005

async function main(args: readonly string[]): Promise<void> {
  needCommands(
    ['qemu-system-x86_64', 'cpio', 'dpkg-deb', 'xz', 'cc', 'strace'],
    'qemu-system-x86 cpio xz-utils gcc strace',
  )
  run(process.execPath, [join(root, 'scripts/build.mjs')])
  const versions = args.filter(arg => arg in kernels) as Version[]
  const programs = args.filter(arg => !(arg in kernels))
  const work = workFolder('sysglass-kernels-')
  let wrong = 0
  for (const version of versions.length === 0 ? (Object.keys(kernels) as Version[]) : versions)
    wrong += await test(version, programs.length === 0 ? somePrograms : programs, join(work, version))
  process.exitCode = wrong === 0 ? 0 : 1
}

/** How much is wrong on a kernel, whose machine starts from files in `work`. */
async function test(version: Version, wanted: readonly string[], work: string): Promise<number> {
  const folder = join(cache, version)
  makeOnce(folder, unfinished => load(unfinished, version))
  const share = join(work, 'share')
  mkdirSync(join(share, 'traces'), { recursive: true })
  const programs = compilePrograms('cc', wanted, join(share, 'programs'))
  for (const script of ['guest-root.sh', 'guest-run.sh'])
    cpSync(join(root, 'scripts/kernels', script), join(share, script))
  makeInitramfs(work, folder, join(folder, 'busybox/usr/bin/busybox'))
  await boot(work, folder, {
    qemu: 'qemu-system-x86_64',
    options: ['-M', 'q35', '-cpu', 'max', '-smp', '2', '-m', '3584'],
    // A host that is busy lets the emulated timer look broken; and nobody attacks this kernel, which is slow enough.
    append: `console=ttyS0 quiet panic=-1 no_timer_check mitigations=off sysglass=${root} node=${dirname(process.execPath)}`,
    folders: { host: { path: share, writable: true }, root: { path: '/', writable: false } },
  })
  const traces = (name: string): string => join(share, 'traces', name)
  const byPtrace = { ours: 'ours', theirs: 'theirs', again: 'again' }
  const byEbpf = { ours: 'ebpf', theirs: 'notes', again: 'notes-again' }
  const differing = programs.flatMap(name =>
    [byPtrace, byEbpf].filter(whose => !isAlike(traces(name), whose, allowed)),
  )
  const file = join(share, 'checks')
  const checks = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []
  const failed = checks.filter(line => !line.startsWith('ok'))
  console.log(checks.map(line => `${line}\n`).join(''))
  const isOver = checks.at(-1) === 'ok: all checks'
  console.log(
    `Linux ${version}: ${differing.length} differ of ${2 * programs.length}, ${failed.length} checks fail`,
  )
  return differing.length + failed.length + (isOver ? 0 : 1)
}

function load(folder: string, version: Version): void {
  const { suite, meta } = kernels[version]
  const isUbuntu = suite === 'jammy'
  // Debian's own archive has the keys of Ubuntu's, and busybox.
  const tools = openArchive(folder, { architecture: 'amd64', sources: [debian('trixie')] })
  const [busybox] = tools.download(['busybox-static'])
  run('dpkg-deb', ['-x', busybox!, join(folder, 'busybox')])
  let sources = [debian(suite)]
  if (isUbuntu) {
    const [keyring] = tools.download(['ubuntu-keyring'])
    run('dpkg-deb', ['-x', keyring!, join(folder, 'keyring')])
    const signed = `signed-by=${folder}/keyring/usr/share/keyrings/ubuntu-archive-keyring.gpg`
    sources = ['jammy', 'jammy-updates'].map(
      part => `deb [${signed}] http://archive.ubuntu.com/ubuntu ${part} main`,
    )
  }
  const archive = openArchive(folder, { architecture: 'amd64', sources })
  const image = archive.dependencies(meta).find(name => name.startsWith('linux-image-'))!
  const names = isUbuntu ? [image, image.replace('image', 'modules')] : [image]
  unpackKernel(archive.download(names), folder)
  for (const heavy of ['debs', 'lists', 'archives'])
    rmSync(join(folder, heavy), { recursive: true, force: true })
}

await main(process.argv.slice(2))
