/** Numbers in netlink messages: of network interfaces, which mean those of the tracee's network namespace, and of generic netlink's families. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { glass, newFile, run, sysglass } from './tracers.ts'

/** Makes interface 77, then asks about it: exits with 77 where it may not be made. */
const made = `
  sub attribute { my ($type, $value) = @_; pack 'SSa*x![4]', 4 + length $value, $type, $value }
  sub request {
    my ($type, $flags, @attributes) = @_;
    my $body = pack('CxSlLL', 0, 0, 77, 0, 0) . join '', @attributes;
    send S, pack('LSSLL', 16 + length $body, $type, $flags, 1, 0) . $body, 0;
    recv S, my $answer, 65536, 0;
    return $answer;
  }
  socket S, 16, 3, 0 or exit 77;
  my $made = request 16, 0x405, attribute(3, "bee0\\0"), attribute(18, attribute(1, 'bridge'));
  exit 77 unless unpack('x16l', $made) == 0;
`
const program = `${made} request 18, 1`
const inNamespace = ['unshare', '--user', '--map-root-user', '--net', 'perl', '-e']
const asked = (lines: string): string | undefined =>
  /nlmsg_type=RTM_GETLINK.*?ifi_index=([^,]*),/.exec(lines)?.[1]

test('interfaces have the names of the network namespace that they are in', { timeout: 120_000 }, async t => {
  const command = [...inNamespace, program]
  const [text, recording] = [newFile(), newFile()]
  const { status, stderr } = await run([sysglass, '-f', '-e', 'trace=sendto', '-o', text, ...command])
  if (status === 77) return t.skip('no bridge may be made here')
  assert.equal(status, 0, stderr)
  assert.equal(asked(readFileSync(text, 'latin1')), 'if_nametoindex("bee0")')

  const recorded = await run([sysglass, '-f', '--format=recording', '-o', recording, ...command])
  assert.equal(recorded.status, 0, recorded.stderr)
  const replayed = await run([glass, 'replay', recording, '-e', 'trace=sendto'])
  assert.equal(asked(replayed.stdout + replayed.stderr), 'if_nametoindex("bee0")')
})

test('a replay elsewhere has the names of the machine that was recorded', { timeout: 120_000 }, async t => {
  const recording = newFile()
  // The first message gives the socket an address, by which the capture knows what it is.
  const ask = `socket S, 16, 3, 0; for (1, 2) { send S, pack('LSSLLCxSlLL', 32, 18, 1, 1, 0, 0, 0, 77, 0, 0), 0 }`
  const record = [sysglass, '--format=recording', '-o', recording, 'perl', '-e', ask]
  const { status, stderr } = await run([...inNamespace, `${made} exec @ARGV`, ...record])
  if (status === 77) return t.skip('no bridge may be made here')
  assert.equal(status, 0, stderr)
  const replayed = await run([glass, 'replay', recording, '-e', 'trace=sendto'])
  assert.equal(asked(replayed.stdout + replayed.stderr), 'if_nametoindex("bee0")')
})

test('an interface that a call removes has its name in that call', { timeout: 120_000 }, async t => {
  const text = newFile()
  const remove = `${made} request 17, 5`
  const { status, stderr } = await run([
    ...inNamespace,
    'exec @ARGV',
    sysglass,
    '-e',
    'trace=sendto',
    '-o',
    text,
    'perl',
    '-e',
    remove,
  ])
  if (status === 77) return t.skip('no bridge may be made here')
  assert.equal(status, 0, stderr)
  assert.match(readFileSync(text, 'latin1'), /nlmsg_type=RTM_DELLINK.*ifi_index=if_nametoindex\("bee0"\),/)
})

test('a family of generic netlink has the name that the kernel knows it by', {
  timeout: 120_000,
}, async () => {
  // Asks nlctrl for ethtool's number, then sends a message of that type.
  const ask = `
    socket S, 16, 3, 16;
    send S, pack('LSSLL CCx2 SSa8', 32, 16, 1, 1, 0, 3, 1, 12, 2, "ethtool\\0"), 0;
    recv S, my $answer, 65536, 0;
    # Behind the headers stand the attributes: name, then number.
    my $number = unpack 'S', substr $answer, 20 + 12 + 4;
    send S, pack('LSSLL CCx2', 20, $number, 1, 2, 0, 255, 1), 0 for 1, 2;
  `
  const [text, recording] = [newFile(), newFile()]
  const live = await run([sysglass, '-e', 'trace=sendto', '-o', text, 'perl', '-e', ask])
  assert.equal(live.status, 0, live.stderr)
  assert.match(readFileSync(text, 'latin1'), /nlmsg_type=ethtool, nlmsg_flags=NLM_F_REQUEST/)
  await run([sysglass, '--format=recording', '-o', recording, 'perl', '-e', ask])
  const replayed = await run([glass, 'replay', recording, '-e', 'trace=sendto'])
  assert.match(replayed.stdout + replayed.stderr, /nlmsg_type=ethtool, /)
})
