/** Netlink messages: `[{nlmsg_len=20, nlmsg_type=RTM_GETADDR, …}, {ifa_family=AF_UNSPEC, ...}]`. */
import type { Frame } from '../../../record/frame.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import { type PrintScope, printBytes } from '../print.ts'
import { quote } from '../quote.ts'
import type { SpecialPrinter } from '../registry.ts'
import type { Style } from '../style.ts'

export const netlink =
  ({ style }: PrintScope): SpecialPrinter =>
  (out, frame, at, length) =>
    quote(out, frame.bytes, at, at + length, style)

/** What stands in a buffer of a message to or from the kernel. */
export const printNetlinkBytes =
  (_scope: PrintScope) =>
  (out: TextBuffer, frame: Frame, address: number, length: number, limit: number, style: Style): boolean =>
    printBytes(out, frame, address, length, limit, style)
