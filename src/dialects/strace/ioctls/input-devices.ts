/** ioctls of input devices. */
import * as sets from '../../../abi/sets.ts'
import { nameTable, printValue } from '../names.ts'
import type { PrintScope } from '../print.ts'
import { givenOrTold, type ShownIoctl, type ShownIoctls, whole } from './shown.ts'

/** `[30, KEY_A]`: what a key is. */
const keyCode =
  (gets: boolean) =>
  ({ style, arch }: PrintScope): ShownIoctl => {
    const keys = [nameTable(sets.evdev_keycode, arch)]
    return givenOrTold(
      gets,
      whole(8, (out, { view }, at) => {
        out.put(`[${view.getUint32(at, true)}, `)
        printValue(out, keys, view.getUint32(at + 4, true), 0, style)
        out.putChar(']')
      }),
    )
  }

const repeat = (gets: boolean) => (): ShownIoctl => {
  return givenOrTold(
    gets,
    whole(8, (out, { view }, at) =>
      out.put(`[${view.getUint32(at, true)}, ${view.getUint32(at + 4, true)}]`),
    ),
  )
}

export const inputDeviceShown: ShownIoctls = {
  EVIOCGKEYCODE: keyCode(true),
  EVIOCSKEYCODE: keyCode(false),
  EVIOCGREP: repeat(true),
  EVIOCSREP: repeat(false),
}
