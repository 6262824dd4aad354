/**
 * What the descriptors of a tracee refer to: paths, the working directory, devices, sockets, processes.
 *
 * Looked up anew for each call: a readlink costs a tenth of the call's two stops, and what would make a kept
 * answer wrong (close, dup2, rename, a thread's unshare, another process with the same descriptors) is a long list.
 */
import { constants, lstatSync, statSync } from 'node:fs'
import { open_mode_flags } from '../../abi/sets.ts'
import { libc } from '../../libc/libc.ts'
import { NativeMemory } from '../../libc/native-memory.ts'
import { AT_FDCWD, Header, Range, RangeFlag, RangeKind } from '../../record/layout.ts'
import type { CaptureOptions } from '../backend.ts'
import type { RecordBuilder } from '../plans/record-builder.ts'
import { ownNumber, procNumber, translate } from './process-numbers.ts'
import { SocketNotes } from './socket-notes.ts'

const mostPath = 4096
const pathBytes = 64

export const describesDescriptors = (options: CaptureOptions): boolean =>
  options.fdPaths || options.sockets || options.devices || options.pidfds === true

export class DescriptorNotes {
  readonly #options: CaptureOptions
  readonly #path = new NativeMemory(pathBytes)
  readonly #target = new NativeMemory(mostPath)
  readonly #sockets: SocketNotes | null

  constructor(options: CaptureOptions) {
    this.#options = options
    this.#sockets = options.sockets ? new SocketNotes() : null
  }

  /** Appends what there is to say about descriptor `fd` of the record's thread; AT_FDCWD is the working directory. */
  readonly note = (record: RecordBuilder, fd: number): void => {
    if (fd < 0 && fd !== AT_FDCWD) return
    this.#note(record, fd, tidOf(record), pidOf(record))
  }

  /** The same of descriptor `fd` of the process that the tracee knows as `owner`, or has the pidfd `owner` of. */
  readonly noteForeign = (
    record: RecordBuilder,
    fd: number,
    owner: number,
    byProcess: boolean,
    slot: number,
  ): void => {
    if (fd < 0 || owner < 0) return
    const tid = tidOf(record)
    const pid = byProcess ? translate(tid, owner, 'pid') : this.#processBehind(procNumber(tid), owner)
    if (pid <= 0) return
    record.slot = slot
    this.#note(record, fd, pid, pid)
    record.slot = 0
  }

  /** Descriptors are copied from processes, and threads have none of their own to open. */
  #note(record: RecordBuilder, fd: number, tid: number, pid: number): void {
    const proc = procNumber(tid)
    const name = fd === AT_FDCWD ? `/proc/${proc}/cwd` : `/proc/${proc}/fd/${fd}`
    const length = this.#read(name)
    if (length <= 0 || !record.hasRoom(length)) return
    const { bytes } = this.#target
    record.bytes.set(bytes.subarray(0, length), record.at + Range.bytes)
    if (fd === AT_FDCWD) return record.note(RangeKind.cwd, 0, length)
    const flags =
      endsIn(bytes, length, deletedMark) && hasThisName(name, bytes, length) ? RangeFlag.exists : 0
    record.note(RangeKind.fdPath, fd, length, flags)
    if (bytes[0] === slash) {
      if (this.#options.devices) noteDevice(record, fd, name)
    } else if (begins(bytes, socketMark)) {
      this.#sockets?.note(record, fd, pid, this.#path.address, inodeOf(bytes, length))
    } else if (this.#options.pidfds && (begins(bytes, pidfdMark) || begins(bytes, pidfsMark)))
      this.#noteProcess(record, fd, proc)
  }

  #read(name: string): number {
    const { bytes, address } = this.#path
    for (let i = 0; i < name.length; i++) bytes[i] = name.charCodeAt(i)
    bytes[name.length] = 0
    return libc.readlink(address, this.#target.address, mostPath)
  }

  #noteProcess(record: RecordBuilder, fd: number, proc: number): void {
    if (!record.hasRoom(4)) return
    const pid = this.#processBehind(proc, fd)
    if (pid <= 0) return pid < 0 ? undefined : record.note(RangeKind.process, fd, 0)
    record.view.setUint32(record.at + Range.bytes, pid, true)
    record.note(RangeKind.process, fd, 4)
  }

  /** The process that a pidfd stands for, as we number it: 0 when it is none (any more), -1 when that cannot be told. */
  #processBehind(proc: number, fd: number): number {
    const { bytes, address } = this.#path
    const name = `/proc/${proc}/fdinfo/${fd}`
    for (let i = 0; i < name.length; i++) bytes[i] = name.charCodeAt(i)
    bytes[name.length] = 0
    const file = libc.open(address, O_CLOEXEC, 0)
    if (file < 0) return -1
    const length = libc.pread(file, this.#target.address, mostPath, 0)
    libc.close(file)
    if (length <= 0) return -1
    const text = Buffer.from(this.#target.bytes.subarray(0, length)).toString('latin1')
    const line = /^Pid:\t(-?\d+)$/m.exec(text)
    return line === null || Number(line[1]) <= 0 ? 0 : ownNumber(Number(line[1]))
  }
}

const pidOf = ({ view, offset }: RecordBuilder): number => view.getUint32(offset + Header.pid, true)
const tidOf = ({ view, offset }: RecordBuilder): number => view.getUint32(offset + Header.tid, true)

const { O_CLOEXEC } = open_mode_flags.values
const slash = 47
const mark = (text: string) => Uint8Array.from(text, c => c.charCodeAt(0))
const socketMark = mark('socket:[')
const pidfdMark = mark('anon_inode:[pidfd]')
const pidfsMark = mark('pidfd:[')

/** What the kernel puts behind the path of a file that was removed; but a file may have such a name. */
const deletedMark = mark(' (deleted)')

/** Whether the file behind the link `name` is the one that the path in `bytes` leads to. */
function hasThisName(name: string, bytes: Uint8Array, length: number): boolean {
  try {
    const behind = statSync(name, { bigint: true })
    const there = lstatSync(Buffer.from(bytes.subarray(0, length)), { bigint: true })
    return behind.ino === there.ino && behind.dev === there.dev
  } catch {
    return false
  }
}

const endsIn = (bytes: Uint8Array, length: number, end: Uint8Array): boolean =>
  length > end.length && end.every((b, i) => bytes[length - end.length + i] === b)

const begins = (bytes: Uint8Array, start: Uint8Array): boolean => {
  for (let i = 0; i < start.length; i++) if (bytes[i] !== start[i]) return false
  return true
}

/** The number in `socket:[1234]`. */
function inodeOf(bytes: Uint8Array, length: number): number {
  let inode = 0
  for (let i = socketMark.length; i < length && bytes[i]! >= 48 && bytes[i]! <= 57; i++)
    inode = inode * 10 + bytes[i]! - 48
  return inode
}

const { S_IFMT, S_IFCHR, S_IFBLK } = constants

function noteDevice(record: RecordBuilder, fd: number, name: string): void {
  if (!record.hasRoom(12)) return
  let mode: number
  let rdev: bigint
  try {
    const stat = statSync(name, { bigint: true })
    mode = Number(stat.mode)
    rdev = stat.rdev
  } catch {
    return
  }
  const type = mode & S_IFMT
  // Nothing is a note too: after dup2 there may be one of what stood there before.
  if (type !== S_IFCHR && type !== S_IFBLK) return record.note(RangeKind.device, fd, 0)
  const at = record.at + Range.bytes
  record.view.setUint32(at, mode, true)
  // glibc's dev_t: 12 + 20 bits of major and 20 + 12 bits of minor number, interleaved.
  record.view.setUint32(at + 4, Number(((rdev >> 8n) & 0xfffn) | ((rdev >> 32n) & 0xfffff000n)), true)
  record.view.setUint32(at + 8, Number((rdev & 0xffn) | ((rdev >> 12n) & 0xffffff00n)), true)
  record.note(RangeKind.device, fd, 12)
}
