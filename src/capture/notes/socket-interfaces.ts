/**
 * Names of the network interfaces where a socket is: numbers mean others in another network namespace, and nothing any more
 * once a call that removes an interface has returned.
 */

import { readFileSync } from 'node:fs'
import { libc } from '../../libc/libc.ts'
import { NativeMemory } from '../../libc/native-memory.ts'
import { procNumber } from './process-numbers.ts'

const SIOCGIFINDEX = 0x8933
/** struct ifreq: a name, and what is asked of the interface. */
const request = { name: 0, nameBytes: 16, index: 16, bytes: 40 } as const
/** No more are told of. */
const mostInterfaces = 256

let scratch: NativeMemory | undefined

/** The interfaces of the namespace that socket `fd` (our copy of one of `pid`'s) is in, a line each. */
export function interfacesBehind(fd: number, pid: number): string {
  scratch ??= new NativeMemory(request.bytes)
  let lines = ''
  for (const name of namesOf(pid)) {
    const index = indexOf(fd, name)
    if (index > 0) lines += `${index} ${name}\n`
  }
  return lines
}

/** The names of the interfaces that a process sees, which stand before the colons. */
function namesOf(pid: number): string[] {
  try {
    const text = readFileSync(`/proc/${procNumber(pid)}/net/dev`, 'latin1')
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
