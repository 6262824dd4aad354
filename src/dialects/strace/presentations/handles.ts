/** Handles of files: `{handle_bytes=128 => 8, handle_type=1, f_handle="…"}`. */
import { errnoNames } from '../../../abi/errno.ts'
import type { Frame } from '../../../record/frame.ts'
import { readAddress } from '../../../types/evaluate.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import type { Presentation, Presentations, ShownArgument } from '../presentations.ts'
import type { Printer, PrintScope } from '../print.ts'
import { quote } from '../quote.ts'
import { addressNumber } from '../scalars.ts'
import { argumentsWith } from './arguments.ts'

const EOVERFLOW = errnoNames.indexOf('EOVERFLOW')
const largestHandle = 128

/** Type and bytes of a handle of which `have` bytes stand at `at`, and the brace that ends it. */
function rest(out: TextBuffer, frame: Frame, at: number, have: number, { style }: PrintScope): void {
  const size = frame.view.getUint32(at, true)
  const shown = Math.min(size, largestHandle)
  out.put(`, handle_type=${frame.view.getInt32(at + 4, true)}, f_handle=`)
  if (have < 8 + shown) out.put('???')
  else quote(out, frame.bytes, at + 8, at + 8 + shown, { ...style, escape: 'all' })
  out.put(shown < size && have >= 8 + shown ? '...}' : '}')
}

/** The kernel only reads it. */
const opened: Presentation = scope => {
  const handle: Printer = (out, frame, at) => {
    const address = readAddress(frame.view, at, scope.arch)
    const have = frame.available(address)
    if (have < 8) return addressNumber(out, frame, at, 8)
    const from = frame.at
    out.put(`{handle_bytes=${frame.view.getUint32(from, true)}`)
    rest(out, frame, from, have, scope)
  }
  return argumentsWith(scope, { handle })
}

/** The size is what there is room for, and then what is needed; the rest is there when the call has succeeded. */
const named: Presentation = scope => {
  const room = (frame: Frame, at: number): number =>
    frame.availableAtEnter(readAddress(frame.view, at, scope.arch)) < 4
      ? -1
      : frame.view.getUint32(frame.at, true)
  const known = (frame: Frame): boolean => room(frame, frame.args + 16) >= 0
  const before: Printer = (out, frame, at) => {
    const size = room(frame, at)
    if (size < 0) addressNumber(out, frame, at, 8)
    else out.put(`{handle_bytes=${size}`)
  }
  const after: Printer = (out, frame, at) => {
    const size = room(frame, at)
    if (size < 0) return
    const have = frame.available(readAddress(frame.view, at, scope.arch))
    const from = frame.at
    const told = !frame.failed || frame.errno === EOVERFLOW
    const needed = have >= 4 ? frame.view.getUint32(from, true) : size
    if (told && needed !== size) out.put(` => ${needed}`)
    if (frame.failed || have < 8) out.putChar('}')
    else rest(out, frame, from, have, scope)
  }
  return argumentsWith(scope, {}).flatMap((shown): ShownArgument[] =>
    shown.arg === 'handle'
      ? [
          { ...shown, print: before, waits: () => false },
          { ...shown, print: after, waits: known, joined: true },
        ]
      : [shown],
  )
}

export const handlePresentations: Presentations = { name_to_handle_at: named, open_by_handle_at: opened }
