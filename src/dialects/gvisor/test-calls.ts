/** For tests: calls made of arguments and memory, captured by gVisor's own plans and printed. */
import { interpretPlan } from '../../capture/plans/plan-interpreter.ts'
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
} from '../../record/layout.ts'
import type { Op } from '../../types/plan.ts'
import type { LineOutput } from '../strace/line-options.ts'
import { TextBuffer } from '../text-buffer.ts'
import { gvisorPlan } from './capture-plan.ts'
import type { Era, GvisorArch } from './eras.ts'
import { GvisorPrinter } from './gvisor-printer.ts'
import { calls } from './tables/calls.ts'

/** A stretch of memory; what stands nowhere cannot be read. */
export interface Stretch {
  readonly at: number
  readonly bytes: Uint8Array
}

export interface TestCall {
  readonly name: string
  readonly args?: readonly (number | bigint)[]
  readonly memory?: readonly Stretch[]
  /** Memory as it is when the call returns, where that differs. */
  readonly after?: readonly Stretch[]
  /** The result; a negative one is an errno. */
  readonly result?: number | bigint
  /** What descriptors refer to, and the working directory. */
  readonly fds?: { readonly [fd: number]: string }
  readonly cwd?: string
}

export interface TestOptions {
  readonly arch?: GvisorArch
  readonly era?: Era
  readonly logSize?: number
  readonly escapePaths?: boolean
}

interface Copied {
  readonly address: number
  readonly bytes: Uint8Array
  readonly flags: number
  readonly kind?: number
}

/** The text between the parentheses of the call's E line and of its X line, and what follows there. */
export function printCall(
  call: TestCall,
  options: TestOptions = {},
): { enter: string; exit: string; result: string } {
  const { arch = 'amd64', era = 'head', logSize = 1024, escapePaths = false } = options
  const sysno = numberOf(arch, call.name)
  const text = new TextBuffer()
  const output: LineOutput = { buffer: () => text, lineEnded() {}, ended() {}, onFlush() {} }
  const printer = new GvisorPrinter({ logSize, era, escapePaths }, output)
  for (const record of records(call, sysno, arch, era, logSize))
    printer.record(record, new DataView(record.buffer), 0)
  printer.end()
  const lines = Buffer.from(text.text()).toString('utf8')
  const [, enter = '', exit = '', result = ''] =
    /^\[.*?\] {2}E \w+\((.*)\)\n\[.*?\] {2}X \w+\((.*)\) = (.*)\n$/s.exec(lines) ?? []
  return { enter, exit, result: result.replace(/ \(1µs\)$/, '') }
}

/** The call's number; names that gVisor does not know are numbers themselves. */
function numberOf(arch: GvisorArch, name: string): number {
  const known = Object.entries(calls[arch]!).find(([, [n]]) => n === name)
  return known === undefined ? Number(name) : Number(known[0])
}

function records(call: TestCall, sysno: number, arch: GvisorArch, era: Era, logSize: number): Uint8Array[] {
  const args = Array.from({ length: 6 }, (_, i) => BigInt.asUintN(64, BigInt(call.args?.[i] ?? 0)))
  const value = BigInt(call.result ?? 0)
  const failed = value < 0n && value >= -4095n
  const plan = gvisorPlan(arch, sysno, logSize, era)
  const copies = (ops: readonly Op[], memory: readonly Stretch[]): Copied[] =>
    interpretPlan(ops, {
      args,
      result: value,
      word: 8,
      dataLimit: logSize + 1,
      environment: true,
      fixed: 96,
      read: (address, length) => read(memory, address, length),
    })
  const memory = call.memory ?? []
  const notes: Copied[] = Object.entries(call.fds ?? {}).map(([fd, path]) => ({
    address: Number(fd),
    bytes: Buffer.from(path),
    flags: 0,
    kind: RangeKind.fdPath,
  }))
  if (call.cwd !== undefined)
    notes.push({ address: 0, bytes: Buffer.from(call.cwd), flags: 0, kind: RangeKind.cwd })
  const enter = record(arch, RecordKind.enter, 0, Enter.bytes, 0, [
    ...notes,
    ...copies(plan?.enter ?? [], memory),
  ])
  const view = new DataView(enter.buffer)
  view.setUint32(Enter.sysno, sysno, true)
  args.forEach((arg, i) => {
    view.setBigUint64(Enter.args + i * 8, arg, true)
  })
  const exitOps = failed ? [] : (plan?.exit ?? [])
  const exit = record(
    arch,
    RecordKind.exit,
    failed ? ExitFlag.failed : 0,
    Exit.bytes,
    1000,
    copies(exitOps, call.after ?? memory),
  )
  new DataView(exit.buffer).setBigInt64(Exit.result, BigInt.asIntN(64, value), true)
  return [enter, exit]
}

/** What can be read at an address: the stretch that it lies in, to its end. */
function read(memory: readonly Stretch[], address: number, length: number): Uint8Array {
  const stretch = memory.find(s => address >= s.at && address < s.at + s.bytes.length)
  return stretch === undefined
    ? new Uint8Array()
    : stretch.bytes.subarray(address - stretch.at, address - stretch.at + length)
}

function record(
  arch: ArchName,
  kind: number,
  flags: number,
  fixed: number,
  time: number,
  ranges: readonly Copied[],
): Uint8Array {
  const size = ranges.reduce((sum, r) => sum + Range.bytes + align8(r.bytes.length), fixed)
  const bytes = new Uint8Array(size)
  const view = new DataView(bytes.buffer)
  view.setUint32(Header.size, size, true)
  bytes[Header.kind] = kind
  bytes[Header.arch] = archNames.indexOf(arch)
  view.setUint16(Header.flags, flags, true)
  view.setUint32(Header.tid, 7, true)
  view.setUint32(Header.pid, 7, true)
  view.setFloat64(Header.time, time, true)
  view.setUint32(Enter.ranges, ranges.length, true)
  let at = fixed
  for (const range of ranges) {
    view.setBigUint64(at, BigInt(range.address), true)
    view.setUint32(at + Range.length, range.bytes.length, true)
    bytes[at + Range.kind] = range.kind ?? RangeKind.memory
    bytes[at + Range.flags] = range.flags
    bytes.set(range.bytes, at + Range.bytes)
    at += Range.bytes + align8(range.bytes.length)
  }
  return bytes
}

/** Numbers one after the other as they stand in memory: `u8 1`, `u16 2` … */
export function words(
  ...items: readonly (readonly [bits: 8 | 16 | 32 | 64, value: number | bigint])[]
): Uint8Array {
  const bytes = new Uint8Array(items.reduce((sum, [bits]) => sum + bits / 8, 0))
  const view = new DataView(bytes.buffer)
  let at = 0
  for (const [bits, value] of items) {
    for (let i = 0; i < bits / 8; i++) view.setUint8(at + i, Number((BigInt(value) >> BigInt(8 * i)) & 255n))
    at += bits / 8
  }
  return bytes
}

/** 64-bit numbers. */
export const longs = (...values: readonly (number | bigint)[]): Uint8Array =>
  words(...values.map(value => [64, value] as const))
/** Text with its NUL. */
export const text = (value: string): Uint8Array => Buffer.from(`${value}\0`)
