/** What NETLINK_SOCK_DIAG's messages hold: questions about sockets, and the answers. */
import * as sets from '../../../abi/sets.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import type { Raw } from '../addresses/raw.ts'
import { nameTable, printValue } from '../names.ts'
import { device } from '../scalars.ts'
import { type AttributeSet, printAttributes } from './attributes.ts'
import {
  netlinkAnswer,
  netlinkQuestion,
  packetAnswer,
  packetQuestion,
  sharedMemoryAnswer,
  sharedMemoryQuestion,
} from './family-diag.ts'
import { field, printFields } from './fields.ts'
import {
  type Diagnosis,
  internetAnswer,
  internetQuestion,
  memory,
  olderInternetQuestion,
  states,
} from './internet-diag.ts'
import { membersOf } from './members.ts'
import { addressOf, listOf, type NetlinkContext, numbers, s32, text, u8, u32, unknown } from './values.ts'

const node = membersOf('unix_diag_vfs')
const u = sets.unix_diag_attrs.values
const unixAttributes: AttributeSet = {
  names: sets.unix_diag_attrs,
  unknown: 'UNIX_DIAG_???',
  values: {
    [u.UNIX_DIAG_NAME]: text,
    // The kernel writes its own encoding of a device; strace reads it as that of programs.
    [u.UNIX_DIAG_VFS]: node.structure([
      node.of('udiag_vfs_dev', ({ offset }) =>
        field('udiag_vfs_dev', (out, { view }, at, { style }) =>
          device(out, view.getUint32(at + offset, true), 0, style),
        ),
      ),
      node.dec('udiag_vfs_ino'),
    ]),
    [u.UNIX_DIAG_PEER]: u32,
    [u.UNIX_DIAG_ICONS]: listOf(4, (out, { view }, at) => out.dec(view.getUint32(at, true))),
    [u.UNIX_DIAG_RQLEN]: numbers(['udiag_rqueue', 'udiag_wqueue']),
    [u.UNIX_DIAG_MEMINFO]: memory,
    [u.UNIX_DIAG_SHUTDOWN]: u8,
    [u.UNIX_DIAG_UID]: s32,
  },
}

const asked = membersOf('unix_diag_req')
const unixQuestion: Diagnosis = {
  members: asked,
  family: 'sdiag_family',
  attributes: undefined,
  fields: [
    asked.dec('sdiag_protocol'),
    asked.flags('udiag_states', states, 'TCP_???'),
    asked.dec('udiag_ino'),
    asked.flags('udiag_show', sets.unix_diag_show),
    asked.cookie('udiag_cookie'),
  ],
}
const told = membersOf('unix_diag_msg')
const unixAnswer: Diagnosis = {
  members: told,
  family: 'udiag_family',
  attributes: unixAttributes,
  fields: [
    told.value('udiag_type', sets.socktypes),
    told.value('udiag_state', sets.tcp_states),
    told.dec('udiag_ino'),
    told.cookie('udiag_cookie'),
  ],
}

const f = sets.addrfams.values
const families: { readonly [family: number]: { readonly question: Diagnosis; readonly answer: Diagnosis } } =
  {
    [f.AF_UNIX]: { question: unixQuestion, answer: unixAnswer },
    [f.AF_INET]: { question: internetQuestion, answer: internetAnswer },
    [f.AF_INET6]: { question: internetQuestion, answer: internetAnswer },
    [f.AF_NETLINK]: { question: netlinkQuestion, answer: netlinkAnswer },
    [f.AF_PACKET]: { question: packetQuestion, answer: packetAnswer },
    [f.AF_SMC]: { question: sharedMemoryQuestion, answer: sharedMemoryAnswer },
  }
const t = sets.nl_sock_diag_types.values
const olderTypes: readonly number[] = [t.TCPDIAG_GETSOCK, t.DCCPDIAG_GETSOCK]

/** Prints the payload of a message of `type`; what comes from a program is a question. */
export function printSockDiag(
  out: TextBuffer,
  raw: Raw,
  at: number,
  length: number,
  type: number,
  isRequest: boolean,
  context: NetlinkContext,
): void {
  if (at >= context.end) return addressOf(out, at, context)
  const family = raw.bytes[at]!
  const ofFamily = families[family]
  const question =
    ofFamily?.question === internetQuestion && olderTypes.includes(type)
      ? olderInternetQuestion
      : ofFamily?.question
  const known = isRequest ? question : ofFamily?.answer
  if (known === undefined || length === 1) {
    out.put('{family=')
    printValue(out, [nameTable(sets.addrfams, context.arch)], family, 0, context.style)
    if (length > 1) out.put(', data=')
    if (length > 1 && at + length > context.end) addressOf(out, at + 1, context)
    else if (length > 1) unknown(out, raw, at + 1, length - 1, context.style)
    out.putChar('}')
    return
  }
  const inside = { ...context, family }
  out.put(`{${known.family}=`)
  printValue(out, [nameTable(sets.addrfams, context.arch)], family, 0, context.style)
  if (length < known.members.bytes) {
    out.put(', ...}')
    return
  }
  if (at + known.members.bytes > context.end) {
    out.put(', ')
    addressOf(out, at + 1, context)
  } else printFields(out, raw, at, known.fields, inside, true)
  out.putChar('}')
  if (length <= known.members.bytes || known.attributes === undefined) return
  out.put(', ')
  printAttributes(out, raw, at + known.members.bytes, length - known.members.bytes, known.attributes, inside)
}
