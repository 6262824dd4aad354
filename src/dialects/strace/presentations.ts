/** Calls whose arguments strace writes in another order, under labels, or with a printer of their own. */
import type { Printer, PrintScope } from './print.ts'

export interface ShownArgument {
  /** Written as `label=` before the value; '' for none. */
  readonly label: string
  /** The declaration's name of the argument. */
  readonly arg: string
  /** In place of the printer that the argument's type gives. */
  readonly print?: Printer
  /** Known only at the exit, whatever its type says. */
  readonly waits?: true
  /** Where a line stops before this argument, its comma is written with it, at the exit (clone's). */
  readonly lateComma?: true
}

export const presentations: { readonly [call: string]: (scope: PrintScope) => readonly ShownArgument[] } = {}
