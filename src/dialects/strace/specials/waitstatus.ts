/** wait4's status word: `[{WIFEXITED(s) && WEXITSTATUS(s) == 0}]`. */
import { ptrace_events } from '../../../abi/sets.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import { lookUp, nameTable, printValue } from '../names.ts'
import type { PrintScope } from '../print.ts'
import type { SpecialPrinter } from '../registry.ts'
import { signalName } from '../scalars.ts'
import type { Style } from '../style.ts'

const stopped = 0x7f
const continued = 0xffff
/** Signals are named here whatever was asked for. */
const named = (style: Style): Style => ({ ...style, constants: 'abbrev' })

function printWaitStatus(out: TextBuffer, status: number, style: Style): void {
  const signo = status & 0x7f
  let rest: number
  if ((status & 0xff) === stopped) {
    const stop = (status >> 8) & 0xff
    out.put('{WIFSTOPPED(s) && WSTOPSIG(s) == ')
    signalName(out, stop & 0x7f, named(style))
    out.put(stop & 0x80 ? ' | 0x80}' : '}')
    rest = status & ~0xffff
  } else if (signo === 0) {
    out.put(`{WIFEXITED(s) && WEXITSTATUS(s) == ${(status >> 8) & 0xff}}`)
    rest = status & ~0xff00
  } else if (status === continued) {
    out.put('{WIFCONTINUED(s)}')
    rest = 0
  } else {
    out.put('{WIFSIGNALED(s) && WTERMSIG(s) == ')
    signalName(out, signo, named(style))
    out.put(status & 0x80 ? ' && WCOREDUMP(s)}' : '}')
    rest = status & ~0xff
  }
  if (rest === 0) return
  // What stands above a stop is the event that it was for.
  const events = [nameTable(ptrace_events, 'amd64')]
  const event = rest >>> 16
  out.putChar('|')
  if (signo === stopped && lookUp(events, event, 0) !== undefined) {
    printValue(out, events, event, 0, style)
    out.put('<<16')
  } else out.hex(rest >>> 0)
}

export const waitstatus =
  ({ style }: PrintScope): SpecialPrinter =>
  (out, frame, at) => {
    out.putChar('[')
    printWaitStatus(out, frame.view.getInt32(at, true), style)
    out.putChar(']')
  }
