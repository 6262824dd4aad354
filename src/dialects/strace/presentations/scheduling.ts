/** How arguments of scheduling are shown where their types do not say it. */
import { ioprio_class } from '../../../abi/sets.ts'
import type { Frame } from '../../../record/frame.ts'
import type { ArchName } from '../../../record/layout.ts'
import { readAddress } from '../../../types/evaluate.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import { nameTable, printValue } from '../names.ts'
import type { Presentation, Presentations } from '../presentations.ts'
import type { Printer } from '../print.ts'
import type { Style } from '../style.ts'
import { argumentsWith, entered } from './arguments.ts'

/** The class is in bits 13 and up, the level below: `IOPRIO_PRIO_VALUE(IOPRIO_CLASS_BE, 4)`. */
function priorityValue(out: TextBuffer, value: number, style: Style, arch: ArchName): void {
  if (style.constants !== 'abbrev') {
    out.dec(value | 0)
    if (style.constants === 'raw') return
    out.put(' /* ')
  }
  priorityParts(out, value, style, arch)
  if (style.constants === 'verbose') out.put(' */')
}

export function priorityParts(out: TextBuffer, value: number, style: Style, arch: ArchName): void {
  out.put('IOPRIO_PRIO_VALUE(')
  printValue(out, [nameTable(ioprio_class, arch)], value >>> 13, 0, style)
  out.put(`, ${value & 0x1fff})`)
}

const ioprio: Presentation = scope =>
  argumentsWith(scope, {
    ioprio: (out, { view }, at) => priorityValue(out, view.getUint32(at, true), scope.style, scope.arch),
  })

/** A size that the kernel does not take is answered with its own: `{size=1} => {size=56}`. */
const setattr: Presentation = scope => {
  const refused = (frame: Frame): boolean => frame.errno === 7
  const after: Printer = (out, frame, at) => {
    if (!refused(frame)) return
    const address = readAddress(frame.view, at, scope.arch)
    const place = frame.find(address, 4)
    if (place >= 0) out.put(` => {size=${frame.view.getUint32(place, true)}}`)
  }
  return [
    { label: '', arg: 'pid' },
    entered(scope, 'attr'),
    { label: '', arg: 'attr', print: after, waits: true, joined: true },
    { label: '', arg: 'flags', lateComma: true, waits: true },
  ]
}

export const schedulingPresentations: Presentations = { ioprio_set: ioprio, sched_setattr: setattr }
