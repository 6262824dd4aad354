/** How keyctl's arguments are shown where their types do not say it. */
import { keyctl_caps0, keyctl_caps1, keyctl_commands } from '../../../abi/sets.ts'
import { readUnsigned } from '../../../record/numbers.ts'
import { readAddress } from '../../../types/evaluate.ts'
import { bracketed } from '../lists.ts'
import { nameTable, printFlags } from '../names.ts'
import type { Presentation, Presentations } from '../presentations.ts'
import type { Printer, PrintScope } from '../print.ts'
import { addressNumber, hexNumber } from '../scalars.ts'
import { argumentsWith, usual } from './arguments.ts'

const {
  KEYCTL_CAPABILITIES,
  KEYCTL_PKEY_ENCRYPT,
  KEYCTL_PKEY_DECRYPT,
  KEYCTL_PKEY_SIGN,
  KEYCTL_PKEY_VERIFY,
} = keyctl_commands.values
/** Operations whose second argument tells how long their buffers are. */
const withParams: readonly number[] = [
  KEYCTL_PKEY_ENCRYPT,
  KEYCTL_PKEY_DECRYPT,
  KEYCTL_PKEY_SIGN,
  KEYCTL_PKEY_VERIFY,
]
const paramsBytes = 40

const operationOf = (view: DataView, args: number): number => readUnsigned(view, args, 4)

/** A buffer whose length is not known is only an address. */
const whenLengthKnown = (scope: PrintScope, name: string): Printer => {
  const print = usual(scope, name)
  return (out, frame, at, bases) => {
    const params = readAddress(frame.view, frame.args + 8, scope.arch)
    const unknown =
      withParams.includes(operationOf(frame.view, frame.args)) &&
      (scope.style.unread || params === 0 || frame.find(params, paramsBytes) < 0)
    if (unknown) addressNumber(out, frame, at, scope.arch === 'i386' ? 4 : 8)
    else print(out, frame, at, bases)
  }
}

/** What the kernel can do: flags by the byte, each with its own names. */
const capabilities = (scope: PrintScope): Printer => {
  const tables = [keyctl_caps0, keyctl_caps1].map(set => nameTable(set, scope.arch))
  const print = usual(scope, 'arg2')
  return (out, frame, at, bases) => {
    if (operationOf(frame.view, frame.args) !== KEYCTL_CAPABILITIES) return print(out, frame, at, bases)
    const address = readAddress(frame.view, at, scope.arch)
    const known = address !== 0 && frame.result >= 0 && !frame.failed
    const length = known
      ? Math.min(
          readUnsigned(frame.view, frame.result, 8),
          readAddress(frame.view, frame.args + 16, scope.arch),
        )
      : 0
    const place = length > 0 ? frame.find(address, length) : frame.args
    if (!known || place < 0) return addressNumber(out, frame, at, scope.arch === 'i386' ? 4 : 8)
    bracketed(out, length, scope.style, i => {
      const table = tables[i]
      if (table === undefined) hexNumber(out, frame, place + i, 1)
      else printFlags(out, [table], frame.bytes[place + i]!, 0, scope.style)
    })
  }
}

const keyctl: Presentation = scope =>
  argumentsWith(scope, {
    arg2: capabilities(scope),
    arg4: whenLengthKnown(scope, 'arg4'),
    arg5: whenLengthKnown(scope, 'arg5'),
  })

export const keyPresentations: Presentations = { keyctl }
