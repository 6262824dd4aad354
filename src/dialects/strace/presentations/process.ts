/** How arguments of calls that make and look at processes are shown where their types do not say it. */
import { clone_flags } from '../../../abi/sets.ts'
import type { Frame } from '../../../record/frame.ts'
import { readAddress } from '../../../types/evaluate.ts'
import type { Struct } from '../../../types/language.ts'
import { Bound } from '../../../types/plan.ts'
import { layoutOf } from '../../../types/resolve.ts'
import { nameTable, printFlags } from '../names.ts'
import type { Presentation, Presentations, ShownArgument } from '../presentations.ts'
import type { Printer } from '../print.ts'
import { processId } from '../process-ids.ts'
import { addressNumber, descriptor, signalName } from '../scalars.ts'
import { printGrown } from '../structures.ts'
import { entered, shownLate, sibling } from './arguments.ts'

/** The flags without the lowest byte, which is the signal that the parent gets: `CLONE_VM|SIGCHLD`. */
const clone: Presentation = scope => {
  const { style, arch } = scope
  const tables = [nameTable(clone_flags, arch)]
  const flags: Printer = (out, { view }, at) => {
    const signal = view.getUint8(at)
    const low = (view.getUint32(at, true) & ~0xff) >>> 0
    const high = view.getUint32(at + 4, true)
    if ((low | high) !== 0) {
      printFlags(out, tables, low, high, style)
      if (signal === 0) return
      out.putChar('|')
    } else if (signal === 0) return out.putChar('0')
    signalName(out, signal, style)
  }
  const late = (label: string, arg: string): ShownArgument => ({ label, arg, waits: true, lateComma: true })
  return [
    { label: 'child_stack', arg: 'stack' },
    { label: 'flags', arg: 'flags', print: flags },
    late('parent_tid', 'parent_tid'),
    { ...shownLate(scope, 'tls'), label: 'tls', lateComma: true },
    late('child_tidptr', 'child_tid'),
  ]
}

/** The structure is shown at the enter; what the kernel wrote where it says, after `=>` at the exit. */
const clone3: Presentation = scope => {
  const type = scope.args[0]!.type
  const { fields, size } = layoutOf(type.kind === 'pointer' ? (type.to as Struct).layout : '', scope.arch)
  const outcomes = [
    { label: 'pidfd', flag: 0x1000, offset: fields.pidfd!.offset },
    { label: 'parent_tid', flag: 0x100000, offset: fields.parent_tid!.offset },
  ]
  /** Where the structure's copy is, when the call succeeded; -1. */
  const place = (frame: Frame, at: number): number =>
    frame.failed ? -1 : frame.find(readAddress(frame.view, at, scope.arch), 64)
  const after: Printer = (out, frame, at) => {
    const base = place(frame, at)
    if (base < 0) return
    const flags = frame.view.getUint32(base, true)
    const start = out.length
    out.put(' => {')
    const begin = out.length
    for (const { label, flag, offset } of outcomes) {
      if ((flags & flag) === 0) continue
      const address = readAddress(frame.view, base + offset, scope.arch)
      const found = frame.find(address, 4)
      out.put(`${out.length > begin ? ', ' : ''}${label}=`)
      if (address === 0 || found < 0) addressNumber(out, frame, base + offset, 8)
      else {
        out.putChar('[')
        const value = frame.view.getInt32(found, true)
        if (label === 'pidfd') descriptor(out, frame, value, scope.style)
        else processId(out, frame, value, 'tid', scope.style)
        out.putChar(']')
      }
    }
    out.putChar('}')
    // What the structure has beyond its known fields is told again.
    const claimed = Math.min(readAddress(frame.view, sibling(at, 0, 1), 'amd64'), Bound.page)
    const have = frame.available(readAddress(frame.view, at, scope.arch))
    if (claimed > size) printGrown(out, frame, frame.at, size, claimed, have, scope.style)
    if (out.length === begin + 1) out.length = start
  }
  return [
    entered(scope, 'cl_args'),
    { label: '', arg: 'cl_args', print: after, waits: true, joined: true },
    { label: '', arg: 'size', waits: true, lateComma: true },
  ]
}

export const processPresentations: Presentations = { clone, clone3 }
