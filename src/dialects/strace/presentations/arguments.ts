/** What presentations are made of. */
import type { Frame } from '../../../record/frame.ts'
import { type Bases, readAddress } from '../../../types/evaluate.ts'
import { argumentBytes } from '../../../types/resolve.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import { pointeePrinter } from '../pointees.ts'
import type { ShownArgument } from '../presentations.ts'
import { type Printer, type PrintScope, printer } from '../print.ts'
import { addressNumber } from '../scalars.ts'

/** All arguments in their order, some with a printer of their own, or left out (null). */
export function argumentsWith(
  scope: PrintScope,
  own: { readonly [arg: string]: Printer | null },
): ShownArgument[] {
  const shown: ShownArgument[] = []
  for (const { name } of scope.args) {
    const print = own[name]
    if (print !== null)
      shown.push(print === undefined ? { label: '', arg: name } : { label: '', arg: name, print })
  }
  return shown
}

/** The printer that an argument's type gives. */
export function usual(scope: PrintScope, name: string): Printer {
  const type = scope.args.find(a => a.name === name)!.type
  return printer(type, scope, argumentBytes(type, scope.arch))
}

/** The printer of what an argument points at, as its type gives it; nothing is written, and it says so, where that could not be read. */
export function pointedAt(
  scope: PrintScope,
  name: string,
): (out: TextBuffer, frame: Frame, bases: Bases) => boolean {
  const index = scope.args.findIndex(arg => arg.name === name)
  const { type } = scope.args[index]!
  if (type.kind !== 'pointer') throw new Error(`${name} points at nothing`)
  const print = pointeePrinter(type.to, scope)
  return (out, frame, bases) => {
    const address = readAddress(frame.view, frame.args + index * 8, scope.arch)
    return address !== 0 && print(out, frame, address, bases)
  }
}

/** An argument that is shown at the enter, and as it was then, though the call may change it. */
export function entered(scope: PrintScope, name: string, print: Printer = usual(scope, name)): ShownArgument {
  const before: Printer = (out, frame, at, bases) => {
    frame.asEntered = true
    print(out, frame, at, bases)
    frame.asEntered = false
  }
  return { label: '', arg: name, print: before, waits: () => false }
}

/** An argument that is read, but only shown at the exit: of a call that failed its address is all that is told. */
export function shownLate(scope: PrintScope, name: string): ShownArgument {
  const print = usual(scope, name)
  return {
    label: '',
    arg: name,
    print: (out, frame, at, bases) =>
      frame.failed ? addressNumber(out, frame, at, 8) : print(out, frame, at, bases),
    waits: true,
  }
}

/** Where argument `index` stands, seen from argument `from` at `at`. */
export const sibling = (at: number, from: number, index: number): number => at + (index - from) * 8
