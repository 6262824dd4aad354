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
import { cookie, dec, field, flags, printFields, structure, value } from './fields.ts'
import {
  type Diagnosis,
  internetAnswer,
  internetQuestion,
  memory,
  olderInternetQuestion,
  states,
} from './internet-diag.ts'
import { addressOf, listOf, type NetlinkContext, numbers, s32, text, u8, u32, unknown } from './values.ts'

const u = sets.unix_diag_attrs.values
const unixAttributes: AttributeSet = {
  names: sets.unix_diag_attrs,
  unknown: 'UNIX_DIAG_???',
  values: {
    [u.UNIX_DIAG_NAME]: text,
    // The kernel writes its own encoding of a device; strace reads it as that of programs.
    [u.UNIX_DIAG_VFS]: structure(8, [
      field('udiag_vfs_dev', (out, { view }, at, { style }) =>
        device(out, view.getUint32(at + 4, true), 0, style),
      ),
      dec('udiag_vfs_ino', 0, 4),
    ]),
    [u.UNIX_DIAG_PEER]: u32,
    [u.UNIX_DIAG_ICONS]: listOf(4, (out, { view }, at) => out.dec(view.getUint32(at, true))),
    [u.UNIX_DIAG_RQLEN]: numbers(['udiag_rqueue', 'udiag_wqueue']),
    [u.UNIX_DIAG_MEMINFO]: memory,
    [u.UNIX_DIAG_SHUTDOWN]: u8,
    [u.UNIX_DIAG_UID]: s32,
  },
}

const unixQuestion: Diagnosis = {
  bytes: 24,
  family: 'sdiag_family',
  attributes: undefined,
  fields: [
    dec('sdiag_protocol', 1, 1),
    flags('udiag_states', 4, 4, states, 'TCP_???'),
    dec('udiag_ino', 8, 4),
    flags('udiag_show', 12, 4, sets.unix_diag_show),
    cookie('udiag_cookie', 16),
  ],
}
const unixAnswer: Diagnosis = {
  bytes: 16,
  family: 'udiag_family',
  attributes: unixAttributes,
  fields: [
    value('udiag_type', 1, 1, sets.socktypes),
    value('udiag_state', 2, 1, sets.tcp_states),
    dec('udiag_ino', 4, 4),
    cookie('udiag_cookie', 8),
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
    out.putByte(125)
    return
  }
  const inside = { ...context, family }
  out.put(`{${known.family}=`)
  printValue(out, [nameTable(sets.addrfams, context.arch)], family, 0, context.style)
  if (length < known.bytes) {
    out.put(', ...}')
    return
  }
  if (at + known.bytes > context.end) {
    out.put(', ')
    addressOf(out, at + 1, context)
  } else printFields(out, raw, at, known.fields, inside, true)
  out.putByte(125)
  if (length <= known.bytes || known.attributes === undefined) return
  out.put(', ')
  printAttributes(out, raw, at + known.bytes, length - known.bytes, known.attributes, inside)
}
