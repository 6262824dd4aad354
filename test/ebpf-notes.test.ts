/** What descriptors refer to, noted in the kernel: the same as ptrace's capture finds in /proc, also where that is not easily told. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { describe as suite, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { compareTraces, describe, lasting } from './compare-traces.ts'
import { ebpfRefused, scratch, trace } from './tracers.ts'

const skip = ebpfRefused() || (process.getuid!() !== 0 ? 'makes devices and mounts, which takes root' : false)

/** A file made without a name is called by its inode; ports are given as they come. */
const inodes = (line: string): string =>
  line
    .replace(/\/#\d+/g, '/#INODE')
    .replace(/(?<=127\.0\.0\.1:|htons\()\d+/g, 'PORT')
    .replace(/\b([\w-]+:\[)\d+(?:->\d+)?(?=[\],])/g, '$1N')

test('a 32-bit program is seen from its first call on', {
  skip: skip || (process.arch !== 'x64' ? 'no such programs here' : false),
  timeout: 120_000,
}, async () => {
  const file = join(scratch, 'compat')
  const source = fileURLToPath(new URL('programs/capture/compat.c', import.meta.url))
  execFileSync('cc', [
    '-m32',
    '-nostdlib',
    '-static',
    '-O1',
    '-w',
    '-fno-stack-protector',
    '-o',
    file,
    source,
  ])
  const lines = async (backend: string) => {
    const { text } = await trace('sysglass', ['-y', `--backend=${backend}`], [file], { stdio: 'ignore' })
    return text.replace(/0x[0-9a-f]{6,}/g, 'ADDRESS').replace(/ +=/g, ' =')
  }
  assert.equal(await lines('ebpf'), await lines('ptrace'))
})

/** Asks nlctrl for ethtool's number and sends messages of that type; then asks about the first interface. A socket's first message gives it an address. */
const netlinkMessages = `
  socket S, 16, 3, 16;
  send S, pack('LSSLL CCx2 SSa8', 32, 16, 1, 1, 0, 3, 1, 12, 2, "ethtool\\0"), 0;
  recv S, my $answer, 65536, 0;
  my $number = unpack 'S', substr $answer, 20 + 12 + 4;
  send S, pack('LSSLL CCx2', 20, $number, 1, 2, 0, 255, 1), 0 for 1, 2;
  socket T, 16, 3, 0;
  send T, pack('LSSLLCxSlLL', 32, 18, 1, 1, 0, 0, 0, 1, 0, 0), 0 for 1, 2;
`

for (const options of [[], ['-yy']])
  test(`netlink's families and interfaces ${options.join(' ')}`, { skip, timeout: 120_000 }, async () => {
    const once = async (backend: string) => {
      const all = [...options, '-e', 'trace=sendto', `--backend=${backend}`]
      const { text } = await trace('sysglass', all, ['perl', '-e', netlinkMessages], { stdio: 'ignore' })
      return text.replace(/(?<=NETLINK:\[\w*:?)\d+(?=\])/g, 'N')
    }
    const ours = await once('ebpf')
    assert.match(ours, /nlmsg_type=ethtool, /)
    assert.match(ours, /ifi_index=if_nametoindex\("lo"\)/)
    assert.equal(ours, await once('ptrace'))
  })

suite('descriptors under eBPF', { skip }, () => {
  for (const [name, options] of [
    ['paths', ['-yy']],
    ['paths', ['-y', '-P', 'plain']],
    ['sockets', ['-yy']],
    ['ended-sockets', ['-yy']],
    ['thread-sockets', ['-yy']],
    ['awaited-sockets', ['-yy']],
  ] as const)
    test(`${name} ${options.join(' ')}`, { timeout: 120_000 }, async () => {
      const file = join(scratch, `notes-${name}`)
      const source = fileURLToPath(new URL(`programs/capture/${name}.c`, import.meta.url))
      execFileSync('cc', ['-O1', '-w', '-pthread', '-o', file, source])
      const once = async (backend: 'ptrace' | 'ebpf') => {
        const cwd = mkdtempSync(join(scratch, 'n-'))
        const all = ['-f', ...options, `--backend=${backend}`]
        const { text, stderr } = await trace('sysglass', all, [file], { cwd, stdio: 'ignore' })
        // Paths in there are longer than node removes.
        execFileSync('rm', ['-rf', cwd])
        assert.equal(stderr, '')
        return text.replaceAll(cwd, 'CWD')
      }
      const attempt = async () => {
        const [theirs, again, ours] = [await once('ptrace'), await once('ptrace'), await once('ebpf')]
        const { lines, differences } = compareTraces({ ours, theirs, again: [again] }, inodes)
        assert.ok(lines > 0)
        return differences.filter(({ unstable }) => !unstable)
      }
      const bugs = await lasting(attempt)
      assert.equal(bugs.length, 0, `\n${describe(bugs)}`)
    })
})
