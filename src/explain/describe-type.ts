/** Types of the language in words. */
import type { ArchName } from '../record/layout.ts'
import type { Int, Length, NameSet, Node, Ref, Role, SpecialName, Test } from '../types/language.ts'

const roleWords: { readonly [role in Role]?: string } = {
  address: 'address',
  fd: 'descriptor',
  otherFd: 'descriptor of another process',
  dirfd: 'descriptor of a directory, or AT_FDCWD',
  pid: 'process',
  tid: 'thread',
  pgid: 'process group',
  sid: 'session',
  pidOrGroup: 'process, or a group where it is negative',
  uid: 'user',
  gid: 'group',
  mode: 'type and permissions of a file',
  umask: 'permissions',
  dev: 'device number',
  size: 'size',
  offset: 'offset',
  signal: 'signal',
  errno: 'error number',
  seconds: 'seconds',
  time: 'seconds since 1970',
  clock: 'clock',
  port: 'port',
  key: 'key',
  be16: 'number in network byte order',
  be32: 'number in network byte order',
  waitstatus: 'wait status',
  sysno: 'number of a call',
  unused: 'not looked at',
  char: 'character',
  jiffies: 'clock ticks',
  hex: 'number, in hexadecimal',
  oct: 'number, in octal',
}

const specialWords: { readonly [name in SpecialName]: string } = {
  sigset: 'set of signals',
  sockaddr: 'socket address',
  cmsgs: 'control messages',
  fdset: 'set of descriptors',
  dirents: 'entries of a directory',
  dirents64: 'entries of a directory',
  siginfo: 'siginfo',
  cpuset: 'set of CPUs',
  waitstatus: 'wait status',
  netlink: 'netlink messages',
}

const intWords = ({ role, bits, signed }: Int): string =>
  roleWords[role] ?? `number of ${bits} bits${signed ? '' : ', unsigned'}`

const setWords = (sets: readonly NameSet[]): string => sets.map(set => set.name).join(', ')

/** A type in a few words; what it has inside of a structure, and variants, are described elsewhere. */
export function describeType(type: Node): string {
  switch (type.kind) {
    case 'int':
      return intWords(type)
    case 'flags':
      return `flags: ${setWords(type.sets)}`
    case 'enum':
      return `one of ${setWords(type.sets)}`
    case 'mixed':
      return `one of ${type.value.name}, and flags: ${type.flags.name}`
    case 'pointer':
      return `→ ${describeType(type.to)}`
    case 'cstring':
      return type.path ? 'path' : 'text'
    case 'bytes':
      return type.path ? `path of ${lengthWords(type.length)} bytes` : `${lengthWords(type.length)} bytes`
    case 'inside':
      return `${describeType(type.to)}, further on in ${refWords(type.of)}`
    case 'chars':
      return 'text'
    case 'struct':
      return `struct ${type.layout}`
    case 'array':
      return `${lengthWords(type.length)} × ${describeType(type.of)}`
    case 'strings':
      return type.env ? 'environment' : 'list of texts'
    case 'iovecs':
      return `${lengthWords(type.count)} × struct iovec, and what they lead to`
    case 'special':
      return specialWords[type.name]
    case 'select':
      return `hangs on ${refWords(type.on)}`
    case 'when':
      return conditionalWords(type)
    case 'absent':
      return 'not there'
  }
}

function conditionalWords({ test, type, otherwise }: Extract<Node, { kind: 'when' }>): string {
  const [yes, no] = [describeType(type), describeType(otherwise)]
  if (yes === no) return yes
  if (otherwise.kind === 'absent') return `${yes}, ${testWords(test)}`
  return `${testWords(test)}: ${yes}; else ${no}`
}

const name = (value: string | number): string =>
  typeof value === 'string' ? value : value > 9 ? `0x${value.toString(16)}` : String(value)
const names = (values: readonly (string | number)[]): string => {
  const shown = values.slice(0, 8).map(name)
  return shown.join(' or ') + (values.length > shown.length ? ' …' : '')
}

function testWords(test: Test): string {
  if ('netlink' in test) return 'on a netlink socket'
  const what = refWords(test.ref)
  if ('anyBit' in test) return `with ${names(test.anyBit)} in ${what}`
  return 'oneOf' in test ? `if ${what} is ${names(test.oneOf)}` : `unless ${what} is ${names(test.noneOf)}`
}

/** What a reference refers to. */
export function refWords(ref: Ref): string {
  if ('ret' in ref) return 'the result'
  if ('arg' in ref) return ref.arg
  if ('field' in ref) return ref.field
  if ('peek' in ref)
    return `*${refWords(ref.peek)}${ref.offset === undefined || ref.offset === 0 ? '' : ` + ${ref.offset}`}`
  const hex = (mask: number): string => `0x${(mask >>> 0).toString(16)}`
  // A mask that begins with ones takes some bits out.
  return ref.mask >>> 31 === 1 && ~ref.mask !== 0 && ref.shift === 0
    ? `${refWords(ref.part)} without ${hex(~ref.mask)}`
    : `bits ${hex(ref.mask)} of ${refWords(ref.part)}`
}

function lengthWords(length: Length): string {
  if (typeof length === 'number') return String(length)
  if ('min' in length) return `${lengthWords(length.min[0])} (at most ${lengthWords(length.min[1])})`
  if ('times' in length) {
    const [a, b] = length.times
    return typeof b === 'number' && b < 1
      ? `${lengthWords(a)} / ${Math.round(1 / b)}`
      : `${lengthWords(a)} × ${lengthWords(b)}`
  }
  if ('plus' in length) return `(${lengthWords(length.plus[0])} + ${length.plus[1]})`
  if ('deref' in length) return `*${length.deref}`
  return refWords(length)
}

/** The names of a set with their values, and what other architectures have instead. */
export function setRows(set: NameSet): string[][] {
  const shown = (value: number | bigint): string =>
    set.kind === 'flags' || value > 255 ? `0x${value.toString(16)}` : String(value)
  return Object.entries(set.values).map(([key, value]) => {
    const others = (['arm64', 'i386'] as const satisfies readonly ArchName[]).flatMap(arch => {
      const other = set[arch]?.[key]
      return other === undefined ? [] : [`${arch}: ${other === null ? 'none' : shown(other)}`]
    })
    return [key, shown(value), others.join(', ')]
  })
}
