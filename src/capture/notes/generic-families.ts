/** The families of generic netlink: the kernel gives most of them their numbers as they come, and tells who asks (nlctrl). */
import {
  genl_ctrl_attr,
  genl_ctrl_cmd,
  netlink_flags,
  netlink_get_flags,
  netlink_types,
} from '../../abi/sets.ts'
import { libc } from '../../libc/libc.ts'
import { NativeMemory } from '../../libc/native-memory.ts'
import { align4 } from '../../record/layout.ts'
import { eachAttribute, messageHeader } from '../plans/netlink-messages.ts'
import { netlinkSocket, receiveAnswer, sendQuestion } from './netlink-questions.ts'

/** The number of nlctrl itself. */
const GENL_ID_CTRL = 16
/** struct genlmsghdr, behind the message's header. */
const generic = { command: 16, version: 17, bytes: 20 } as const
/** As many bytes as the kernel puts into one answer of a dump. */
const answerBytes = 32_768
/** The kernel has some dozens. */
const mostAnswers = 64

let lines: string | undefined

/** A line each: number, space and name. Asked for once; '' where the kernel does not tell. */
export function genericFamilies(): string {
  lines ??= ask()
  return lines
}

function ask(): string {
  const fd = netlinkSocket('NETLINK_GENERIC')
  if (fd < 0) return ''
  const memory = new NativeMemory(answerBytes)
  const { view } = memory
  view.setUint32(messageHeader.length, generic.bytes, true)
  view.setUint16(messageHeader.type, GENL_ID_CTRL, true)
  const dump = netlink_flags.values.NLM_F_REQUEST | netlink_get_flags.values.NLM_F_DUMP
  view.setUint16(messageHeader.flags, dump, true)
  view.setUint8(generic.command, genl_ctrl_cmd.values.CTRL_CMD_GETFAMILY)
  view.setUint8(generic.version, 1)
  let found = ''
  if (sendQuestion(fd, memory, generic.bytes))
    for (let n = 0; n < mostAnswers; n++) {
      const answer = familiesIn(view, receiveAnswer(fd, memory))
      if (answer === '') break
      found += answer
    }
  libc.close(fd)
  return found
}

/** What an answer of `bytes` says; '' for the last one, and for errors. */
function familiesIn(view: DataView, bytes: number): string {
  let found = ''
  for (let at = 0; at + generic.bytes <= bytes; ) {
    const length = view.getUint32(at + messageHeader.length, true)
    const end = at + length
    const type = view.getUint16(at + messageHeader.type, true)
    if (length < generic.bytes || end > bytes || type <= netlink_types.values.NLMSG_DONE) break
    found += family(view, at + generic.bytes, end)
    at += align4(length)
  }
  return found
}

/** The line of the family that the attributes between two places describe. */
function family(view: DataView, from: number, limit: number): string {
  const { CTRL_ATTR_FAMILY_ID, CTRL_ATTR_FAMILY_NAME } = genl_ctrl_attr.values
  let id = 0
  let name = ''
  eachAttribute(view, from, limit, (type, at, end) => {
    if (type === CTRL_ATTR_FAMILY_ID && end >= at + 2) id = view.getUint16(at, true)
    if (type === CTRL_ATTR_FAMILY_NAME)
      // A copy: text is not made of memory that others may write meanwhile.
      name = Buffer.from(new Uint8Array(view.buffer).slice(at, end - 1)).toString('latin1')
  })
  return id === 0 || name === '' ? '' : `${id} ${name}\n`
}
