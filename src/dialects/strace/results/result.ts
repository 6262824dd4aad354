/** What a call may tell beside the number that it returned, or in its place. */
import type { Frame } from '../../../record/frame.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import type { PrintScope } from '../print.ts'

/** Adds to a successful result, and writes its own leading blank; or, where `whole`, writes all of it. */
export interface ResultPrinter {
  (out: TextBuffer, frame: Frame): void
  readonly whole?: true
}
/** Makes the printer of what a call adds to its result. */
export type Result = (scope: PrintScope) => ResultPrinter
export type Results = { readonly [call: string]: Result }

/** A result that is not a number with something behind it. */
export const whole =
  (make: Result): Result =>
  scope => {
    const print = make(scope)
    return Object.assign((out: TextBuffer, frame: Frame): void => print(out, frame), { whole: true as const })
  }
