/** Netlink messages: `[{nlmsg_len=20, nlmsg_type=RTM_GETADDR, …}, {ifa_family=AF_UNSPEC, ...}]`. */
import * as sets from '../../../abi/sets.ts'
import type { Frame } from '../../../record/frame.ts'
import { RangeKind } from '../../../record/layout.ts'
import { readAddress } from '../../../types/evaluate.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import { amongInterfaces } from '../addresses/interfaces.ts'
import { familiesOf } from '../netlink/header.ts'
import { printMessages } from '../netlink/messages.ts'
import { printUevent } from '../netlink/uevent.ts'
import { addressOf, type NetlinkContext } from '../netlink/values.ts'
import type { PrintScope } from '../print.ts'
import type { SpecialPrinter } from '../registry.ts'
import { printBytes } from '../strings.ts'
import type { Style } from '../style.ts'

/** The descriptor is the first argument of all calls that messages go through. */
function context(
  frame: Frame,
  at: number,
  have: number,
  address: number,
  { style, arch }: PrintScope,
): NetlinkContext {
  const fd = frame.view.getInt32(frame.args, true)
  const note = frame.note(RangeKind.netlink, fd)
  const noted = frame.note(RangeKind.families, fd)
  const families = noted === undefined ? undefined : familiesOf(noted)
  const protocol =
    note === undefined || note.length < 4
      ? -1
      : new DataView(note.buffer, note.byteOffset, 4).getInt32(0, true)
  const end = at + have
  return { style, arch, protocol, families, family: 0, link: -1, end, origin: address - at, notes: frame }
}

const interfacesOf = (frame: Frame): Uint8Array | undefined =>
  frame.note(RangeKind.interfaces, frame.view.getInt32(frame.args, true))

const uevents = sets.netlink_protocols.values.NETLINK_KOBJECT_UEVENT

export const netlink =
  (scope: PrintScope): SpecialPrinter =>
  (out, frame, at, length) => {
    const address = readAddress(frame.view, frame.args + 8, frame.arch)
    const have = Math.min(length, frame.available(address))
    const whole = context(frame, at, have, address, scope)
    if (whole.protocol !== uevents)
      return amongInterfaces(interfacesOf(frame), () => printMessages(out, frame, at, length, whole))
    if (printUevent(out, frame, at, length, whole)) return
    if (!printBytes(out, frame, address, length, scope.style.stringLimit, scope.style))
      addressOf(out, at, whole)
  }

/** What stands in a buffer of a message to or from the kernel. */
export const printNetlinkBytes =
  (scope: PrintScope) =>
  (out: TextBuffer, frame: Frame, address: number, length: number, limit: number, style: Style): boolean => {
    const have = Math.min(length, frame.available(address))
    if (length === 0 || have < Math.min(length, 16))
      return printBytes(out, frame, address, length, limit, style)
    const { at } = frame
    const whole = context(frame, at, have, address, scope)
    if (whole.protocol !== uevents)
      amongInterfaces(interfacesOf(frame), () => printMessages(out, frame, at, length, whole))
    else if (!printUevent(out, frame, at, length, whole))
      return printBytes(out, frame, address, length, limit, style)
    return true
  }
