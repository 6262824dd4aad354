/** What calls on clocks add to their result: a date, the state of a clock. */
import * as sets from '../../../abi/sets.ts'
import { dateText } from '../dates.ts'
import { lookUp, nameTable } from '../names.ts'
import type { Result, Results } from './result.ts'

/** `5 (TIME_ERROR)`. */
const state: Result = scope => (out, frame) => {
  if (scope.style.unread) return
  const name = lookUp(
    [nameTable(sets.adjtimex_state, frame.arch)],
    frame.view.getUint32(frame.result, true),
    0,
  )
  if (name !== undefined) out.put(` (${name})`)
}

/** `1700000000 (2023-11-14T22:13:20+0000)`. */
const date: Result = () => (out, frame) => {
  const text = dateText(frame.view.getBigInt64(frame.result, true), 0n, 0)
  if (text !== '') out.put(` (${text})`)
}

export const timeResults: Results = { adjtimex: state, clock_adjtime: state, time: date }
