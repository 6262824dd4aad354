/** Each family of specifiers, with its failures: what runsc prints (test/gvisor) and, where it cannot, what format and source say. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { longs, printCall, type Stretch, type TestCall, type TestOptions, text, words } from './test-calls.ts'

const at = 0x7f00_0000_1000
const other = 0x7f00_0000_2000
const P = '0x7f0000001000'
const Q = '0x7f0000002000'
const here = (bytes: Uint8Array): Stretch => ({ at, bytes })
const there = (bytes: Uint8Array): Stretch => ({ at: other, bytes })

/** Checks the E line's arguments, the X line's (by default the same) and, when given, the result. */
function check(
  call: TestCall,
  enter: string,
  exit: string = enter,
  result?: string,
  options: TestOptions = {},
): void {
  const printed = printCall(call, options)
  assert.equal(printed.enter, enter)
  assert.equal(printed.exit, exit)
  if (result !== undefined) assert.equal(printed.result, result)
}
const failing = { result: -14 }

test('numbers', () => {
  check({ name: 'lseek', args: [3, -1, 2] }, '0x3, 0xffffffffffffffff, 0x2')
  check({ name: 'access', args: [0, 6] }, '<null>, 0o6')
  check({ name: 'umask', args: [0x81ed] }, '0x81ed')
  check({ name: 'fchmod', args: [99, 0x1ffff] }, '0x63 (bad FD), 0xf000|S_ISUID|S_ISGID|S_ISVTX|0o777')
  check({ name: 'kill', args: [1, -1] }, '0x1, 18446744073709551615')
  check({ name: 'kill', args: [1, 31] }, '0x1, SIGSYS')
  check({ name: 'unshare', args: [0x200 | 0x11] }, 'CLONE_FS|0x11')
  check(
    { name: 'socket', args: [-1, -1, -1] },
    '0xffffffffffffffff, 0xf|SOCK_CLOEXEC|SOCK_NONBLOCK|0xfffffffffff7f7f0, -0x1',
  )
  check({ name: 'socket', args: [2, 2, 17] }, 'AF_INET, SOCK_DGRAM|0x0, IPPROTO_UDP')
  check(
    { name: 'accept4', args: [99, 0, 0, 0x12] },
    '0x63 (bad FD), 0x0, null, 0x12',
    '0x63 (bad FD), null, null, 0x12',
  )
  check({ name: 'accept4', args: [99, 0, 0, 0], ...failing }, '0x63 (bad FD), 0x0, null, 0')
  check(
    { name: 'mmap', args: [0, 0x3000, 3, 0x100022, -1, 0] },
    '0x0, 0x3000, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED_NOREPLACE, 0xffffffffffffffff (bad FD), 0x0',
  )
  check(
    { name: 'close_range', args: [40, 50, 6] },
    '0x28 (bad FD), 0x32 (bad FD), CLOSE_RANGE_CLOEXEC|CLOSE_RANGE_UNSHARE',
  )
  check({ name: 'ptrace', args: [0x9999] }, '0x9999, 0x0, 0x0, 0x0')
  check({ name: 'open', args: [0, 0x101042, 0o644] }, '<null>, O_RDWR|O_CREAT|O_SYNC|0x1000, 0o644')
  check({ name: 'open', args: [0, 3, 0] }, '<null>, 0x3|0x0, 0o0')
})

test('calls that gVisor does not know', () => {
  const args = [1, 2, 3, 4, 5, -1]
  check({ name: '400', args }, '0x1, 0x2, 0x3, 0x4, 0x5, 0xffffffffffffffff')
  check({ name: String(0xffff_ffff), args }, '0x1, 0x2, 0x3, 0x4, 0x5, 0xffffffffffffffff')
})

test('results by era', () => {
  const call: TestCall = { name: 'getuid', result: 1000 }
  const failed: TestCall = { name: 'getuid', result: -22 }
  check(call, '', '', '1000 (0x3e8)')
  check(failed, '', '', '-1 errno=22 (invalid argument)')
  check(failed, '', '', '0 (0x0) errno=22 (invalid argument)', { era: '2022' })
  check(call, '', '', '0x3e8', { era: '2021' })
  check(failed, '', '', '0x0 errno=22 (invalid argument)', { era: '2021' })
  check({ name: 'getuid', result: -514 }, '', '', '-1 errno=514 (to be restarted if no handler)')
  check(
    { name: 'mmap', args: [0], result: 0xffff_ffff_ffff_0000n },
    printCall({ name: 'mmap' }).enter,
    undefined,
    '18446744073709486080 (0xffffffffffff0000)',
  )
})

test('descriptors and paths', () => {
  check({ name: 'close', args: [3], fds: { 3: '/tmp/a b' } }, '0x3 /tmp/a b')
  check({ name: 'close', args: [0x1_0000_0003n], fds: { 3: 'pipe:[5]' } }, '0x3 pipe:[5]')
  check(
    { name: 'mkdirat', args: [-100, at, 0o755], cwd: '/work dir', memory: [here(text('x'))] },
    `AT_FDCWD /work dir, ${P} x, 0x1ed`,
  )
  check({ name: 'rmdir', args: [at], memory: [here(text(''))] }, `${P} `)
  check({ name: 'rmdir', args: [0] }, '<null>')
  check({ name: 'rmdir', args: [0] }, '0x0 (error decoding path: bad address)', undefined, undefined, {
    era: '2021',
  })
  check(
    { name: 'rmdir', args: [at], memory: [here(Buffer.from('no end'))] },
    `${P} (error decoding path: bad address)`,
  )
  check(
    { name: 'rmdir', args: [at], memory: [here(new Uint8Array(5000).fill(97))] },
    `${P} (error decoding path: file name too long)`,
  )
  check(
    { name: 'getcwd', args: [at, 100], result: 3, after: [here(text('/a'))] },
    `${P}, 0x64`,
    `${P} /a, 0x64`,
  )
  const hostile: TestCall = { name: 'rmdir', args: [at], memory: [here(text('\x1b[31m\n'))] }
  check(hostile, `${P} \x1b[31m\n`)
  check(hostile, `${P} \\x1b[31m\\n`, undefined, undefined, { escapePaths: true })
})

test('buffers', () => {
  const fds = { 3: 'f' }
  const hello = [here(Buffer.from('hello\n'))]
  check(
    { name: 'read', args: [3, at, 9], fds, result: 6, after: hello },
    `0x3 f, ${P}, 0x9`,
    `0x3 f, ${P} "hello\\n", 0x9`,
  )
  check({ name: 'read', args: [3, at, 9], fds, result: 0 }, `0x3 f, ${P}, 0x9`, '0x3 f, , 0x9')
  check({ name: 'read', args: [3, at, 9], fds, ...failing }, `0x3 f, ${P}, 0x9`)
  check(
    { name: 'write', args: [3, at, 6], fds, memory: hello, result: 6 },
    `0x3 f, ${P} "hello\\n", 0x6`,
    '0x3 f, ..., 0x6',
  )
  check(
    { name: 'write', args: [3, at, 7], fds, memory: hello, ...failing },
    `0x3 f, ${P} (error decoding string: bad address), 0x7`,
  )
  check({ name: 'write', args: [3, 0, 0], fds, ...failing }, '0x3 f, , 0x0')
  check(
    { name: 'write', args: [3, at, 6], fds, memory: hello, ...failing },
    `0x3 f, ${P} "hell"..., 0x6`,
    undefined,
    undefined,
    { logSize: 4 },
  )
  check(
    { name: 'write', args: [3, at, 6], fds, memory: hello, ...failing },
    '0x3 f, , 0x6',
    undefined,
    undefined,
    { logSize: 0 },
  )
  check(
    { name: 'write', args: [3, 0xffff_ffff_ffff_0000n, 5], fds, ...failing },
    '0x3 f, 0xffffffffffff0000 (error decoding string: bad address), 0x5',
  )
})

test('vectors', () => {
  const vector = here(longs(other, 3, other + 3, 0, other + 3, 4))
  const content = there(Buffer.from('abcdefg'))
  const call: TestCall = {
    name: 'writev',
    args: [1, at, 3],
    fds: { 1: 'v' },
    memory: [vector, content],
    ...failing,
  }
  check(
    call,
    `0x1 v, ${P} {base=${Q}, len=3, "abc"}, {base=0x7f0000002003, len=0}, {base=0x7f0000002003, len=4, "defg"}, 0x3`,
  )
  // Once the budget is used up, what was left of it is shown of each entry.
  check(
    call,
    `0x1 v, ${P} {base=${Q}, len=3, "abc"}, {base=0x7f0000002003, len=0}, {base=0x7f0000002003, len=4, "d"...}, 0x3`,
    undefined,
    undefined,
    { logSize: 4 },
  )
  check(
    call,
    `0x1 v, ${P} {base=${Q}, len=3, ""...}, {base=0x7f0000002003, len=0}, {base=0x7f0000002003, len=4, ""...}, 0x3`,
    undefined,
    undefined,
    { logSize: 0 },
  )
  check(
    { ...call, memory: [vector] },
    `0x1 v, ${P} {base=${Q}, len=3, ""..., error decoding string: bad address}, {base=0x7f0000002003, len=0}, {base=0x7f0000002003, len=4, ""..., error decoding string: bad address}, 0x3`,
  )
  check({ ...call, args: [1, at, 0] }, `0x1 v, ${P} , 0x0`)
  check({ ...call, args: [1, at, 4] }, `0x1 v, ${P} (error decoding iovecs: bad address), 0x4`)
  check(
    { ...call, args: [1, at, -1] },
    `0x1 v, ${P} (error decoding iovecs: invalid iovcnt), 0xffffffffffffffff`,
  )
  check({ ...call, args: [1, at, 1025] }, `0x1 v, ${P} (error decoding iovecs: invalid iovcnt), 0x401`)
  check(
    { ...call, memory: [here(longs(other, -1, 0, 0, 0, 0))] },
    `0x1 v, ${P} (error decoding iovecs: invalid argument), 0x3`,
  )
  const read: TestCall = {
    name: 'readv',
    args: [1, at, 3],
    fds: { 1: 'v' },
    memory: [vector, content],
    result: 5,
  }
  const bare = `${P} {base=${Q}, len=3}, {base=0x7f0000002003, len=0}, {base=0x7f0000002003, len=4}`
  const filled = `0x1 v, ${P} {base=${Q}, len=3, "abc"}, {base=0x7f0000002003, len=0}, {base=0x7f0000002003, len=4, "de"...}, 0x3`
  check(read, `0x1 v, ${bare}, 0x3`, filled)
  check(read, `0x1 v, ${P}, 0x3`, filled, undefined, { era: '2022' })
  check(
    { name: 'process_vm_readv', args: [1, at, 1, at, 3, 0], memory: [vector, content], result: 3 },
    `0x1, ${P} {base=${Q}, len=3}, 0x1, ${bare}, 0x3, 0x0`,
    `0x1, ${P} {base=${Q}, len=3, "abc"}, 0x1, ..., 0x3, 0x0`,
  )
})

test('vectors of strings', () => {
  const strings = there(Buffer.from('prog\0q"\n\xff\0\0', 'latin1'))
  const vector = here(longs(other, other + 5, other + 10, 0))
  const of = (memory: Stretch[]) => printCall({ name: 'execve', args: [0, at, 0], memory, ...failing }).enter
  assert.equal(
    of([vector, strings]),
    `<null>, ${P} ["prog", "q\\"\\n\\xff", ""], 0x0 {error copying vector: bad address}`,
  )
  assert.match(of([here(longs(0))]), /1000 \[\], /)
  assert.match(of([here(longs(other, 0x123, 0)), strings]), /1000 \{error copying vector: bad address\}, /)
  assert.match(of([here(longs(other)), strings]), /1000 \{error copying vector: bad address\}, /)
  const long = there(new Uint8Array(140_000).fill(97))
  // More than a capture takes: what is known of it.
  const far = 0x7f00_1000_0000
  const [name, names] = [{ at: far, bytes: text('a') }, longs(...Array<number>(16_500).fill(far), 0)]
  assert.ok(of([here(names), name]).endsWith('"a", "a", ...], 0x0 {error copying vector: bad address}'))
  assert.match(of([here(longs(other, 0)), long]), /1000 \{error copying vector: file name too long\}, /)
  const whole = there(text('a'.repeat(100_000)))
  assert.match(of([here(longs(other, 0)), whole]), /1000 \["a{100000}"\], /)
  // Two MiB are filled, and there is one more; or the last one does not fit.
  const fills = there(text('a'.repeat(128 * 1024 - 1)))
  const times = (n: number): Stretch => here(longs(...Array<number>(n).fill(other), 0))
  assert.match(of([times(16), fills]), /1000 \["a+", .*"a+"\], /)
  assert.match(of([times(17), fills]), /1000 \{error copying vector: out of memory\}, /)
  assert.match(of([times(21), whole]), /1000 \{error copying vector: file name too long\}, /)
})

test('messages', () => {
  const header = (control: number, length: number | bigint) =>
    here(Buffer.concat([longs(0, 0, other, 1, control, length, 0), new Uint8Array(8), longs(other + 64, 8)]))
  const vector = there(Buffer.concat([longs(other + 64, 3), new Uint8Array(48), Buffer.from('abcdefgh')]))
  const control = 0x7f00_0000_3000
  const C = '0x7f0000003000'
  const message = (bytes: Uint8Array, length: number | bigint = bytes.length): string => {
    const memory = [header(control, length), vector, { at: control, bytes }]
    const { enter } = printCall({ name: 'sendmsg', args: [9, at, 0], fds: { 9: 's' }, memory, result: -9 })
    return /control=\{(.*)\}, flags=0\}, 0x0$/s.exec(enter)?.[1] ?? enter
  }
  const cmsg = (length: number | bigint, level: number, type: number, data: Uint8Array = new Uint8Array()) =>
    Buffer.concat([words([64, length], [32, level], [32, type]), data])
  assert.equal(message(new Uint8Array(), 0), `${C} `)
  const fds = words([32, 0], [32, -1], [32, 0])
  assert.equal(
    message(cmsg(24, 1, 1, fds.subarray(0, 8))),
    `${C} {level=SOL_SOCKET, type=SCM_RIGHTS, length=24, content: 0,-1}`,
  )
  assert.equal(
    message(
      Buffer.concat([
        cmsg(28, 1, 2, words([32, 5], [32, 6], [32, 7], [32, 0])),
        cmsg(20, 41, 50, new Uint8Array(8)),
      ]),
    ),
    `${C} {level=SOL_SOCKET, type=SCM_CREDENTIALS, length=28, pid: 5, uid: 6, gid: 7}, {level=41, type=50, length=20}`,
  )
  assert.equal(
    message(cmsg(32, 1, 29, longs(7, 8))),
    `${C} {level=SOL_SOCKET, type=SO_TIMESTAMP, length=32, Sec: 7, Usec: 8}`,
  )
  assert.equal(message(cmsg(24, 6, 1, new Uint8Array(8))), `${C} {level=6, type=SCM_RIGHTS, length=24}`)
  assert.equal(message(new Uint8Array(10)), `${C} {invalid control message (too short)}`)
  assert.equal(
    message(cmsg(100, 1, 1)),
    `${C} {level=SOL_SOCKET, type=SCM_RIGHTS, length=100, content extends beyond buffer}`,
  )
  assert.equal(
    message(cmsg(15, 1, 1)),
    `${C} {level=SOL_SOCKET, type=SCM_RIGHTS, length=15, content too short}`,
  )
  assert.equal(
    message(cmsg(24, 1, 2, new Uint8Array(8))),
    `${C} {level=SOL_SOCKET, type=SCM_CREDENTIALS, length=24, content too short}`,
  )
  assert.equal(message(new Uint8Array(), 2000), `${C} (error decoding control: invalid length (2000))`)
  assert.equal(message(new Uint8Array(), 20), `${C} (error decoding control: bad address)`)
  assert.equal(
    printCall({ name: 'recvmsg', args: [9, 0x123, 0], ...failing }).enter,
    '0x9 (bad FD), 0x123 (error decoding msghdr: bad address), 0x0',
  )
  const memory = [header(0, 0), vector]
  const bare = `0x9 s, ${P} {name=0x0, namelen=0, iovecs=${Q} {base=0x7f0000002040, len=3}, control=0x0, control_len=0, flags=0}, 0x0`
  const whole = `0x9 s, ${P} {name=0x0, namelen=0, iovecs=${Q} {base=0x7f0000002040, len=3, "abc"}, control={0x0 }, flags=0}, 0x0`
  check({ name: 'sendmsg', args: [9, at, 0], fds: { 9: 's' }, memory, result: 3 }, whole, bare)
  check({ name: 'recvmsg', args: [9, at, 0], fds: { 9: 's' }, memory, result: 1 }, bare, whole)
})

test('addresses of sockets', () => {
  const connect = (bytes: Uint8Array, length = bytes.length, options: TestOptions = {}): string =>
    printCall(
      { name: 'connect', args: [9, at, length], memory: [here(bytes)], ...failing },
      options,
    ).enter.replace(/^0x9 \(bad FD\), 0x7f0000001000 (.*), 0x[0-9a-f]+$/s, '$1')
  const inet = Uint8Array.of(2, 0, 0x87, 7, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0)
  assert.equal(connect(inet), '{Family: AF_INET, Addr: 127.0.0.1, Port: 34567}')
  assert.equal(connect(inet, 15), '{Family: AF_INET, error extracting address: invalid argument}')
  assert.equal(connect(inet, 17), '{error reading address: bad address}')
  assert.equal(connect(inet, 201), '{error reading address: invalid argument}')
  assert.equal(connect(inet, 1), '{address too short: 1 bytes}')
  assert.equal(
    connect(Uint8Array.of(10, 0, 0, 80, ...new Uint8Array(24))),
    '{Family: AF_INET6, Addr: , Port: 80}',
  )
  assert.equal(connect(Buffer.from('\x01\0/a\0b')), '{Family: AF_UNIX, Addr: "/a"}')
  assert.equal(connect(Buffer.from('\x01\0\0a"\0b')), '{Family: AF_UNIX, Addr: "\\x00a\\"\\x00b"}')
  assert.equal(
    connect(Buffer.alloc(111, 1).fill(0, 1, 2)),
    '{Family: AF_UNIX, error extracting address: invalid argument}',
  )
  assert.equal(
    connect(words([16, 16], [16, 0], [32, 4660], [32, 255])),
    '{Family: AF_NETLINK, PortID: 4660, Groups: 255}',
  )
  assert.equal(connect(words([64, 16])), '{Family: AF_NETLINK, error extracting address: bad address}')
  const packet = Uint8Array.of(17, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 6, 1, 2, 3, 4, 5, 6, 0, 0)
  assert.equal(connect(packet), '{Family: AF_PACKET, Addr: , Port: 2048}')
  assert.equal(connect(packet, 20, { era: '2022' }), '{Family: AF_PACKET, family addr format unknown}')
  assert.equal(connect(words([16, 999])), '{Family: 0x3e7, family addr format unknown}')
  const accept = (args: number[], memory: Stretch[]): string =>
    printCall({ name: 'accept', args, memory, result: 4 }).exit
  assert.equal(accept([9, at, 0], []), `0x9 (bad FD), ${P} {length null}, null`)
  assert.equal(
    accept([9, at, other], []),
    `0x9 (bad FD), ${P} {error reading length: bad address}, ${Q} {error reading length: bad address}`,
  )
  assert.equal(
    accept([9, at, other], [here(inet), there(words([32, 0]))]),
    `0x9 (bad FD), ${P} {address too short: 0 bytes}, ${Q} {length=0}`,
  )
  check(
    {
      name: 'accept',
      args: [9, at, other],
      memory: [there(words([32, 110]))],
      after: [here(inet), there(words([32, 16]))],
      result: 4,
    },
    `0x9 (bad FD), ${P}, ${Q} {length=110}`,
    `0x9 (bad FD), ${P} {Family: AF_INET, Addr: 127.0.0.1, Port: 34567}, ${Q} {length=16}`,
  )
})

test('socket options', () => {
  const set = (length: number, bytes: Uint8Array): string =>
    printCall({
      name: 'setsockopt',
      args: [9, 1, 2, at, length],
      memory: [here(bytes)],
      ...failing,
    }).enter.replace('0x9 (bad FD), SOL_SOCKET, ', '')
  const bytes = words([32, 0x01020304], [32, 5])
  assert.equal(set(1, bytes), `SO_REUSEADDR, ${P} {value=4}, 0x1`)
  assert.equal(set(2, bytes), `SO_REUSEADDR, ${P} {value=772}, 0x2`)
  assert.equal(set(4, bytes), `SO_REUSEADDR, ${P} {value=16909060}, 0x4`)
  assert.equal(set(3, bytes), `SO_REUSEADDR, ${P} "\\x04\\x03\\x02", 0x3`)
  assert.equal(set(0, bytes), 'SO_REUSEADDR, , 0x0')
  assert.equal(set(4, new Uint8Array()), `SO_REUSEADDR, ${P} {error reading optval: bad address}, 0x4`)
  const get = (args: number[], after: Stretch[]): string =>
    printCall({ name: 'getsockopt', args, after }).exit
  assert.equal(
    get([9, 0x1e61, 3, at, other], [here(bytes), there(words([32, 8]))]),
    `0x9 (bad FD), 0x1e61, 0x3, ${P} "\\x04\\x03\\x02\\x01\\x05\\x00\\x00\\x00", ${Q} {length=8}`,
  )
  assert.equal(
    get([9, 1, 3, 0, other], []),
    `0x9 (bad FD), SOL_SOCKET, 0x3, null, ${Q} {error reading length: bad address}`,
  )
  assert.equal(
    get([9, 1, 3, at, other], []),
    `0x9 (bad FD), SOL_SOCKET, 0x3, ${Q} {error reading length: bad address}, ${Q} {error reading length: bad address}`,
  )
})

test('times', () => {
  const spec = here(longs(5, -1))
  check({ name: 'nanosleep', args: [at, 0], memory: [spec], ...failing }, `${P} {sec=5 nsec=-1}, 0x0`)
  check({ name: 'nanosleep', args: [at, 0], ...failing }, `${P} (error decoding timespec: bad address), 0x0`)
  check(
    { name: 'nanosleep', args: [0, other], after: [there(longs(1, 2))] },
    `null, ${Q}`,
    `null, ${Q} {sec=1 nsec=2}`,
  )
  check({ name: 'clock_nanosleep', args: [0, 0, 0, 0] }, '0x0, 0x0, null, 0x0', '0x0, 0x0, null, null')
  check(
    {
      name: 'utimensat',
      args: [-100, 0, at, 0],
      cwd: '/',
      memory: [here(longs(5, 0x3fffffff, 6, 7))],
      ...failing,
    },
    `AT_FDCWD /, <null>, ${P} {sec=5 nsec=UTIME_NOW}, 0x0`,
  )
  check(
    { name: 'gettimeofday', args: [at, 0], memory: [here(longs(7, 8))], after: [here(longs(9, 10))] },
    `${P} {sec=7 usec=8}, 0x0`,
    `${P} {sec=9 usec=10}, 0x0`,
  )
  check(
    { name: 'utime', args: [0, at], memory: [here(longs(123, 456))], ...failing },
    `<null>, ${P} {actime=123, modtime=456}`,
  )
  const interval = `${P} {interval=${P} {sec=1000 usec=5}, value=0x7f0000001010 {sec=2000 usec=6}}`
  check(
    { name: 'setitimer', args: [1, at, 0], memory: [here(longs(1000, 5, 2000, 6))] },
    `ITIMER_VIRTUAL, ${interval}, 0x0`,
    `ITIMER_VIRTUAL, ${interval}, null`,
  )
  check(
    { name: 'setitimer', args: [0, at, 0], memory: [here(longs(1, 2))], ...failing },
    `ITIMER_REAL, ${P} {interval=${P} {sec=1 usec=2}, value=0x7f0000001010 (error decoding timeval: bad address)}, 0x0`,
  )
  check(
    { name: 'getitimer', args: [77, at], after: [here(longs(1, 2, 3, 4))] },
    `0x4d, ${P}`,
    `0x4d, ${P} {interval=${P} {sec=1 usec=2}, value=0x7f0000001010 {sec=3 usec=4}}`,
  )
  check(
    { name: 'timerfd_settime', args: [9, 0, 0xffff_ffff_ffff_fff8n, 0], ...failing },
    '0x9 (bad FD), 0x0, 0xfffffffffffffff8 {interval=0xfffffffffffffff8 (error decoding timespec: bad address), value=0x8 (error decoding timespec: bad address)}, 0x0',
  )
})

test('usage, names and files', () => {
  const usage = here(longs(0, 1, 2, 3, ...Array.from({ length: 14 }, (_, i) => i + 10)))
  const counters =
    'MaxRSS:10 IXRSS:11 IDRSS:12 ISRSS:13 MinFlt:14 MajFlt:15 NSwap:16 InBlock:17 OuBlock:18 MsgSnd:19 MsgRcv:20 NSignals:21 NVCSw:22 NIvCSw:23}'
  const wait: TestCall = { name: 'wait4', args: [5, 0, 0, at], after: [usage], result: 5 }
  check(
    wait,
    `0x5, 0x0, 0x0, ${P}`,
    `0x5, 0x0, 0x0, ${P} {_:{_:{}} UTime:{_:{_:{}} Sec:0 Usec:1} STime:{_:{_:{}} Sec:2 Usec:3} ${counters}`,
  )
  check(
    wait,
    `0x5, 0x0, 0x0, ${P}`,
    `0x5, 0x0, 0x0, ${P} {UTime:{Sec:0 Usec:1} STime:{Sec:2 Usec:3} ${counters}`,
    undefined,
    { era: '2022' },
  )
  check(
    { ...wait, after: [] },
    `0x5, 0x0, 0x0, ${P}`,
    `0x5, 0x0, 0x0, ${P} (error decoding rusage: bad address)`,
  )
  const name = Buffer.alloc(390)
  for (const [i, part] of ['Linux', 'vm', '4.4.0', '#1', 'x86_64', '(none)'].entries())
    name.write(part, i * 65)
  check(
    { name: 'uname', args: [at], after: [here(name)] },
    P,
    `${P} {Sysname: Linux, Nodename: vm, Release: 4.4.0, Version: #1, Machine: x86_64, Domainname: (none)}`,
  )
  check({ name: 'uname', args: [0] }, '0x0', '0x0 (error decoding utsname: bad address)')
  check(
    { name: 'pipe2', args: [at, 0x80800], after: [here(words([32, 3], [32, -4]))] },
    `${P}, 0x80800`,
    `${P} [3 -4], 0x80800`,
  )
  check({ name: 'pipe', args: [at] }, P, `${P} (error decoding fds: bad address)`)
  const stat = Buffer.concat([
    longs(9, 4, 1),
    words([32, 0o100644], [32, 1], [32, 2], [32, 0]),
    longs(0, 5, 4096, 1, 100, 5, 200, 0, 300, 70_000_000, 0, 0, 0),
  ])
  const zone = process.env.TZ
  process.env.TZ = 'UTC'
  check(
    { name: 'fstat', args: [3, at], fds: { 3: 'r' }, after: [here(stat)] },
    `0x3 r, ${P}`,
    `0x3 r, ${P} {dev=9, ino=4, mode=S_IFREG|0o644, nlink=1, uid=1, gid=2, rdev=0, size=5, blksize=4096, blocks=1, atime=1970-01-01 00:01:40.000000005 +0000 UTC, mtime=1970-01-01 00:03:20 +0000 UTC, ctime=1970-01-01 00:05:00.07 +0000 UTC}`,
  )
  const onArm = Buffer.concat([
    longs(9, 4),
    words([32, 0o40755], [32, 2], [32, 1], [32, 2]),
    longs(0, 0, 5),
    words([32, 4096], [32, 0]),
    longs(1, 100, 5, 200, 0, 300, 0, 0),
  ])
  const printed = printCall({ name: 'fstat', args: [3, at], after: [here(onArm)] }, { arch: 'arm64' })
  assert.match(
    printed.exit,
    /\{dev=9, ino=4, mode=S_IFDIR\|0o755, nlink=2, uid=1, gid=2, rdev=0, size=5, blksize=4096, blocks=1, atime=1970-01-01 00:01:40\.000000005/,
  )
  if (zone === undefined) delete process.env.TZ
  else process.env.TZ = zone
  check({ name: 'fstat', args: [3, 0] }, '0x3 (bad FD), 0x0', '0x3 (bad FD), null')
})

test('signals and capabilities', () => {
  const set = here(words([32, (1 << 0) | (1 << 9)], [32, 0x8000_0002]))
  check(
    { name: 'rt_sigprocmask', args: [0, at, other, 8], memory: [set], after: [there(longs(0))] },
    `SIG_BLOCK, ${P} [SIGHUP SIGUSR1 34 64], ${Q}, 0x8`,
    `SIG_BLOCK, ${P} [SIGHUP SIGUSR1 34 64], ${Q} [], 0x8`,
  )
  check(
    { name: 'rt_sigprocmask', args: [3, 0x123, 0, 8], ...failing },
    '0x3, 0x123 (error copying sigset: bad address), 0x0, 0x8',
  )
  const action = here(Buffer.concat([longs(0x564b, 0x14000004, 0x99, 2)]))
  check(
    { name: 'rt_sigaction', args: [10, at, 0, 8], memory: [action] },
    `SIGUSR1, ${P} {Handler: 0x564b, Flags: SA_SIGINFO|SA_RESTORER|SA_RESTART, Restorer: 0x99, Mask: [SIGINT]}, 0x0, 0x8`,
    `SIGUSR1, ${P} {Handler: 0x564b, Flags: SA_SIGINFO|SA_RESTORER|SA_RESTART, Restorer: 0x99, Mask: [SIGINT]}, null, 0x8`,
  )
  check(
    { name: 'rt_sigaction', args: [34, at, 0, 8], memory: [here(longs(1, 0, 0))], ...failing },
    `34, ${P} (error copying sigaction: bad address), 0x0, 0x8`,
  )
  const data = there(words([32, 1], [32, 0x21], [32, 0x400], [32, 0], [32, 0x80], [32, 0]))
  const sets =
    'Permitted: CAP_CHOWN|CAP_KILL|0x8000000000, Inheritable: CAP_NET_BIND_SERVICE, Effective: CAP_CHOWN'
  check(
    { name: 'capset', args: [at, other], memory: [here(words([32, 0x20080522], [32, 5])), data], ...failing },
    `${P} {Version: 3, Pid: 5}, ${Q} {${sets}}`,
  )
  check(
    { name: 'capset', args: [at, other], memory: [here(words([32, 0x12345], [32, -5])), data], ...failing },
    `${P} {Version: 12345, Pid: -5}, ${Q} (unknown version 74565)`,
  )
  check(
    { name: 'capset', args: [at, other], memory: [data], ...failing },
    `${P} (error decoding header: bad address), ${Q} (error decoding header: bad address)`,
  )
  check(
    { name: 'capset', args: [at, other], memory: [here(words([32, 0x19980330], [32, 0]))], ...failing },
    `${P} {Version: 1, Pid: 0}, ${Q} (error decoding data: bad address)`,
  )
  check(
    { name: 'capget', args: [at, 0], memory: [here(words([32, 0x20080522], [32, 0]))] },
    `${P} {Version: 3, Pid: 0}, 0x0`,
    `${P} {Version: 3, Pid: 0}, null`,
  )
})

test('polling', () => {
  const list = (revents: number) =>
    here(words([32, 3], [16, 1], [16, revents], [32, -1], [16, 0xffff], [16, 0]))
  const all =
    'POLLIN|POLLPRI|POLLOUT|POLLERR|POLLHUP|POLLNVAL|POLLRDNORM|POLLRDBAND|POLLWRNORM|POLLWRBAND|POLLMSG|POLLREMOVE|POLLRDHUP|POLLFREE|POLL_BUSY_LOOP|0xffffffffffff0800'
  check(
    {
      name: 'poll',
      args: [at, 2, 0],
      fds: { 3: 'pipe:[1]' },
      memory: [list(0)],
      after: [list(17)],
      result: 1,
    },
    `${P} [{FD: 0x3 pipe:[1], Events: POLLIN, REvents: ...}, {FD: 0xffffffffffffffff (bad FD), Events: ${all}, REvents: ...}], 0x2, 0x0`,
    `${P} [{FD: 0x3 pipe:[1], Events: POLLIN, REvents: POLLIN|POLLHUP}, {FD: 0xffffffffffffffff (bad FD), Events: ${all}, REvents: 0x0}], 0x2, 0x0`,
  )
  check(
    { name: 'poll', args: [at, 3, 0], memory: [list(0)], ...failing },
    `${P} (error decoding pollfds: bad address), 0x3, 0x0`,
  )
  check(
    { name: 'poll', args: [at, 0x7fff_ffff, 0], memory: [list(0)], ...failing },
    `${P} (error decoding pollfds: invalid argument), 0x7fffffff, 0x0`,
  )
  check({ name: 'poll', args: [0, 5, 0] }, 'null, 0x5, 0x0')
  const bits = here(Uint8Array.of(0x41, 0, 0, 0, 0, 0, 0, 0, 0xc0))
  check({ name: 'select', args: [71, at, 0, 0, 0], memory: [bits] }, `0x47, ${P} [0 6 70], null, null, null`)
  check(
    { name: 'select', args: [73, at, 0, 0, 0], memory: [bits], ...failing },
    `0x49, ${P} (error decoding fdset: bad address), null, null, null`,
  )
  check(
    { name: 'select', args: [-1, at, 0, 0, 0], ...failing },
    `0xffffffffffffffff, ${P} (negative nfds), 0x0 (negative nfds), 0x0 (negative nfds), null`,
  )
  const event = here(words([32, 0x80000001], [64, 0x1122334455667788n], [32, 1], [64, -1]))
  check(
    { name: 'epoll_ctl', args: [9, 1, 9, at], memory: [event] },
    `0x9 (bad FD), EPOLL_CTL_ADD, 0x9 (bad FD), ${P} {events=EPOLLIN|EPOLLET data=[0x55667788, 0x11223344]}`,
  )
  check(
    { name: 'epoll_ctl', args: [9, 77, 9, 0] },
    '0x9 (bad FD), 0x4d, 0x9 (bad FD), 0x0 {error reading event: bad address}',
  )
  const waited: TestCall = { name: 'epoll_wait', args: [9, at, 5, 0], after: [event], result: 2 }
  check(
    waited,
    `0x9 (bad FD), ${P} {}, 0x5, 0x0`,
    `0x9 (bad FD), ${P} {{events=EPOLLIN|EPOLLET data=[0x55667788, 0x11223344]}{events=EPOLLIN data=[-0x1, -0x1]}}, 0x5, 0x0`,
  )
  check(
    waited,
    `0x9 (bad FD), ${P} {}, 0x5, 0x0`,
    `0x9 (bad FD), ${P} {{events=EPOLLIN|EPOLLET data=[0x55667788, 0x11223344]}...}, 0x5, 0x0`,
    undefined,
    { logSize: 20 },
  )
  check(
    { ...waited, after: [] },
    `0x9 (bad FD), ${P} {}, 0x5, 0x0`,
    `0x9 (bad FD), ${P} {{error reading event at ${P}: bad address}{error reading event at ${P}: bad address}}, 0x5, 0x0`,
  )
})
