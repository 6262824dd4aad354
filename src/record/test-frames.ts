/** Frames made by hand, for tests of what looks at them. */
import { Frame } from './frame.ts'
import {
  type ArchName,
  align8,
  archNames,
  Enter,
  Exit,
  ExitFlag,
  Header,
  Range,
  RangeKind,
  RecordKind,
} from './layout.ts'

export interface TestRange {
  readonly address: number
  readonly bytes: Uint8Array
  readonly flags?: number
}

export interface TestCall {
  readonly arch?: ArchName
  readonly sysno?: number
  readonly args?: readonly (number | bigint)[]
  readonly stack?: bigint
  readonly enter?: readonly TestRange[]
  /** What the call returned, a negative errno when it failed; not there while it runs. */
  readonly result?: number | bigint
  readonly exit?: readonly TestRange[]
}

/** A frame of a call, with the memory that was copied. */
export function testFrame(call: TestCall): Frame {
  const frame = new Frame()
  const enter = record(RecordKind.enter, Enter.bytes, call, call.enter ?? [])
  enter.view.setUint32(Enter.sysno, call.sysno ?? 0, true)
  enter.view.setUint32(Enter.ranges, call.enter?.length ?? 0, true)
  call.args?.forEach((arg, i) => {
    enter.view.setBigUint64(Enter.args + i * 8, BigInt.asUintN(64, BigInt(arg)), true)
  })
  enter.view.setBigUint64(Enter.sp, call.stack ?? 0n, true)
  frame.enter(enter.bytes, enter.view, 0)
  if (call.result === undefined) return frame
  const exit = record(RecordKind.exit, Exit.bytes, call, call.exit ?? [])
  const result = BigInt(call.result)
  exit.view.setBigInt64(Exit.result, BigInt.asIntN(64, result), true)
  exit.view.setUint32(Exit.ranges, call.exit?.length ?? 0, true)
  if (result < 0n && result >= -4095n) exit.view.setUint16(Header.flags, ExitFlag.failed, true)
  frame.exit(exit.bytes, exit.view, 0)
  return frame
}

function record(
  kind: number,
  fixed: number,
  { arch = 'amd64' }: TestCall,
  ranges: readonly TestRange[],
): { readonly bytes: Uint8Array; readonly view: DataView } {
  const size = ranges.reduce((sum, range) => sum + Range.bytes + align8(range.bytes.length), fixed)
  const bytes = new Uint8Array(align8(size))
  const view = new DataView(bytes.buffer)
  view.setUint32(Header.size, bytes.length, true)
  view.setUint8(Header.kind, kind)
  view.setUint8(Header.arch, archNames.indexOf(arch))
  view.setUint32(Header.tid, 1, true)
  view.setUint32(Header.pid, 1, true)
  let at = fixed
  for (const range of ranges) {
    view.setBigUint64(at + Range.address, BigInt(range.address), true)
    view.setUint32(at + Range.length, range.bytes.length, true)
    view.setUint8(at + Range.kind, RangeKind.memory)
    view.setUint8(at + Range.flags, range.flags ?? 0)
    bytes.set(range.bytes, at + Range.bytes)
    at += Range.bytes + align8(range.bytes.length)
  }
  return { bytes, view }
}

/** Bytes of text with a NUL behind it. */
export const cString = (text: string): Uint8Array => Buffer.from(`${text}\0`, 'latin1')
/** Little-endian words of eight bytes. */
export const words = (...values: (number | bigint)[]): Uint8Array => {
  const bytes = new Uint8Array(values.length * 8)
  const view = new DataView(bytes.buffer)
  values.forEach((value, i) => {
    view.setBigUint64(i * 8, BigInt.asUintN(64, BigInt(value)), true)
  })
  return bytes
}
