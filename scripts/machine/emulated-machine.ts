/** A machine that QEMU emulates, with a kernel of a distribution: what it starts from, its start, and what was traced in it. */
import { spawn } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compareTraces, describe } from '../../test/compare-traces.ts'
import { run } from './run-command.ts'

/** Those that the guest's first process loads, in this order: what others need stands before them. What is built into a kernel has no file. */
const modules = [
  'virtio',
  'virtio_ring',
  'virtio_pci_legacy_dev',
  'virtio_pci_modern_dev',
  'virtio_pci',
  'netfs',
  'fscache',
  '9pnet',
  '9pnet_virtio',
  '9p',
  'overlay',
]
const applets = [
  'sh',
  'mount',
  'umount',
  'mkdir',
  'insmod',
  'cp',
  'poweroff',
  'chroot',
  'ifconfig',
  'sync',
  '[',
]

/** Takes a kernel and the modules that the first process loads out of packages. */
export function unpackKernel(files: readonly string[], to: string): void {
  mkdirSync(to, { recursive: true })
  const wanted = ['./boot/vmlinuz*', ...modules.map(name => `*/${name}.ko*`)]
  // It has fewer of them than were asked for, which is no failure.
  for (const file of files)
    run('sh', [
      '-c',
      'deb=$1 to=$2; shift 2; dpkg-deb --fsys-tarfile "$deb" | tar x -C "$to" --wildcards "$@" 2> /dev/null || :',
      'sh',
      file,
      to,
      ...wanted,
    ])
}

/** A folder that goes with this process, however it ends but for SIGKILL. */
export function workFolder(prefix: string): string {
  const folder = mkdtempSync(join(tmpdir(), prefix))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }))
  // A signal ends node without that.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1))
  return folder
}

/** Makes what a machine starts from, in `work`: a file system in memory, with a busybox for the machine's architecture. */
export function makeInitramfs(work: string, kernel: string, busybox: string): void {
  const first = join(work, 'first')
  for (const folder of ['bin', 'proc', 'sys', 'dev', 'host', 'modules'])
    mkdirSync(join(first, folder), { recursive: true })
  cpSync(fileURLToPath(new URL('guest-init.sh', import.meta.url)), join(first, 'init'))
  cpSync(busybox, join(first, 'bin/busybox'))
  for (const applet of applets) symlinkSync('busybox', join(first, 'bin', applet))
  for (const file of readdirSync(kernel, { recursive: true, encoding: 'utf8' })) {
    const [, name, packed] = /^(.*)\.ko(\.xz)?$/.exec(basename(file)) ?? []
    if (name === undefined || !modules.includes(name)) continue
    const there = join(first, 'modules', `${name}.ko`)
    cpSync(join(kernel, file), packed === undefined ? there : `${there}.xz`)
    if (packed !== undefined) run('xz', ['-d', `${there}.xz`])
  }
  const order = modules.filter(name => existsSync(join(first, 'modules', `${name}.ko`)))
  writeFileSync(join(first, 'modules/order'), order.map(name => `${name}.ko\n`).join(''))
  run('sh', ['-c', 'chmod +x init && find . | cpio -o -H newc --quiet | gzip -1 > ../initrd.gz'], {
    cwd: first,
  })
}

export interface Machine {
  readonly qemu: string
  readonly options: readonly string[]
  /** Words for the kernel. */
  readonly append: string
  /** Folders that the guest mounts, by their names; those that it may change. */
  readonly folders: { readonly [tag: string]: { readonly path: string; readonly writable: boolean } }
}

/** Starts a machine from `work`; resolves when it has switched itself off. */
export function boot(work: string, kernel: string, machine: Machine): Promise<void> {
  const boots = join(kernel, 'boot')
  const image = join(boots, readdirSync(boots).find(file => file.startsWith('vmlinuz'))!)
  const start = ['-kernel', image, '-initrd', join(work, 'initrd.gz'), '-append', machine.append]
  const shared = Object.entries(machine.folders).flatMap(([tag, { path, writable }]) => [
    '-fsdev',
    `local,id=${tag},path=${path},security_model=none,multidevs=remap${writable ? '' : ',readonly=on'}`,
    '-device',
    `virtio-9p-pci,fsdev=${tag},mount_tag=${tag}`,
  ])
  const all = [...machine.options, '-nographic', '-no-reboot', '-net', 'none', ...start, ...shared]
  return new Promise((resolve, reject) => {
    const guest = spawn(machine.qemu, all, { stdio: ['ignore', 'inherit', 'inherit'] })
    // Before the folder goes that it writes to.
    const end = (): void => void guest.kill('SIGKILL')
    process.prependListener('exit', end)
    guest.on('error', reject)
    guest.on('close', () => {
      process.off('exit', end)
      resolve()
    })
  })
}

/** The test programs that this compiler takes, without libraries, put into a folder. */
export function compilePrograms(compiler: string, names: readonly string[], to: string): string[] {
  mkdirSync(to, { recursive: true })
  return names.filter(name => {
    const source = fileURLToPath(new URL(`../../test/programs/${name}.c`, import.meta.url))
    try {
      run(compiler, ['-static', '-O1', '-w', '-pthread', '-o', join(to, name), source], { stdio: 'ignore' })
      return true
    } catch {
      console.log(`${name}: ${compiler} does not take it`)
      return false
    }
  })
}

/** Stacks begin elsewhere, since environments have other lengths. */
const alike = (text: string): string =>
  text.replace(/0x(?:ffff|7ff[ef])[0-9a-f]{8}\b/g, '0xSTACK').replace(/ += /g, ' = ')

/** Compares traces that a machine has left behind in files `NAME.WHOSE`; at most `allowed` of their lines may differ. */
export function isAlike(
  traces: string,
  { ours, theirs, again }: { readonly ours: string; readonly theirs: string; readonly again: string },
  allowed = 0,
): boolean {
  const read = (whose: string): string => {
    const file = `${traces}.${whose}`
    return existsSync(file) ? alike(readFileSync(file, 'latin1')) : ''
  }
  const { differences, lines } = compareTraces({
    ours: read(ours),
    theirs: read(theirs),
    again: [read(again)],
  })
  const own = differences.filter(({ unstable }) => !unstable)
  console.log(`${basename(traces)}: ${lines} lines, ${own.length} of ${ours} differ from ${theirs}`)
  const isRight = lines > 0 && own.length <= allowed * lines
  if (!isRight) {
    const stderr = `${traces}.${ours}.stderr`
    console.log(`${describe(own)}${existsSync(stderr) ? readFileSync(stderr, 'latin1') : ''}`)
  }
  return isRight
}

/** Makes a folder whole or not at all, once: what is in it takes long to load. */
export function makeOnce(folder: string, fill: (unfinished: string) => void): void {
  if (existsSync(folder)) return
  const unfinished = `${folder}.unfinished`
  run('rm', ['-rf', unfinished])
  mkdirSync(unfinished, { recursive: true })
  fill(unfinished)
  renameSync(unfinished, folder)
}
