import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { layouts as layoutSource, structsNamed } from '../../scripts/abi/layouts.ts'
import { generate } from '../../scripts/generate-abi.ts'
import { errnoAliases, errnoNames, errnoTexts } from './errno.ts'
import { ioctlDirection, ioctlNames } from './ioctl-names.ts'
import { layouts, type StructLayout } from './layouts.ts'
import * as sets from './sets.ts'
import { signalNames, signalTexts } from './signals.ts'
import { syscallArgumentCounts, syscallNumbers } from './syscalls.ts'

test('generated files are up to date', () => {
  for (const [path, text] of generate()) {
    const committed = readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
    assert.ok(committed === text, `${path} is out of date: npm run generate`)
  }
})

test('system calls: counts and well-known numbers', () => {
  const count = (arch: keyof typeof syscallNumbers) => Object.keys(syscallNumbers[arch]).length
  assert.deepEqual([count('amd64'), count('arm64'), count('i386')], [384, 327, 461])
  const { amd64, arm64, i386 } = syscallNumbers
  assert.deepEqual([amd64.read, amd64.openat, amd64.execve, amd64.exit_group], [0, 257, 59, 231])
  assert.deepEqual([arm64.read, arm64.openat, arm64.execve, arm64.exit_group], [63, 56, 221, 94])
  assert.deepEqual([i386.read, i386.openat, i386.execve, i386.exit_group], [3, 295, 11, 252])
  // From pidfd_send_signal on architectures use the same numbers.
  for (const table of [amd64, arm64, i386]) assert.equal(table.clone3, 435)
  assert.ok(!('open' in arm64))
})

test('system calls: every call has a number of its own and an argument count', () => {
  for (const arch of ['amd64', 'arm64', 'i386'] as const) {
    const counts: { readonly [name: string]: number } = syscallArgumentCounts[arch]
    const numbers = Object.values(syscallNumbers[arch])
    assert.equal(new Set(numbers).size, numbers.length)
    for (const name of Object.keys(syscallNumbers[arch])) {
      assert.ok(counts[name]! >= 0 && counts[name]! <= 6, `${arch} ${name}`)
    }
  }
  assert.equal(syscallArgumentCounts.amd64.mmap, 6)
  assert.equal(syscallArgumentCounts.arm64.mmap, 6)
  assert.equal(syscallArgumentCounts.i386.mmap, 1)
})

test('errors', () => {
  assert.equal(errnoNames[2], 'ENOENT')
  assert.equal(errnoTexts[2], 'No such file or directory')
  assert.equal(errnoNames[133], 'EHWPOISON')
  assert.equal(errnoNames[512], 'ERESTARTSYS')
  assert.equal(errnoNames[516], 'ERESTART_RESTARTBLOCK')
  assert.equal(errnoNames[531], 'ENOGRACE')
  assert.deepEqual([errnoNames[0], errnoNames[41], errnoNames[300], errnoNames[520]], Array(4).fill(undefined))
  assert.equal(errnoNames.length, errnoTexts.length)
  assert.equal(errnoNames[errnoAliases.EWOULDBLOCK], 'EAGAIN')
})

test('signals', () => {
  assert.equal(signalNames.length, 32)
  assert.equal(signalTexts.length, 32)
  assert.deepEqual([signalNames[1], signalNames[9], signalNames[31]], ['SIGHUP', 'SIGKILL', 'SIGSYS'])
  assert.equal(signalTexts[11], 'Segmentation fault')
})

test('sets: well-known values on both architectures', () => {
  assert.deepEqual(sets.mmap_prot.values.PROT_WRITE, 2)
  assert.equal(sets.mmap_prot.prefix, 'PROT_')
  assert.equal(sets.open_mode_flags.values.O_DIRECTORY, 0o200000)
  assert.equal(sets.open_mode_flags.arm64.O_DIRECTORY, 0o40000)
  assert.equal(sets.open_mode_flags.values.O_CLOEXEC, 0o2000000)
  assert.ok(!('O_CLOEXEC' in sets.open_mode_flags.arm64))
  assert.equal(sets.mmap_flags.arm64.MAP_32BIT, null)
  assert.equal(sets.addrfams.values.AF_INET6, 10)
  assert.equal(sets.cap_mask0.values.CAP_KILL, 1 << 5)
  assert.equal(sets.uffd_api_flags.values._UFFDIO_API, 1n << 63n)
  assert.equal(sets.kd_key_fn_key_vals.values['KVAL(K_F2)'], 1)
})

test('sets: all are there, under their own names, and numbers are exact', () => {
  const all = Object.entries(sets)
  assert.equal(all.length, 800)
  for (const [name, set] of all) {
    assert.equal(set.name, name)
    for (const [member, value] of Object.entries<number | bigint>(set.values)) {
      assert.ok(!(set.kind === 'flags' && value < 0), `${name} ${member} is negative`)
      assert.equal(typeof value, Number.isSafeInteger(Number(value)) ? 'number' : 'bigint', `${name} ${member}`)
    }
  }
})

test('ioctls', () => {
  assert.deepEqual(ioctlNames(0x5413, 'amd64'), ['TIOCGWINSZ'])
  assert.ok(ioctlNames(0x5401, 'arm64').includes('TCGETS'))
  // The commands of KVM hold the size of a struct that each architecture has of its own.
  assert.ok(ioctlNames(0x8090ae81, 'amd64').includes('KVM_GET_REGS'))
  assert.ok(!ioctlNames(0x8090ae81, 'arm64').includes('KVM_GET_REGS'))
  assert.ok(ioctlNames(0x8360ae81, 'arm64').includes('KVM_GET_REGS'))
  assert.equal(ioctlNames(0x8090ae81 | 0, 'amd64'), ioctlNames(0x8090ae81, 'amd64'))
  assert.deepEqual(ioctlNames(0xdeadbeef, 'amd64'), [])
})

test('ioctls: the number holds the direction that the facts give', () => {
  const text = readFileSync(new URL('../../data/abi/ioctls.json', import.meta.url), 'utf8')
  for (const { name, value, dir } of JSON.parse(text).ioctls) {
    if (dir !== null) assert.equal(ioctlDirection(value), dir, name)
  }
  assert.equal(ioctlDirection(0xc0306201 | 0), 'rw')
})

test('layouts: those that the sources name are made, and an unknown name is told with its file', () => {
  assert.deepEqual(structsNamed("struct('stat', {}); union(\n  'sigval'); constructs('no'); layoutOf(name)"), ['stat', 'sigval'])
  assert.match(layoutSource(new Map([['winsize', 'src/a.ts']])), /ws_row: \{ offset: 0, size: 2 \}/)
  assert.throws(() => layoutSource(new Map([['no_such', 'src/a.ts']])), /src\/a\.ts.*no_such/)
})

test('layouts: fields lie inside of their struct and inner ones inside of theirs', () => {
  for (const [name, layout] of Object.entries<StructLayout & { arm64?: StructLayout; i386?: StructLayout }>(layouts)) {
    for (const { size, fields } of [layout, layout.arm64, layout.i386].filter(one => one !== undefined)) {
      for (const [path, field] of Object.entries(fields)) {
        const parent = path.includes('.') ? fields[path.slice(0, path.lastIndexOf('.'))] : undefined
        const [from, to] = parent ? [parent.offset, parent.offset + parent.size] : [0, size]
        assert.ok(field.offset >= from && field.offset + field.size <= to, `${name}.${path}`)
        const { element, count = 0, width } = field
        if (element && count) assert.equal(element.size * count, field.size, `${name}.${path}`)
        if (element) assert.ok(element.size > 0, `${name}.${path} has elements of no size`)
        if (width) assert.ok(field.bit! + width <= field.size * 8, `${name}.${path}`)
      }
    }
  }
})

test('layouts: the forms that a field takes', () => {
  const { siginfo, timespec, stat, epoll_event, sock_fprog, perf_event_attr, rseq, statx, inotify_event } = layouts
  assert.deepEqual(timespec.fields.tv_sec, { offset: 0, size: 8, signed: true })
  assert.equal(timespec.i386.fields.tv_nsec.offset, 4)
  assert.deepEqual(sock_fprog.fields.filter, { offset: 8, size: 8, pointer: true })
  assert.deepEqual(siginfo.fields['_sifields._kill._uid'], { offset: 20, size: 4 })
  assert.deepEqual(perf_event_attr.fields.precise_ip, { offset: 40, size: 8, bit: 15, width: 2 })
  assert.deepEqual(statx.fields.stx_atime, { offset: 64, size: 16, struct: 'statx_timestamp' })
  assert.deepEqual(inotify_event.fields.name, { offset: 16, size: 0, element: { size: 1 }, count: 0 })
  assert.deepEqual([epoll_event.size, epoll_event.arm64.size], [12, 16])
  assert.notEqual(stat.fields.st_mode.offset, stat.arm64.fields.st_mode.offset)
  assert.ok(rseq.fields.cpu_id)
})
