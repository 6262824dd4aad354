/** The families of generic netlink: the kernel gives most of them their numbers as they come, and tells who asks (nlctrl). */
import { genl_ctrl_attr, netlink_protocols } from '../../abi/sets.ts'
import { libc } from './libc.ts'
import { NativeMemory } from './native-memory.ts'

const AF_NETLINK = 16
const SOCK_RAW_CLOEXEC = 0o2000003
const MSG_DONTWAIT = 0x40
const NLMSG_DONE = 3
/** NLM_F_REQUEST and NLM_F_DUMP. */
const NLM_F_REQUEST_DUMP = 0x301
/** The number of nlctrl itself, and its question. */
const GENL_ID_CTRL = 16
const CTRL_CMD_GETFAMILY = 3
/** struct nlmsghdr, then struct genlmsghdr, then struct nlattr. */
const header = { length: 0, type: 4, flags: 6, command: 16, version: 17, bytes: 20 } as const
/** As many bytes as the kernel puts into one answer of a dump. */
const answerBytes = 32_768
/** The kernel has some dozens. */
const mostAnswers = 64
const { CTRL_ATTR_FAMILY_ID, CTRL_ATTR_FAMILY_NAME } = genl_ctrl_attr.values

let lines: string | undefined

/** A line each: number, space and name. Asked for once; '' where the kernel does not tell. */
export function genericFamilies(): string {
  lines ??= ask()
  return lines
}

function ask(): string {
  const fd = libc.socket(AF_NETLINK, SOCK_RAW_CLOEXEC, Number(netlink_protocols.values.NETLINK_GENERIC))
  if (fd < 0) return ''
  const { address, view } = new NativeMemory(answerBytes)
  view.setUint32(header.length, header.bytes, true)
  view.setUint16(header.type, GENL_ID_CTRL, true)
  view.setUint16(header.flags, NLM_F_REQUEST_DUMP, true)
  view.setUint8(header.command, CTRL_CMD_GETFAMILY)
  view.setUint8(header.version, 1)
  let found = ''
  if (libc.send(fd, address, header.bytes, 0) === header.bytes)
    for (let n = 0; n < mostAnswers; n++) {
      const answer = familiesIn(view, libc.recv(fd, address, answerBytes, MSG_DONTWAIT))
      if (answer === '') break
      found += answer
    }
  libc.close(fd)
  return found
}

/** What an answer of `bytes` says; '' for the last one, and for errors. */
function familiesIn(view: DataView, bytes: number): string {
  let found = ''
  for (let at = 0; at + header.bytes <= bytes; ) {
    const length = view.getUint32(at + header.length, true)
    const end = at + length
    if (length < header.bytes || end > bytes || view.getUint16(at + header.type, true) <= NLMSG_DONE) break
    found += family(view, at + header.bytes, end)
    at += (length + 3) & ~3
  }
  return found
}

/** The line of the family that the attributes from `at` to `end` describe. */
function family(view: DataView, at: number, end: number): string {
  let id = 0
  let name = ''
  while (at + 4 <= end) {
    const length = view.getUint16(at, true)
    if (length < 4 || at + length > end) break
    const type = view.getUint16(at + 2, true)
    if (type === CTRL_ATTR_FAMILY_ID && length >= 6) id = view.getUint16(at + 4, true)
    if (type === CTRL_ATTR_FAMILY_NAME)
      // A copy: text is not made of memory that others may write meanwhile.
      name = Buffer.from(new Uint8Array(view.buffer).slice(at + 4, at + length - 1)).toString('latin1')
    at += (length + 3) & ~3
  }
  return id === 0 || name === '' ? '' : `${id} ${name}\n`
}
