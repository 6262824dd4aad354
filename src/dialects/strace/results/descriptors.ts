/** What fcntl's commands return: flags, a lease, a signal, seals, descriptors. */
import * as sets from '../../../abi/sets.ts'
import type { Frame } from '../../../record/frame.ts'
import type { NameSet } from '../../../types/language.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import { nameTable, printFlags, printValue } from '../names.ts'
import { openFlags } from '../open-flags.ts'
import { processId } from '../process-ids.ts'
import { descriptor, signalName } from '../scalars.ts'
import type { Style } from '../style.ts'
import { type Results, whole } from './result.ts'

const command = sets.fcntlcmds.values

function fcntl(out: TextBuffer, frame: Frame, style: Style): void {
  // Some of what stands in parentheses is names, however constants look elsewhere.
  const named: Style = { ...style, constants: 'abbrev' }
  const value = frame.view.getUint32(frame.result, true)
  const table = (set: NameSet) => [nameTable(set, frame.arch)]
  const hex = (): void => (value === 0 ? out.putChar('0') : out.hex(value))
  switch (frame.view.getUint32(frame.args + 8, true)) {
    case command.F_DUPFD:
    case command.F_DUPFD_CLOEXEC:
      descriptor(out, frame, value | 0, style)
      return
    case command.F_GETOWN:
      processId(out, frame, value | 0, 'pidOrGroup', style)
      return
    case command.F_GETFD:
      hex()
      if (value !== 0) flags(out, 'flags', () => printFlags(out, table(sets.fdflags), value, 0, style, ''))
      return
    case command.F_GETFL:
      hex()
      flags(out, 'flags', () => openFlags(frame.arch, named)(out, value, 0))
      return
    case command.F_GET_SEALS:
      hex()
      if (value !== 0) flags(out, 'seals', () => printFlags(out, table(sets.f_seals), value, 0, style, ''))
      return
    case command.F_GETLEASE:
      hex()
      out.put(' (')
      printValue(out, table(sets.lockfcmds), value, 0, named)
      out.putChar(')')
      return
    case command.F_GETSIG:
      out.dec(value)
      if (value === 0) return
      out.put(' (')
      signalName(out, value, named)
      out.putChar(')')
      return
    default:
      out.put(frame.view.getBigInt64(frame.result, true).toString())
  }
}

function flags(out: TextBuffer, label: string, print: () => void): void {
  out.put(` (${label} `)
  print()
  out.putChar(')')
}

/** strace looks no further at this descriptor. */
function plainDescriptor(out: TextBuffer, frame: Frame): void {
  out.dec(frame.view.getInt32(frame.result, true))
}

export const descriptorResults: Results = {
  fcntl: whole(
    ({ style }) =>
      (out, frame) =>
        fcntl(out, frame, style),
  ),
  open_by_handle_at: whole(() => plainDescriptor),
}
