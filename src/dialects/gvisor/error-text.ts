/** What an error is called: gVisor's own text for its number, which a few calls have another one for. */
import type { Frame } from '../../record/frame.ts'
import { RangeKind } from '../../record/layout.ts'
import type { Era } from './eras.ts'
import { low } from './specifier.ts'
import { earlierErrorTexts, errorsOfCalls, errorTexts } from './tables/errors.ts'

/** The text of the error that call `name` in `frame` came to; a number that gVisor has no text for says as much. */
export function errorText(era: Era, name: string, frame: Frame): string {
  const { errno } = frame
  const other = errorsOfCalls[errno]
  if (other?.calls.includes(name) && (other.file === undefined || isOfFile(frame, other.file)))
    return other.text
  return earlierErrorTexts[era]?.[errno] ?? errorTexts[errno] ?? 'unknown error'
}

/** Whether the first argument is an open descriptor, and what it refers to has a name that begins so. */
function isOfFile(frame: Frame, beginning: string): boolean {
  const length = frame.findNote(RangeKind.fdPath, low(frame, 0))
  if (length < beginning.length) return false
  const { bytes, noteAt } = frame
  for (let i = 0; i < beginning.length; i++) if (bytes[noteAt + i] !== beginning.charCodeAt(i)) return false
  return true
}
