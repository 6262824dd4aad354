/** What recvmmsg says beside the number of messages: the time left of its timeout, or that it ran out. */
import { pointedAt } from '../presentations/arguments.ts'
import type { Result, Results } from './result.ts'

const recvmmsg: Result = scope => {
  const timeout = pointedAt(scope, 'timeout')
  return (out, frame) => {
    if (frame.view.getUint32(frame.result, true) === 0) return out.put(' (Timeout)')
    const before = out.length
    out.put(' (left ')
    if (timeout(out, frame, [])) out.putChar(')')
    else out.length = before
  }
}

export const messageResults: Results = { recvmmsg }
