/** Structures of keys that strace does not write field by field. */
import { keyctl_commands } from '../../../abi/sets.ts'
import { readUnsigned } from '../../../record/numbers.ts'
import type { StructPrinters } from '../registry.ts'
import { fieldsPrinter } from '../structures.ts'

const spare = ['__spare']

export const keyStructs: StructPrinters = {
  keyctl_kdf_params: (type, scope) => fieldsPrinter(type, scope, undefined, undefined, spare),
  keyctl_pkey_query: (type, scope) => fieldsPrinter(type, scope, undefined, undefined, spare),
  /** The second length is that of the output, or of what is compared. */
  keyctl_pkey_params: (type, scope) => {
    const print = fieldsPrinter(type, scope, undefined, undefined, spare)
    const { out_len, ...others } = type.fields
    const { __spare, ...lengths } = others
    const fields = { ...lengths, in2_len: out_len!, __spare: __spare! }
    const compared = fieldsPrinter({ ...type, fields }, scope, undefined, undefined, spare)
    return (out, frame, at, bases) => {
      const verifies = readUnsigned(frame.view, frame.args, 4) === keyctl_commands.values.KEYCTL_PKEY_VERIFY
      ;(verifies ? compared : print)(out, frame, at, bases)
    }
  },
}
