/** Structures in a line of gVisor's log, back to their bytes: those whose text has all that is in them. */
import type { GvisorArch } from '../dialects/gvisor/eras.ts'
import { layout } from '../dialects/gvisor/layouts.ts'
import { constants } from '../dialects/gvisor/tables/errors.ts'
import { braces, byNames, pointer, putNumber, type Reader, signed, words } from './runsc-reader.ts'

export function structureReaders(arch: GvisorArch): { readonly [specifier: string]: Reader } {
  const time = pointer(braces(1), timeBytes)
  const interval = pointer(braces(2), (body, { memory }) => {
    for (const [, address, one] of body.matchAll(/(?:interval|value)=(0x[0-9a-f]+) (\{[^{}]*\})/g)) {
      const bytes = timeBytes(one!)
      if (bytes !== null) memory.push({ address: BigInt(address!), bytes })
    }
    return null
  })
  const signals = signalSet(arch)
  const set = pointer('\\[[^\\]]*\\]', body => words(signals(body)))
  const action = pointer(braces(1), signalAction(arch, signals))
  const capabilities = pointer(braces(1), capabilityData(arch))
  return {
    Timespec: time,
    PostTimespec: time,
    UTimeTimespec: time,
    Timeval: time,
    Utimbuf: time,
    ItimerVal: interval,
    PostItimerVal: interval,
    ItimerSpec: interval,
    PostItimerSpec: interval,
    SigSet: set,
    PostSigSet: set,
    SigAction: action,
    PostSigAction: action,
    CapHeader: pointer(braces(1), capabilityHeader),
    CapData: capabilities,
    PostCapData: capabilities,
    PipeFDs: pointer('\\[[^\\]]*\\]', body => int32s(body.match(/-?\d+/g) ?? [])),
    Stat: pointer(braces(1), stat(arch)),
    Rusage: pointer(braces(3), body =>
      words(...[...body.matchAll(/:(-?\d+)/g)].slice(0, rusageWords).map(([, number]) => signed(number!))),
    ),
    // What a system calls itself may have braces in it, in theory.
    Uname: pointer('\\{Sysname: .*\\}', uname(arch)),
    PollFDs: pointer('\\[(?:\\{.*\\})?\\]', pollDescriptors(arch)),
    SelectFDSet: pointer('\\[[^\\]]*\\]', descriptorSet),
    EpollEvent: pointer(braces(1), epollEvents(arch)),
    EpollEvents: pointer(braces(2), epollEvents(arch)),
  }
}

/** Any two numbers of a time: `{sec=5 nsec=UTIME_NOW}`, `{actime=1, modtime=2}`. */
function timeBytes(body: string): Uint8Array | null {
  const [, first, second] = /^\{\w+=(-?\d+),? \w+=(-?\d+|UTIME_NOW|UTIME_OMIT)\}$/.exec(body) ?? []
  if (second === undefined) return null
  const special = { UTIME_NOW: constants.UTIME_NOW, UTIME_OMIT: constants.UTIME_OMIT }
  return words(
    signed(first!),
    second in special ? BigInt(special[second as keyof typeof special]) : signed(second),
  )
}

function int32s(numbers: readonly string[]): Uint8Array {
  const bytes = Buffer.alloc(numbers.length * 4)
  for (const [i, number] of numbers.entries()) putNumber(bytes, i * 4, 4, signed(number))
  return bytes
}

/** `[SIGHUP 34]` as bits. */
function signalSet(arch: GvisorArch): (text: string) => bigint {
  const number = byNames(arch, 'signalNames')
  return text =>
    (text.match(/\w+/g) ?? []).reduce((set, name) => {
      const signo = number(name)
      return signo > 0n && signo <= 64n ? set | (1n << (signo - 1n)) : set
    }, 0n)
}

function signalAction(arch: GvisorArch, signals: (text: string) => bigint) {
  const { size, at } = layout('kernel_sigaction', arch)
  const flags = byNames(arch, 'sigActionFlags')
  const handlers = byNames(arch, { SIG_DFL: constants.SIG_DFL, SIG_IGN: constants.SIG_IGN })
  return (body: string): Uint8Array | null => {
    const [, handler, flagText, restorer, mask] =
      /^\{Handler: (\w+), Flags: ([\w|]+), Restorer: (0x[0-9a-f]+), Mask: \[(.*)\]\}$/.exec(body) ?? []
    if (handler === undefined) return null
    const bytes = Buffer.alloc(size)
    putNumber(bytes, at('sa_handler'), 8, handlers(handler))
    putNumber(bytes, at('sa_flags'), 8, flags(flagText!))
    putNumber(bytes, at('sa_restorer'), 8, signed(restorer!))
    putNumber(bytes, at('sa_mask'), 8, signals(mask!))
    return bytes
  }
}

const versions: { readonly [version: string]: number } = {
  1: constants.LINUX_CAPABILITY_VERSION_1,
  2: constants.LINUX_CAPABILITY_VERSION_2,
  3: constants.LINUX_CAPABILITY_VERSION_3,
}

function capabilityHeader(body: string): Uint8Array | null {
  const [, version, pid] = /^\{Version: ([0-9a-f]+), Pid: (-?\d+)\}$/.exec(body) ?? []
  if (version === undefined) return null
  const bytes = Buffer.alloc(8)
  putNumber(bytes, 0, 4, BigInt(versions[version] ?? `0x${version}`))
  putNumber(bytes, 4, 4, signed(pid!))
  return bytes
}

/** As versions 2 and 3 have it: the lower words of the sets, then the upper ones. */
function capabilityData(arch: GvisorArch) {
  const { size, at } = layout('__user_cap_data_struct', arch)
  const flags = byNames(arch, 'CapabilityBitset')
  return (body: string): Uint8Array | null => {
    const bytes = Buffer.alloc(2 * size)
    for (const [, name, text] of body.matchAll(/(\w+): ([\w|]+)/g)) {
      const field = name!.toLowerCase()
      if (!/^(?:permitted|inheritable|effective)$/.test(field)) return null
      const set = flags(text!)
      putNumber(bytes, at(field), 4, set)
      putNumber(bytes, size + at(field), 4, set >> 32n)
    }
    return bytes
  }
}

function stat(arch: GvisorArch) {
  const { size, at } = layout('stat', arch)
  const mode = byNames(arch, 'fileType', 'modeExtraBits')
  const fields = ['dev', 'ino', 'mode', 'nlink', 'uid', 'gid', 'rdev', 'size', 'blksize', 'blocks']
  const narrow = new Set(['mode', 'uid', 'gid', ...(arch === 'arm64' ? ['nlink', 'blksize'] : [])])
  return (body: string): Uint8Array | null => {
    const texts = new Map([...body.matchAll(/(\w+)=([^,}]*)/g)].map(([, name, text]) => [name!, text!]))
    const bytes = Buffer.alloc(size)
    for (const field of fields) {
      const text = texts.get(field)
      if (text === undefined) return null
      const value = field === 'mode' ? mode(text) : signed(text)
      putNumber(bytes, at(`st_${field}`), narrow.has(field) ? 4 : 8, value)
    }
    for (const field of ['atime', 'mtime', 'ctime']) {
      const time = goTimeOf(texts.get(field) ?? '')
      if (time === null) return null
      putNumber(bytes, at(`st_${field}`), 8, time.seconds)
      putNumber(bytes, at(`st_${field}_nsec`), 8, time.nanoseconds)
    }
    return bytes
  }
}

/** `2026-11-23 08:39:59.77 +0000 UTC` as seconds since 1970, and what is left. */
function goTimeOf(text: string): { readonly seconds: bigint; readonly nanoseconds: bigint } | null {
  const [, date, clock, fraction = '', sign, hours, minutes] =
    /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,9}))? ([+-])(\d\d)(\d\d)/.exec(text) ?? []
  const milliseconds = Date.parse(`${date}T${clock}${sign}${hours}:${minutes}`)
  if (Number.isNaN(milliseconds)) return null
  return { seconds: BigInt(milliseconds / 1000), nanoseconds: BigInt(fraction.padEnd(9, '0')) }
}

/** Two times of two numbers, and fourteen more. */
const rusageWords = 18
const nameFields = ['Sysname', 'Nodename', 'Release', 'Version', 'Machine', 'Domainname']
/** No name is longer; without a bound six of them would take forever to be told apart. */
const namesPattern = new RegExp(`^\\{${nameFields.map(name => `${name}: (.{0,65})`).join(', ')}\\}$`, 's')

function uname(arch: GvisorArch) {
  const { size } = layout('new_utsname', arch)
  const length = size / nameFields.length
  return (body: string): Uint8Array | null => {
    const names = namesPattern.exec(body)?.slice(1)
    if (names === undefined) return null
    const bytes = Buffer.alloc(size)
    for (const [i, name] of names.entries()) bytes.write(name.slice(0, length), i * length, 'latin1')
    return bytes
  }
}

function pollDescriptors(arch: GvisorArch) {
  const { size, at } = layout('pollfd', arch)
  const events = byNames(arch, 'PollEventSet')
  const entry =
    /\{FD: (0x[0-9a-f]+|AT_FDCWD)(?: ((?:(?!\{FD: ).)*?))?, Events: ([\w|]+), REvents: ([\w|]+|\.\.\.)\}/gs
  return (body: string, { paths }: { paths: { fd: number; path: string }[] }): Uint8Array => {
    const entries = [...body.matchAll(entry)]
    const bytes = Buffer.alloc(entries.length * size)
    for (const [i, [, number, path, wanted, happened]] of entries.entries()) {
      const fd = number === 'AT_FDCWD' ? constants.AT_FDCWD : Number(BigInt.asIntN(32, signed(number!)))
      if (path !== undefined && path !== '(bad FD)') paths.push({ fd, path })
      bytes.writeInt32LE(fd, i * size + at('fd'))
      putNumber(bytes, i * size + at('events'), 2, events(wanted!))
      putNumber(bytes, i * size + at('revents'), 2, events(happened!))
    }
    return bytes
  }
}

/** The set as large as programs have it, whatever the first argument is. */
const setBytes = 128

function descriptorSet(body: string): Uint8Array | null {
  const members = (body.match(/\d+/g) ?? []).map(Number)
  const last = members.reduce((most, fd) => Math.max(most, fd), 0)
  if (last >= 1 << 20) return null
  const bytes = Buffer.alloc(Math.max(setBytes, (last >> 3) + 1))
  for (const fd of members) bytes[fd >> 3]! |= 1 << (fd & 7)
  return bytes
}

/** One event, or several in a row. */
function epollEvents(arch: GvisorArch) {
  const { size, at } = layout('epoll_event', arch)
  const flags = byNames(arch, 'epollEventEvents')
  const entry = /\{events=([\w|]+) data=\[(-?0x[0-9a-f]+), (-?0x[0-9a-f]+)\]\}/g
  return (body: string): Uint8Array => {
    const events = [...body.matchAll(entry)]
    const bytes = Buffer.alloc(events.length * size)
    for (const [i, [, happened, lower, upper]] of events.entries()) {
      putNumber(bytes, i * size, 4, flags(happened!))
      putNumber(bytes, i * size + at('data'), 4, signed(lower!))
      putNumber(bytes, i * size + at('data') + 4, 4, signed(upper!))
    }
    return bytes
  }
}
