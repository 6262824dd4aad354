/** What follows `= `: the number, the error, and what some calls add in parentheses. */
import { errnoNames, errnoTexts } from '../../abi/errno.ts'
import type { Frame } from '../../record/frame.ts'
import type { Int } from '../../types/language.ts'
import { isPid } from '../../types/plan.ts'
import type { TextBuffer } from '../text-buffer.ts'
import { aboutProcess } from './process-ids.ts'
import { descriptorResults } from './results/descriptors.ts'
import { ioctlResults } from './results/ioctl.ts'
import { messageResults } from './results/messages.ts'
import { pollingResults } from './results/polling.ts'
import { processResults } from './results/process.ts'
import type { ResultPrinter, Results } from './results/result.ts'
import { timeResults } from './results/time.ts'
import { descriptor, hexNumber, octal, permissions } from './scalars.ts'
import type { Style } from './style.ts'

/** What calls add after their number. */
export const results: Results = {
  ...processResults,
  ...descriptorResults,
  ...messageResults,
  ...pollingResults,
  ...timeResults,
  ...ioctlResults,
}

export function printResult(
  out: TextBuffer,
  frame: Frame,
  returns: Int,
  style: Style,
  own: ResultPrinter | undefined,
): void {
  const { view, result } = frame
  if (result < 0) return out.putChar('?')
  if (frame.failed) return printError(out, frame.errno)
  if (own?.whole) return own(out, frame)
  const low = view.getUint32(result, true)
  const high = view.getUint32(result + 4, true)
  // Tampered with, a process's number may be negative.
  if (isPid(returns.role)) {
    out.put(String(low | 0))
    return aboutProcess(out, frame, low | 0, returns.role, style)
  }
  switch (returns.role) {
    case 'address':
    case 'hex':
      // Also an address: a mapping at 0 is none that is missing.
      hexNumber(out, frame, result, frame.arch === 'i386' ? 4 : 8)
      break
    case 'oct':
      octal(out, low)
      break
    case 'umask':
      permissions(out, low)
      break
    case 'fd':
    case 'dirfd':
      // Tampered with, it may be larger than any descriptor.
      if (high === 0 && low <= 0x7fffffff) descriptor(out, frame, low, style)
      else out.put(view.getBigInt64(result, true).toString())
      break
    default: {
      const wide = view.getBigInt64(result, true)
      if (high === 0) out.dec(low)
      else if (returns.bits === 32 && !returns.signed && frame.arch === 'i386') out.dec(low)
      else out.put(BigInt.asUintN(64, wide).toString())
    }
  }
  own?.(out, frame)
}

/** Restarts that a tracer sees and the program does not. */
const restarts: { readonly [errno: number]: string } = {
  512: '? ERESTARTSYS (To be restarted if SA_RESTART is set)',
  513: '? ERESTARTNOINTR (To be restarted)',
  514: '? ERESTARTNOHAND (To be restarted if no handler)',
  516: '? ERESTART_RESTARTBLOCK (Interrupted by signal)',
}

function printError(out: TextBuffer, errno: number): void {
  const restart = restarts[errno]
  if (restart !== undefined) return out.put(restart)
  printRawError(out, errno)
}

/** An error as a number is written: of a restart, too. */
export function printRawError(out: TextBuffer, errno: number): void {
  const name = errnoNames[errno]
  if (name === undefined) return out.put(`-1 (errno ${errno})`)
  out.put(`-1 ${name} (${errnoTexts[errno] ?? `Unknown error ${errno}`})`)
}
