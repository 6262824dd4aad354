/** Lists whose elements stand in bytes that are there already. */
import type { TextBuffer } from '../text-buffer.ts'
import type { Style } from './style.ts'

/** `[a, b, ...]`: as many of `count` as the string limit allows unless all is asked for. */
export function bracketed(
  out: TextBuffer,
  count: number,
  style: Style,
  element: (index: number) => void,
): void {
  out.putChar('[')
  for (let i = 0; i < count; i++) {
    if (i > 0) out.put(', ')
    if (!style.verbose && i >= style.stringLimit) {
      out.put('...')
      break
    }
    element(i)
  }
  out.putChar(']')
}
