/** What presentations are made of. */

import { argumentBytes } from '../call-printer.ts'
import type { ShownArgument } from '../presentations.ts'
import { type Printer, type PrintScope, printer } from '../print.ts'

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

/** Where argument `index` stands, seen from argument `from` at `at`. */
export const sibling = (at: number, from: number, index: number): number => at + (index - from) * 8
