/** How arguments of calls on clocks look where their types do not say it. */
import type { Frame } from '../../../record/frame.ts'
import { readSigned } from '../../../record/numbers.ts'
import { readAddress } from '../../../types/evaluate.ts'
import { dateComment } from '../dates.ts'
import type { Presentation, Presentations } from '../presentations.ts'
import type { Printer, PrintScope } from '../print.ts'
import { addressNumber, signedNumber } from '../scalars.ts'
import { argumentsWith, shownLate, usual } from './arguments.ts'

/** Errors that a tracer sees of a call that a signal ended. */
const wasInterrupted = ({ errno }: Frame): boolean => (errno >= 512 && errno <= 514) || errno === 516

/** The time that was left, where a signal ended the sleep. `untilFlags`: the argument whose flags say that it was to end at a fixed time. */
const remaining = (scope: PrintScope, name: string, untilFlags?: number): Printer => {
  const left = usual(scope, name)
  return (out, frame, at, bases) => {
    const until = untilFlags !== undefined && frame.view.getUint32(frame.args + untilFlags * 8, true) !== 0
    if (wasInterrupted(frame) && !until) left(out, frame, at, bases)
    else addressNumber(out, frame, at, 8)
  }
}

/** Of a clock that could not be adjusted only the address is told. */
const adjusted: Presentation = scope =>
  argumentsWith(scope, {}).map(shown => (shown.arg === 'buf' ? shownLate(scope, 'buf') : shown))

/** The time that is stored, with its date. */
const storedTime: Presentation = scope => {
  const print: Printer = (out, frame, at) => {
    const address = readAddress(frame.view, at, scope.arch)
    const bytes = scope.arch === 'i386' ? 4 : 8
    const place = frame.result < 0 || frame.failed ? -1 : frame.find(address, bytes)
    if (place < 0) return addressNumber(out, frame, at, bytes)
    out.putChar('[')
    signedNumber(out, frame, place, bytes)
    dateComment(out, BigInt(readSigned(frame.view, place, bytes)), 0n, 0)
    out.putChar(']')
  }
  return argumentsWith(scope, { tloc: print })
}

export const timePresentations: Presentations = {
  time: storedTime,
  adjtimex: adjusted,
  clock_adjtime: adjusted,
  nanosleep: scope => argumentsWith(scope, { rem: remaining(scope, 'rem') }),
  clock_nanosleep: scope => argumentsWith(scope, { remain: remaining(scope, 'remain', 1) }),
}
