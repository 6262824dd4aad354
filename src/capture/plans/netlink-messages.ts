/** Reading netlink's messages: their headers, and the attributes in them. */
import { align4 } from '../../record/layout.ts'
import { netlinkHeaderBytes } from '../../types/plan.ts'

/** struct nlmsghdr. */
export const messageHeader = { length: 0, type: 4, flags: 6, sequence: 8, bytes: netlinkHeaderBytes } as const
/** struct nlattr: a length, which counts it, and a type, whose two highest bits are flags. */
const attributeHeader = { length: 0, type: 2, bytes: 4 } as const
const attributeType = 0x3fff

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
