/** Asking the kernel through netlink sockets of our own, and reading what it answers: messages, and the attributes in them. */
import { addrfams, msg_flags, netlink_protocols, sock_type_flags, socktypes } from '../../abi/sets.ts'
import { align4 } from '../../record/layout.ts'
import { netlinkHeaderBytes } from '../../types/plan.ts'
import { libc } from './libc.ts'
import type { NativeMemory } from './native-memory.ts'

/** struct nlmsghdr. */
export const messageHeader = { length: 0, type: 4, flags: 6, sequence: 8, bytes: netlinkHeaderBytes } as const
/** struct nlattr: a length, which counts it, and a type, whose two highest bits are flags. */
const attributeHeader = { length: 0, type: 2, bytes: 4 } as const
const attributeType = 0x3fff

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

/** The attributes between two places, which others may have written: where the content of each begins and ends. */
export function eachAttribute(
  view: DataView,
  from: number,
  limit: number,
  found: (type: number, from: number, end: number) => void,
): void {
  for (let at = from; at + attributeHeader.bytes <= limit; ) {
    const length = view.getUint16(at + attributeHeader.length, true)
    if (length < attributeHeader.bytes) return
    const type = view.getUint16(at + attributeHeader.type, true) & attributeType
    found(type, at + attributeHeader.bytes, Math.min(at + length, limit))
    at += align4(length)
  }
}
