/** What presentations are made of. */

import { argumentBytes } from '../call-printer.ts'
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
