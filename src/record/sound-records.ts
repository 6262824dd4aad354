/** What readers of records take for granted, and check once, where records come from a file. */
import {
  Enter,
  Exit,
  Exiting,
  Header,
  RecordKind,
  Resources,
  Signal,
  Start,
  Status,
  Thread,
} from './layout.ts'

/** Whether a record holds what readers take for granted of its kind; its size is known to be good. */
export function isSound(view: DataView, at: number): boolean {
  const size = view.getUint32(at, true)
  // Printers make whole numbers of it.
  if (!(Math.abs(view.getFloat64(at + Header.time, true)) < 2 ** 53)) return false
  switch (view.getUint8(at + Header.kind)) {
    case RecordKind.start:
      return size >= Start.bytes
    case RecordKind.enter:
      return size >= Enter.bytes
    case RecordKind.exit:
      return size >= Exit.bytes
    case RecordKind.signal:
      return size >= Signal.bytes && size - Signal.bytes >= view.getUint32(at + Signal.length, true)
    case RecordKind.thread:
    case RecordKind.comm:
      return size >= Thread.plain
    case RecordKind.stopped:
    case RecordKind.exited:
    case RecordKind.killed:
    case RecordKind.superseded:
    case RecordKind.detached:
    case RecordKind.lost:
    case RecordKind.end:
      return size >= Status.bytes
    case RecordKind.resources:
      return size >= Resources.bytes
    case RecordKind.exiting:
      return size >= ((view.getUint16(at + Header.flags, true) & 1) === 0 ? Exiting.plain : Exiting.bytes)
    default:
      return size >= Header.bytes
  }
}
