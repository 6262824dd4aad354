/** Structures of block devices of which strace shows only part unless all is asked for. */
import type { Struct } from '../../../types/language.ts'
import { layoutOf } from '../../../types/resolve.ts'
import type { Printer, PrintScope } from '../print.ts'
import type { StructPrinters } from '../registry.ts'
import { fieldsPrinter } from '../structures.ts'

/** How a device is encrypted is told only where it is. */
const loop =
  (always: readonly string[], encrypted: readonly string[]) =>
  (type: Struct, scope: PrintScope): Printer => {
    const plain = fieldsPrinter(type, scope, always)
    const whole = fieldsPrinter(type, scope, [...always, ...encrypted])
    const kind = layoutOf(type.layout, scope.arch).fields.lo_encrypt_type!.offset
    return (out, frame, at, bases) =>
      (frame.view.getUint32(at + kind, true) === 0 ? plain : whole)(out, frame, at, bases)
  }
const encryption = ['lo_encrypt_type', 'lo_encrypt_key_size', 'lo_encrypt_key']

export const blockDeviceStructs: StructPrinters = {
  loop_info: loop(['lo_number', 'lo_offset', 'lo_flags', 'lo_name'], encryption),
  loop_info64: loop(['lo_offset', 'lo_number', 'lo_flags', 'lo_file_name'], [...encryption, 'lo_crypt_name']),
  loop_config: (type, scope) => fieldsPrinter(type, scope, undefined, undefined, ['__reserved']),
}
