/** wait4's status word: `[{WIFEXITED(s) && WEXITSTATUS(s) == 0}]`. */
import type { PrintScope } from '../print.ts'
import type { SpecialPrinter } from '../registry.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import { signalName } from '../scalars.ts'
import type { Style } from '../style.ts'

const events = ['0', 'PTRACE_EVENT_FORK', 'PTRACE_EVENT_VFORK', 'PTRACE_EVENT_CLONE', 'PTRACE_EVENT_EXEC', 'PTRACE_EVENT_VFORK_DONE', 'PTRACE_EVENT_EXIT', 'PTRACE_EVENT_SECCOMP']

export function printWaitStatus(out: TextBuffer, status: number, style: Style): void {
  let rest: number
  const signo = status & 0x7f
  if ((status & 0xff) === 0x7f) {
    const stop = (status >> 8) & 0xff
    out.put('{WIFSTOPPED(s) && WSTOPSIG(s) == ')
    signalName(out, stop & 0x7f, style)
    if (stop & 0x80) out.put(' | 0x80')
    out.putByte(125)
    rest = status & ~0xffff
    const event = status >> 16
    if (event > 0 && event < events.length) {
      out.put(` | ${events[event]} << 16`)
      rest = 0
    } else if (event === 128) {
      out.put(' | PTRACE_EVENT_STOP << 16')
      rest = 0
    }
  } else if (signo === 0) {
    out.put(`{WIFEXITED(s) && WEXITSTATUS(s) == ${(status >> 8) & 0xff}}`)
    rest = status & ~0xff00
  } else if (status === 0xffff) {
    out.put('{WIFCONTINUED(s)}')
    rest = 0
  } else {
    out.put('{WIFSIGNALED(s) && WTERMSIG(s) == ')
    signalName(out, signo, style)
    out.put(status & 0x80 ? ' && WCOREDUMP(s)}' : '}')
    rest = status & ~0xff
  }
  if (rest !== 0) out.put(` | ${'0x' + (rest >>> 0).toString(16)}`)
}

export const waitstatus = ({ style }: PrintScope): SpecialPrinter => (out, frame, at) => {
  out.putByte(91)
  printWaitStatus(out, frame.view.getInt32(at, true), style)
  out.putByte(93)
}
