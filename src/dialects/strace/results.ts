/** What follows `= `: the number, the error, and what some calls add in parentheses. */
import { errnoNames, errnoTexts } from '../../abi/errno.ts'
import * as sets from '../../abi/sets.ts'
import type { Frame } from '../../record/frame.ts'
import type { Int } from '../../types/language.ts'
import type { TextBuffer } from '../text-buffer.ts'
import { nameTable, printFlags } from './names.ts'
import { descriptor, hexNumber, octal } from './scalars.ts'
import type { Style } from './style.ts'

/** Adds to a successful result; writes its own leading blank. */
export type ResultPrinter = (out: TextBuffer, frame: Frame, style: Style) => void

/** What calls add after their number. */
export const results: { readonly [call: string]: ResultPrinter } = {
  fcntl: fcntlResult,
}

export function printResult(out: TextBuffer, frame: Frame, returns: Int, style: Style, own: ResultPrinter | undefined): void {
  const { view, result } = frame
  if (result < 0) return out.putByte(63)
  if (frame.failed) return printError(out, frame.errno)
  const low = view.getUint32(result, true)
  const high = view.getUint32(result + 4, true)
  switch (returns.role) {
    case 'address':
    case 'hex':
      if (returns.role === 'address' && (low | high) === 0) out.put('NULL')
      else hexNumber(out, frame, result, 8)
      break
    case 'oct':
    case 'umask':
      octal(out, low)
      break
    case 'fd':
    case 'dirfd':
      descriptor(out, frame, view.getInt32(result, true), style)
      break
    default: {
      const wide = view.getBigInt64(result, true)
      if (high === 0) out.dec(low)
      else if (returns.bits === 32 && !returns.signed) out.dec(low)
      else if (returns.signed) out.put(wide.toString())
      else out.put(BigInt.asUintN(64, wide).toString())
    }
  }
  own?.(out, frame, style)
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
  const name = errnoNames[errno]
  if (name === undefined) return out.put(`-1 (errno ${errno})`)
  out.put(`-1 ${name} (${errnoTexts[errno] ?? ''})`)
}

/** F_GETFD and F_GETFL return flags. */
function fcntlResult(out: TextBuffer, frame: Frame, style: Style): void {
  const command = frame.view.getUint32(frame.args + 8, true)
  const value = frame.view.getUint32(frame.result, true)
  if (command === 1 && value !== 0) {
    out.put(' (flags ')
    printFlags(out, [nameTable(sets.fdflags, frame.arch)], value, 0, style)
    out.putByte(41)
  }
}
