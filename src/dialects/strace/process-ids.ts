/** Ids of processes, threads and groups with what the options ask to tell of them: a name, and a number in our pid namespace. */
import type { Frame } from '../../record/frame.ts'
import { RangeKind } from '../../record/layout.ts'
import type { PidKind } from '../../types/plan.ts'
import { TextBuffer } from '../text-buffer.ts'
import { escapeBytes } from './quote.ts'
import type { Style } from './style.ts'

/** Where notes are found: a frame. */
export type Notes = Pick<Frame, 'note'> & { readonly noteFlags?: number }

export const describesIds = (style: Style): boolean =>
  style.processNames === true || style.pidNamespaces === true

/** The id, and what is known of it. */
export function processId(out: TextBuffer, notes: Notes, id: number, kind: PidKind, style: Style): void {
  out.dec(id)
  aboutProcess(out, notes, id, kind, style)
}

/** The same where what is read from may not be a frame. */
export function rawProcessId(
  out: TextBuffer,
  raw: { readonly note?: Notes['note'] | undefined },
  id: number,
  style: Style,
): void {
  out.dec(id)
  if (raw.note !== undefined)
    aboutProcess(out, { note: (kind, key) => raw.note?.(kind, key) }, id, 'pid', style)
}

/** What follows an id. */
export function aboutProcess(out: TextBuffer, notes: Notes, id: number, kind: PidKind, style: Style): void {
  if (!describesIds(style)) return
  const group = kind === 'pidOrGroup' && id < -1
  const note = notes.note(RangeKind.pid, group ? -id : id)
  if (note !== undefined)
    pidNote(out, note, group ? -id : id, !group && kind !== 'pgid' && kind !== 'sid', style)
}

/** What a note says of the id `number`; only what is no group has a name. */
export function pidNote(
  out: TextBuffer,
  note: Uint8Array,
  number: number,
  named: boolean,
  style: Style,
): void {
  if (note.length < 4) return
  if (named && style.processNames && note.length > 4) processName(out, note.subarray(4), style)
  const own = (note[0]! | (note[1]! << 8) | (note[2]! << 16) | (note[3]! << 24)) >>> 0
  if (style.pidNamespaces && own !== number) out.put(` /* ${own} in strace's PID NS */`)
}

/** The same as text; nothing for no name. */
export function processNameText(name: Uint8Array, style: Style): string {
  if (name.length === 0) return ''
  const out = new TextBuffer()
  processName(out, name, style)
  return Buffer.from(out.bytes.subarray(0, out.length)).toString('latin1')
}

/** `<name>`, escaped as paths are. */
function processName(out: TextBuffer, name: Uint8Array, style: Style): void {
  out.putChar('<')
  escapeBytes(out, name, 0, name.length, style, true)
  out.putChar('>')
}
