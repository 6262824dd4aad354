/** What stands in the arguments and the memory of a made-up call, where nothing in its declaration asks for another value. */
import type { ArchName } from '../record/layout.ts'
import type { EnumType, FlagsType, Int, MixedType, NameSet, Role, SpecialName } from '../types/language.ts'
import { layoutOf, numberIn } from '../types/resolve.ts'

const ascii = (text: string): Uint8Array => Buffer.from(text, 'latin1')

export const samplePath: Uint8Array = ascii('/etc/hosts\0')
export const sampleText: Uint8Array = ascii('example\0')
export const sampleData: Uint8Array = ascii('Hello, world\n')
export const sampleArguments: readonly Uint8Array[] = [ascii('ls\0'), ascii('-l\0')]
export const sampleEnvironment: readonly Uint8Array[] = [ascii('HOME=/root\0')]

const roles: { readonly [role in Role]?: bigint } = {
  address: 0x7f20_5de0_1000n,
  fd: 3n,
  otherFd: 3n,
  dirfd: -100n,
  pid: 1234n,
  tid: 1235n,
  pgid: 1234n,
  sid: 1234n,
  pidOrGroup: 1234n,
  uid: 1000n,
  gid: 1000n,
  mode: 0o100644n,
  umask: 0o644n,
  dev: 0x801n,
  size: 4096n,
  offset: 0n,
  signal: 15n,
  errno: 2n,
  time: 1_700_000_000n,
  clock: 1n,
  key: 0x1234n,
  port: 0x5000n,
  be16: 0x5000n,
  be32: 0x100_007fn,
  waitstatus: 0n,
  sysno: 1n,
  unused: 0n,
  char: 97n,
}

/** Of arguments that are more than their type says: the size of the kernel's own sets of signals, milliseconds, a length. */
const named: { readonly [argument: string]: bigint } = {
  sigsetsize: 8n,
  sizemask: 8n,
  timeout: 1000n,
  backlog: 128n,
}

/** A number of 32 bits has no room for an address: it is one of those that 32-bit programs have. */
export const sampleNumber = ({ role, bits }: Int, argument = ''): bigint =>
  role === 'address' && bits === 32 ? 0xf7de_1000n : (named[argument] ?? roles[role] ?? 1n)

function* numbers(sets: readonly NameSet[], arch: ArchName): Generator<bigint> {
  for (const set of sets)
    for (const name of Object.keys(set.values)) {
      const value = numberIn(set, name, arch)
      if (value !== undefined) yield value
    }
}

/** The first name that says something. */
export function sampleNamed(type: FlagsType | EnumType | MixedType, arch: ArchName): bigint {
  const sets = type.kind === 'mixed' ? [type.value] : type.sets
  for (const value of numbers(sets, arch)) if (type.kind === 'mixed' || value > 0n) return value
  return 0n
}

/** The bytes of a special. */
export function sampleSpecial(name: SpecialName, arch: ArchName): Uint8Array {
  switch (name) {
    case 'sigset':
      return Uint8Array.of(0x02, 0x40, 0, 0, 0, 0, 0, 0) // SIGINT, SIGTERM
    case 'sockaddr':
      return Uint8Array.of(2, 0, 0, 80, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0)
    case 'fdset':
    case 'cpuset':
      return Uint8Array.of(0x08, 0, 0, 0, 0, 0, 0, 0)
    case 'waitstatus':
      return Uint8Array.of(0, 0, 0, 0)
    case 'siginfo':
      return words(128, [17, 0, 1, 0, 1234, 1000, 0])
    case 'cmsgs':
      return controlMessage(arch)
    case 'dirents':
      return directory(arch, false)
    case 'dirents64':
      return directory(arch, true)
    case 'netlink':
      return words(16, [16, 0x0001_0003, 1, 0])
  }
}

function words(length: number, values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(length)
  const view = new DataView(bytes.buffer)
  values.forEach((value, i) => {
    view.setUint32(i * 4, value, true)
  })
  return bytes
}

/** SCM_RIGHTS with a descriptor. */
function controlMessage(arch: ArchName): Uint8Array {
  const { size, fields } = layoutOf('cmsghdr', arch)
  const bytes = new Uint8Array(size + 8)
  const view = new DataView(bytes.buffer)
  view.setUint32(fields.cmsg_len!.offset, size + 4, true)
  view.setUint32(fields.cmsg_level!.offset, 1, true)
  view.setUint32(fields.cmsg_type!.offset, 1, true)
  view.setUint32(size, 3, true)
  return bytes
}

/** An entry of a directory, its type behind the name in the older layout, whose first two members are words. */
function directory(arch: ArchName, newer: boolean): Uint8Array {
  const { fields } = layoutOf('linux_dirent64', arch)
  const lengthAt = newer || arch !== 'i386' ? 16 : 8
  const bytes = new Uint8Array(32)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, 42, true)
  view.setUint16(lengthAt, bytes.length, true)
  bytes.set(ascii('hosts'), newer ? fields.d_name!.offset : lengthAt + 2)
  bytes[newer ? fields.d_type!.offset : bytes.length - 1] = 8
  return bytes
}
