/** ioctls of disks. */
import { hdio_drive_cmds } from '../../../abi/sets.ts'
import { readAddress } from '../../../types/evaluate.ts'
import { nameTable, printValue } from '../names.ts'
import { putAddress } from '../scalars.ts'
import { printBytes } from '../strings.ts'
import { arrow, type ShownIoctls, through, whole } from './shown.ts'

const commandBytes = 4
const sectorBytes = 512

export const diskShown: ShownIoctls = {
  /** A command and its parameters; the status that it ended with, and what was read. */
  HDIO_DRIVE_CMD: ({ style, arch }) => {
    const commands = [nameTable(hdio_drive_cmds, arch)]
    return {
      print: through(
        whole(commandBytes, (out, { view }, at) => {
          out.put('{command=')
          printValue(out, commands, view.getUint8(at), 0, style)
          out.put(`, sector_number=${view.getUint8(at + 1)}, feature=${view.getUint8(at + 2)}`)
          out.put(`, sector_count=${view.getUint8(at + 3)}}`)
        }),
        'entered',
      ),
      after: (out, frame, argument, bases) => {
        const address = readAddress(frame.view, argument, arch)
        const before = frame.availableAtEnter(address) < commandBytes ? 0 : frame.view.getUint8(frame.at + 3)
        arrow(
          whole(commandBytes, (_, { view }, at) => {
            const status = view.getUint8(at)
            out.put(`{status=${status === 0 ? '0' : `0x${status.toString(16)}`}`)
            out.put(`, error=${view.getUint8(at + 1)}, nsector=${view.getUint8(at + 2)}`)
            if (before > 0) {
              out.put(', buf=')
              const escaped = { ...style, escape: 'all' } as const
              const from = address + commandBytes
              if (!printBytes(out, frame, from, before * sectorBytes, style.stringLimit, escaped))
                putAddress(out, from)
            }
            out.putChar('}')
          }),
        )(out, frame, argument, bases)
      },
    }
  },
}
