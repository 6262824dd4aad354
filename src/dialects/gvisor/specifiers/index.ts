/** All specifiers of gVisor's strace by their names. */
import type { Setting, Specifiers } from '../specifier.ts'
import { bufferSpecifiers } from './buffers.ts'
import { fileSpecifiers } from './files.ts'
import { messageSpecifiers } from './messages.ts'
import { numberSpecifiers } from './numbers.ts'
import { pollingSpecifiers } from './polling.ts'
import { processSpecifiers } from './processes.ts'
import { socketSpecifiers } from './sockets.ts'
import { timeSpecifiers } from './times.ts'

export const specifiers = (setting: Setting): Specifiers => ({
  ...numberSpecifiers(setting),
  ...fileSpecifiers(setting),
  ...bufferSpecifiers(setting),
  ...messageSpecifiers(setting),
  ...socketSpecifiers(setting),
  ...timeSpecifiers(setting),
  ...processSpecifiers(setting),
  ...pollingSpecifiers(setting),
})
