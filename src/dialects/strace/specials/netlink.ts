/** Netlink messages: `[{nlmsg_len=20, nlmsg_type=RTM_GETADDR, …}, {ifa_family=AF_UNSPEC, ...}]`. */
import type { PrintScope } from '../print.ts'
import { quote } from '../quote.ts'
import type { SpecialPrinter } from '../registry.ts'

export const netlink =
  ({ style }: PrintScope): SpecialPrinter =>
  (out, frame, at, length) =>
    quote(out, frame.bytes, at, at + length, style)
