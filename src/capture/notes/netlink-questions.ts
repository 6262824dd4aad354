/** Asking the kernel through netlink sockets of our own. */
import { addrfams, msg_flags, netlink_protocols, sock_type_flags, socktypes } from '../../abi/sets.ts'
import { libc } from '../../libc/libc.ts'
import type { NativeMemory } from '../../libc/native-memory.ts'

/** A socket of ours to ask part of the kernel; below 0 where it has none. */
export function netlinkSocket(protocol: keyof typeof netlink_protocols.values): number {
  const type = socktypes.values.SOCK_RAW | sock_type_flags.values.SOCK_CLOEXEC
  return libc.socket(addrfams.values.AF_NETLINK, type, netlink_protocols.values[protocol])
}

/** Whether the first `bytes` of `memory` could be sent. */
export const sendQuestion = (fd: number, { address }: NativeMemory, bytes: number): boolean =>
  libc.send(fd, address, bytes, 0) === bytes

/** The bytes of the next answer, which stands in `memory` then; below 0 for none: the kernel answers before `send` returns. */
export const receiveAnswer = (fd: number, { address, bytes }: NativeMemory): number =>
  libc.recv(fd, address, bytes.length, msg_flags.values.MSG_DONTWAIT)
