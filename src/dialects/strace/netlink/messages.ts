/** Netlink messages, one after the other in a buffer. */

import { errnoNames } from '../../../abi/errno.ts'
import * as sets from '../../../abi/sets.ts'
import { align4 } from '../../../record/layout.ts'
import { netlinkHeaderBytes } from '../../../types/plan.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import type { Raw } from '../addresses/raw.ts'
import { type AttributeSet, printAttributes, printChain } from './attributes.ts'
import { leastType, messageType, printHeader, protocols } from './header.ts'
import { printNetfilter } from './netfilter.ts'
import { printRoute } from './route.ts'
import { printSelinux } from './selinux.ts'
import { printSockDiag } from './sock-diag.ts'
import { addressOf, listOf, type NetlinkContext, text, u32, unknown } from './values.ts'

const requestFlag = 1
const cappedFlag = 0x100

/** Prints `length` bytes as messages; too few for a header are only bytes. */
export function printMessages(
  out: TextBuffer,
  raw: Raw,
  at: number,
  length: number,
  context: NetlinkContext,
): void {
  if (length < netlinkHeaderBytes) {
    if (at + length > context.end) return addressOf(out, at, context)
    unknown(out, raw, at, length, context.style)
    return
  }
  printChain(
    out,
    raw,
    at,
    length,
    context,
    netlinkHeaderBytes,
    here => raw.view.getUint32(here, true),
    (here, size) => printMessage(out, raw, here, Math.max(size, netlinkHeaderBytes), context),
  )
}

/** Prints the message of `length` bytes (a header at least) at `at`: the header alone where that is all. */
function printMessage(out: TextBuffer, raw: Raw, at: number, length: number, context: NetlinkContext): void {
  const payload = length - netlinkHeaderBytes
  if (payload > 0) out.putChar('[')
  printHeader(out, raw, at, context)
  if (payload <= 0) return
  out.put(', ')
  printPayload(out, raw, at, payload, context)
  out.putChar(']')
}

function printPayload(out: TextBuffer, raw: Raw, at: number, length: number, context: NetlinkContext): void {
  const { view } = raw
  const type = view.getUint16(at + 4, true)
  const flags = view.getUint16(at + 6, true)
  const start = at + netlinkHeaderBytes
  const { end } = context
  if (type === messageType.error && length >= 4 + netlinkHeaderBytes && start + 4 + netlinkHeaderBytes > end)
    addressOf(out, start, context)
  else if (type === messageType.error && length >= 4 + netlinkHeaderBytes)
    printError(out, raw, start, length, flags, context)
  else if (type === messageType.done && length === 4 && start + 4 <= end) out.dec(view.getInt32(start, true))
  else if (type >= leastType && context.protocol === protocols.route)
    printRoute(out, raw, start, length, type, context)
  else if (type >= leastType && context.protocol === protocols.sockDiag)
    printSockDiag(out, raw, start, length, type, (flags & requestFlag) !== 0, context)
  else if (
    type >= leastType &&
    context.protocol === protocols.netfilter &&
    printNetfilter(out, raw, start, length, type, context)
  )
    return
  else if (
    type >= leastType &&
    context.protocol === protocols.selinux &&
    printSelinux(out, raw, start, length, type, context)
  )
    return
  else if (start + Math.min(length, context.style.stringLimit) > end) addressOf(out, start, context)
  else unknown(out, raw, start, length, context.style)
}

const errorAttributes: AttributeSet = {
  names: sets.nlmsgerr_attrs,
  unknown: 'NLMSGERR_ATTR_???',
  values: { 1: text, 2: u32, 3: listOf(1, (out, { bytes }, at) => out.dec(bytes[at]!)) },
}

/** `{error=-ENOENT, msg={…}}`: the message that was refused comes back, or only its header. */
function printError(
  out: TextBuffer,
  raw: Raw,
  at: number,
  length: number,
  flags: number,
  context: NetlinkContext,
): void {
  const error = raw.view.getInt32(at, true)
  const message = at + 4
  const left = length - 4
  const claimed = raw.view.getUint32(message, true)
  const size = flags & cappedFlag ? netlinkHeaderBytes : Math.min(Math.max(claimed, netlinkHeaderBytes), left)
  const rest = left - align4(size)
  if (rest > 0) out.putChar('[')
  const name = error < 0 ? errnoNames[-error] : undefined
  const { constants } = context.style
  out.put('{error=')
  if (name === undefined || constants === 'raw') out.dec(error)
  else out.put(constants === 'verbose' ? `${error} /* -${name} */` : `-${name}`)
  out.put(', msg=')
  printMessage(out, raw, message, size, context)
  out.putChar('}')
  if (rest <= 0) return
  out.put(', ')
  printAttributes(out, raw, message + align4(size), rest, errorAttributes, context)
  out.putChar(']')
}
