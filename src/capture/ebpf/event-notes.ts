/**
 * Notes of what descriptors and numbers of processes stand for: programs have left what they found in the kernel's structures in an
 * event's ranges, and here it becomes what a tracer that stops its tracees finds in /proc.
 */
import { readlinkSync } from 'node:fs'
import { AT_FDCWD, align8, Enter, Range, RangeFlag, RangeKind } from '../../record/layout.ts'
import type { CaptureOptions } from '../backend.ts'
import { DescriptorNotes } from '../notes/descriptor-notes.ts'
import { KnownPeers } from '../notes/known-peers.ts'
import { type PidLookup, PidNotes } from '../notes/pid-notes.ts'
import { noteSocket } from '../notes/socket-text.ts'
import { noteDescriptors } from '../plans/descriptors-in-memory.ts'
import { notePids } from '../plans/pids-in-memory.ts'
import { RecordBuilder } from '../plans/record-builder.ts'
import type { BpfRing } from './bpf-ring.ts'
import type { EventRecords } from './event-records.ts'
import type { NotePlaces } from './file-places.ts'
import { noMemory } from './no-memory.ts'
import {
  descriptorHolders,
  firstNoteKind,
  mostPath,
  NoteKind,
  PathNote,
  pidHolders,
  pidKinds,
  SocketNote,
} from './note-layout.ts'
import { deletedMark, NotedPath } from './path-text.ts'
import { NotedSocket } from './socket-details.ts'
import type { TracedThread } from './traced-thread.ts'

const S_IFMT = 0o170000
const S_IFCHR = 0o020000
const S_IFBLK = 0o060000
const minorBits = 20

/** An enter of which nothing is written yet. */
export interface HeldEnter {
  /** The event without its notes. */
  readonly event: Uint8Array
  /** These, as ranges of a record. */
  readonly notes: { readonly bytes: Uint8Array; readonly count: number }
}

export class EventNotes {
  readonly #records: EventRecords
  readonly #options: CaptureOptions
  readonly #places: NotePlaces
  readonly #builder: RecordBuilder
  /** For steps that look at memory which was copied, where it stands in the event. */
  readonly #source: RecordBuilder
  /** What cannot be noted where the call is made is looked up while the thread runs on. */
  readonly #late: DescriptorNotes
  readonly #pids: PidNotes
  readonly #peers = new KnownPeers()
  readonly #range: EventRange
  readonly #noted: NotedPath

  constructor(records: EventRecords, options: CaptureOptions, places: NotePlaces, names: PidLookup) {
    const { writer, ring } = records
    this.#records = records
    this.#options = options
    this.#places = places
    this.#builder = new RecordBuilder(writer.ring.bytes, writer.ring.view, noMemory)
    this.#source = new RecordBuilder(ring.bytes, ring.view, noMemory)
    this.#range = new EventRange(ring)
    this.#noted = new NotedPath(ring.bytes, ring.view)
    this.#late = new DescriptorNotes(options)
    this.#pids = new PidNotes(options, names)
  }

  /** Hands the event of a call on as a record; `fixed`: the bytes before its ranges. */
  copy(thread: TracedThread, offset: number, fixed: number): void {
    const { ring } = this.#records.writer
    const at = this.#begin(offset, fixed)
    this.#memory(offset, fixed)
    this.#notes(thread, offset, fixed)
    ring.view.setUint32(at + Enter.ranges, this.#builder.ranges, true)
    this.#records.commit(at, this.#builder.at - at)
  }

  /** An enter that is to be kept. */
  hold(thread: TracedThread, offset: number): HeldEnter {
    const { ring } = this.#records.writer
    const at = this.#begin(offset, Enter.bytes)
    const builder = this.#builder
    this.#memory(offset, Enter.bytes)
    const { at: end, ranges } = builder
    this.#notes(thread, offset, Enter.bytes)
    const event = ring.bytes.slice(at, end)
    // Header and arguments are the event's own.
    event.set(this.#records.ring.bytes.subarray(offset, offset + Enter.bytes))
    new DataView(event.buffer).setUint32(Enter.ranges, ranges, true)
    return {
      event,
      notes: { bytes: ring.bytes.slice(end, builder.at), count: builder.ranges - ranges },
    }
  }

  #begin(offset: number, fixed: number): number {
    const at = this.#records.writer.ring.begin()
    this.#records.copyBytes(offset, fixed, at)
    this.#builder.begin(at, fixed)
    return at
  }

  /** Copies ranges that are a record's already. */
  #memory(offset: number, fixed: number): void {
    const builder = this.#builder
    const range = this.#range
    for (range.begin(offset, fixed); range.next(); ) {
      if (range.kind >= firstNoteKind) continue
      this.#records.copyWords(range.at, range.size, builder.at)
      builder.at += range.size
      builder.ranges++
    }
  }

  #notes(thread: TracedThread, offset: number, fixed: number): void {
    /** Whether `path` is of a descriptor: a note of its socket comes behind. */
    let isNoted = false
    const path = this.#noted
    const range = this.#range
    for (range.begin(offset, fixed); range.next(); ) {
      if (range.kind < firstNoteKind) continue
      // Not 0: of another process.
      this.#builder.slot = this.#records.ring.view.getUint32(range.at + 4, true)
      const content = range.at + Range.bytes
      if (range.kind === NoteKind.path || range.kind === NoteKind.cwd) {
        isNoted = range.length >= PathNote.names
        if (isNoted) this.#path(range, path.over(content, range.length), thread)
      } else if (range.kind === NoteKind.socket) {
        if (isNoted && range.length === SocketNote.bytes)
          this.#socket(range, path, this.#records.ring.bytes.subarray(content, content + range.length))
      } else this.#later(range, thread, offset)
    }
    this.#builder.slot = 0
  }

  #key({ at }: EventRange): number {
    return this.#records.ring.view.getUint32(at, true)
  }

  #path(range: EventRange, path: NotedPath, thread: TracedThread): void {
    const builder = this.#builder
    if (!builder.hasRoom(2 * mostPath)) return
    const at = builder.at + Range.bytes
    const key = this.#key(range)
    if (path.isNameless) {
      let written = path.writeNameless(builder.bytes, at)
      if (written < 0) {
        const text = linkOf(thread.tid, key, link => link.includes(`[${path.inode}]`))
        if (text === undefined) return
        builder.bytes.set(text, at)
        written = text.length
      }
      builder.note(RangeKind.fdPath, key, written)
      return
    }
    let length = path.write(builder.bytes, at)
    // A file may have such a name and still be there.
    const isMarked = endsInMark(builder.bytes, at, at + length)
    if (path.isRemoved) {
      builder.bytes.set(deletedMark, at + length)
      length += deletedMark.length
    }
    if (path.isUnfinished)
      length = this.#whole(at, length, thread.tid, range.kind === NoteKind.cwd ? AT_FDCWD : key)
    // As readlink has it, which does not show what does not fit.
    if (length >= mostPath) return
    if (range.kind === NoteKind.cwd) return builder.note(RangeKind.cwd, 0, length)
    const flags = isMarked && !path.isRemoved ? RangeFlag.exists : 0
    builder.note(RangeKind.fdPath, key, length, flags)
    if (this.#options.devices) this.#device(key, path)
  }

  /** Of the path that stands at `at` the beginning is missing: what it is now, if that ends in the same way. Its length. */
  #whole(at: number, length: number, tid: number, fd: number): number {
    const { bytes } = this.#builder
    const link = linkOf(tid, fd, text => text.subarray(-length).equals(bytes.subarray(at, at + length)))
    if (link !== undefined) {
      bytes.set(link, at)
      return link.length
    }
    bytes.copyWithin(at + ellipsis.length, at, at + length)
    bytes.set(ellipsis, at)
    return length + ellipsis.length
  }

  #device(key: number, { mode, device }: NotedPath): void {
    const builder = this.#builder
    const type = mode & S_IFMT
    // Nothing is a note too: after dup2 there may be one of what stood there before.
    if (type !== S_IFCHR && type !== S_IFBLK) return builder.note(RangeKind.device, key, 0)
    const at = builder.at + Range.bytes
    builder.view.setUint32(at, mode, true)
    builder.view.setUint32(at + 4, device >>> minorBits, true)
    builder.view.setUint32(at + 8, device & ((1 << minorBits) - 1), true)
    builder.note(RangeKind.device, key, 12)
  }

  #socket(range: EventRange, path: NotedPath, content: Uint8Array): void {
    const protocol = Buffer.from(path.name).toString('latin1')
    const details = new NotedSocket(content, this.#places.sockets, this.#peers, protocol, path.inode)
    noteSocket(this.#builder, this.#key(range), protocol, path.inode, details)
  }

  /** What programs leave to us. */
  #later(range: EventRange, thread: TracedThread, offset: number): void {
    const { view } = this.#records.ring
    const builder = this.#builder
    const key = this.#key(range)
    const number = (index: number): number => view.getUint32(range.at + Range.bytes + 4 * index, true)
    if (range.length < 12 || !builder.hasRoom(64)) return
    switch (range.kind) {
      case NoteKind.process: {
        const process = number(0)
        builder.view.setUint32(builder.at + Range.bytes, process, true)
        return builder.note(RangeKind.process, key, process === 0 ? 0 : 4)
      }
      case NoteKind.foreign: {
        const slot = view.getUint32(range.at + 4, true)
        return this.#late.noteForeign(builder, key | 0, number(0) | 0, true, slot)
      }
      case NoteKind.pid: {
        const kind = pidKinds[number(0)]
        return kind === undefined ? undefined : this.#pids.note(builder, key | 0, kind)
      }
    }
    const source = this.#source
    const end = offset + this.#records.ring.length(offset)
    source.base = offset + number(1)
    source.limit = Math.min(end, offset + number(2))
    if (source.base > source.limit) return
    const word = thread.arch === 'i386' ? 4 : 8
    if (range.kind === NoteKind.pids) {
      const of = pidHolders[number(0)]
      if (of === undefined) return
      notePids(of, (_, id, kind) => this.#pids.note(builder, id, kind), word)(source)
    } else if (range.kind === NoteKind.descriptors) {
      const of = descriptorHolders[number(0)]
      if (of === undefined) return
      noteDescriptors(
        of,
        () => 0,
        (_, fd) => this.#late.note(builder, fd),
        word,
      )(source)
    }
  }
}

/** Goes through an event's ranges, as far as they are within it. */
class EventRange {
  at = 0
  /** With its header and what fills it up. */
  size = 0
  /** Of its content. */
  length = 0
  kind = 0
  readonly #ring: BpfRing
  #end = 0
  #left = 0

  constructor(ring: BpfRing) {
    this.#ring = ring
  }

  begin(offset: number, fixed: number): void {
    this.#end = offset + this.#ring.length(offset)
    this.#left = this.#ring.view.getUint32(offset + Enter.ranges, true)
    this.at = offset + fixed
    this.size = 0
  }

  /** Goes on to the next; whether there is one. */
  next(): boolean {
    this.at += this.size
    if (this.#left-- <= 0 || this.at + Range.bytes > this.#end) return false
    this.length = this.#ring.view.getUint32(this.at + Range.length, true)
    this.size = Range.bytes + align8(this.length)
    this.kind = this.#ring.bytes[this.at + Range.kind]!
    return this.at + this.size <= this.#end
  }
}

/** Whether the path from `start` to `end` ends as the kernel has it of files that were removed. */
function endsInMark(bytes: Uint8Array, start: number, end: number): boolean {
  const from = end - deletedMark.length
  if (from < start) return false
  for (let i = deletedMark.length - 1; i >= 0; i--) if (bytes[from + i] !== deletedMark[i]) return false
  return true
}

const ellipsis = Buffer.from('...')

/** What a descriptor links to now, if that is what it should be. */
function linkOf(tid: number, fd: number, isIt: (link: Buffer) => boolean): Buffer | undefined {
  try {
    const link = readlinkSync(fd === AT_FDCWD ? `/proc/${tid}/cwd` : `/proc/${tid}/fd/${fd}`, 'buffer')
    return isIt(link) ? link : undefined
  } catch {
    return undefined
  }
}
