/** Control messages: `[{cmsg_len=20, cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS, cmsg_data=[3]}]`. */
import * as sets from '../../../abi/sets.ts'
import type { Frame } from '../../../record/frame.ts'
import { readUnsigned } from '../../../record/numbers.ts'
import { Bound } from '../../../types/plan.ts'
import { layoutOf } from '../../../types/resolve.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import { type ControlData, controlData } from '../control-data.ts'
import { nameTable, printValue } from '../names.ts'
import type { PrintScope } from '../print.ts'
import type { SpecialPrinter } from '../registry.ts'
import { putAddress, unsignedNumber } from '../scalars.ts'

/** `address` is where the messages are in the program: what follows them is told by it. */
export type ControlPrinter = (...args: [...Parameters<SpecialPrinter>, address?: number]) => void

export const cmsgs = (scope: PrintScope): ControlPrinter => {
  const { style, arch } = scope
  const { size: headerBytes, fields } = layoutOf('cmsghdr', arch)
  const [word, levelAt, typeAt] = [fields.cmsg_len!.size, fields.cmsg_level!.offset, fields.cmsg_type!.offset]
  const aligned = (n: number): number => Math.ceil(n / word) * word
  const levels = [nameTable(sets.socketlayers, arch)]
  const socketTypes = [nameTable(sets.scmvals, arch)]
  const ipTypes = [nameTable(sets.ip_cmsg_types, arch)]
  const { SOL_SOCKET, SOL_IP } = sets.socketlayers.values
  const data: ControlData = controlData(scope)

  const one = (out: TextBuffer, frame: Frame, here: number, length: number): void => {
    const { view } = frame
    const level = view.getUint32(here + levelAt, true)
    const type = view.getUint32(here + typeAt, true)
    out.put('{cmsg_len=')
    unsignedNumber(out, frame, here, word)
    out.put(', cmsg_level=')
    printValue(out, levels, level, 0, style, 'SOL_???')
    out.put(', cmsg_type=')
    if (level === SOL_SOCKET) printValue(out, socketTypes, type, 0, style, 'SCM_???')
    else if (level === SOL_IP) printValue(out, ipTypes, type, 0, style, 'IP_???')
    else if (type === 0) out.putChar('0')
    else out.hex(type)
    data(out, frame, here + headerBytes, Math.max(0, length - headerBytes), level, type)
    out.putChar('}')
  }

  return (out, frame, at, length, _bases, address = 0) => {
    const end = at + Math.min(length, Bound.control)
    let here = at
    out.putChar('[')
    while (end - here >= headerBytes) {
      if (here > at) out.put(', ')
      const size = readUnsigned(frame.view, here, word)
      one(out, frame, here, Math.min(size, end - here))
      // Of a message without an end nothing more is known than its header.
      const next = here + (size < headerBytes ? headerBytes : aligned(size))
      if (size < headerBytes || next >= end) {
        here = Math.min(next, end)
        break
      }
      here = next
    }
    if (here < end) {
      const rest = address + here - at
      out.put(', ... /* ')
      putAddress(out, rest)
      out.put(' */')
    } else if (length > Bound.control) out.put(', ...')
    out.putChar(']')
  }
}
