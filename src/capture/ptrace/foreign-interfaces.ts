/** Names of network interfaces in another network namespace than ours: numbers mean other ones there. */
import { readFileSync } from 'node:fs'
import { libc } from './libc.ts'
import { NativeMemory } from './native-memory.ts'

const AF_UNIX = 1
const SOCK_DGRAM_CLOEXEC = 0o2000002
const SOL_SOCKET = 1
/** Tells network namespaces apart (Linux 5.14). */
const SO_NETNS_COOKIE = 71
const SIOCGIFINDEX = 0x8933
/** struct ifreq: a name, and what is asked of the interface. */
const request = { name: 0, nameBytes: 16, index: 16, bytes: 40 } as const
const place = { value: 40, length: 48, bytes: 56 } as const
/** No more are told of. */
const mostInterfaces = 256

let scratch: NativeMemory | undefined
let ours: bigint | undefined

/** The interfaces of the namespace that socket `fd` (our copy of one of `pid`'s) is in, a line each; '' where that is ours. */
export function interfacesBehind(fd: number, pid: number): string {
  scratch ??= new NativeMemory(place.bytes)
  ours ??= ourNamespace()
  const theirs = namespaceOf(fd)
  if (theirs === 0n || theirs === ours) return ''
  let lines = ''
  for (const name of namesOf(pid)) {
    const index = indexOf(fd, name)
    if (index > 0) lines += `${index} ${name}\n`
  }
  return lines
}

/** 0: the kernel does not tell. */
function namespaceOf(fd: number): bigint {
  const { view, address } = scratch!
  view.setUint32(place.length, 8, true)
  const got = libc.getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, address + place.value, address + place.length)
  return got === 0 ? view.getBigUint64(place.value, true) : 0n
}

function ourNamespace(): bigint {
  const fd = libc.socket(AF_UNIX, SOCK_DGRAM_CLOEXEC, 0)
  if (fd < 0) return 0n
  const cookie = namespaceOf(fd)
  libc.close(fd)
  return cookie
}

/** The names of the interfaces that a process sees, which stand before the colons. */
function namesOf(pid: number): string[] {
  try {
    const text = readFileSync(`/proc/${pid}/net/dev`, 'latin1')
    const names = text.split('\n', mostInterfaces + 2).map(line => /^ *([^ :]+):/.exec(line)?.[1])
    return names.filter(name => name !== undefined && name.length < request.nameBytes) as string[]
  } catch {
    return []
  }
}

/** Asked through a socket of that namespace. */
function indexOf(fd: number, name: string): number {
  const { view, bytes, address } = scratch!
  bytes.fill(0, 0, request.bytes)
  bytes.set(Buffer.from(name, 'latin1'), request.name)
  return libc.ioctl(fd, SIOCGIFINDEX, address) === 0 ? view.getInt32(request.index, true) : -1
}
