/** What recvmmsg says beside the number of messages: the time left of its timeout, or that it ran out. */
import type { Frame } from '../../../record/frame.ts'
import { readAddress } from '../../../types/evaluate.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import type { ResultPrinters } from '../results.ts'
import type { Style } from '../style.ts'

function recvmmsg(out: TextBuffer, frame: Frame, style: Style): void {
  if (frame.view.getUint32(frame.result, true) === 0) return out.put(' (Timeout)')
  const address = readAddress(frame.view, frame.args + 32, frame.arch)
  const place = address === 0 || style.unread ? -1 : frame.find(address, 16)
  if (place < 0) return
  out.put(
    ` (left {tv_sec=${frame.view.getBigInt64(place, true)}, tv_nsec=${frame.view.getBigUint64(place + 8, true)}})`,
  )
}

export const messageResults: ResultPrinters = { recvmmsg }
