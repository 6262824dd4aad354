/**
 * Takes out of records what rules name, before anything else sees them. What a text is, the declaration of its call
 * says; it is overwritten wherever the record has it, byte for byte, so that lengths, which results tell anyway, stay
 * as they were.
 */
import { type CallPlaces, callPlaces } from '../analysis/call-places.ts'
import { CallDecoders } from '../calls/call-decoders.ts'
import { Frame } from '../record/frame.ts'
import { Exit, Header, RangeKind, RecordKind, Status, Thread } from '../record/layout.ts'
import type { TextRole } from '../types/decoder.ts'
import { Bound } from '../types/plan.ts'
import { type RangePlace, rangeAt, rangesOf, Stretches } from './record-ranges.ts'
import type { Redaction } from './rules.ts'

/** What stands for a byte that is not shown. */
const mark = 0x2a
/** Threads that are remembered at once; a damaged recording may name any number of them. */
const mostThreads = 65536

type TakesRecord = (bytes: Uint8Array, view: DataView, offset: number) => void

interface ThreadCall {
  readonly frame: Frame
  enterRanges: readonly RangePlace[]
  /** What of the tracee's memory is not shown. */
  readonly stretches: Stretches
  inCall: boolean
}

export class Redactor {
  readonly #rules: Redaction
  readonly #next: TakesRecord
  readonly #decoders: CallDecoders
  readonly #places = new Map<string, CallPlaces>()
  readonly #threads = new Map<number, ThreadCall>()
  #bytes = new Uint8Array(4096)
  #view = new DataView(this.#bytes.buffer)
  /** Texts that the decoder finds in the frame. */
  readonly #found: [role: TextRole, at: number, length: number][] = []
  /** Working directories, the latest last. Who has which is not always known: a name may be in any of them. */
  readonly #folders = new Set<string>()

  /** @param cwd where the program was started, if that is known */
  constructor(rules: Redaction, cwd: string | undefined, next: TakesRecord) {
    if (cwd !== undefined) this.#folders.add(cwd)
    this.#rules = rules
    this.#next = next
    this.#decoders = new CallDecoders(wholeBuffers, (role, at, length) =>
      this.#found.push([role, at, length]),
    )
  }

  /** Hands on the record at `offset` without what the rules name. */
  record(bytes: Uint8Array, view: DataView, offset: number): void {
    const kind = bytes[offset + Header.kind]
    // A stack is a copy of whatever the program has there, the environment among it.
    if (kind === RecordKind.stack || kind === RecordKind.mappings) return
    const size = view.getUint32(offset, true)
    const own = this.#copy(bytes, offset, size)
    const tid = view.getUint32(offset + Header.tid, true)
    if (kind === RecordKind.enter) this.#enter(this.#thread(tid), size)
    else if (kind === RecordKind.exit) this.#exit(this.#thread(tid), size)
    else if (kind === RecordKind.superseded) this.#supersede(view.getUint32(offset + Status.value, true), tid)
    else if (kind === RecordKind.exited || kind === RecordKind.killed || kind === RecordKind.detached)
      this.#threads.delete(tid)
    else if (kind === RecordKind.thread || kind === RecordKind.comm) this.#name(own)
    this.#next(own, this.#view, 0)
  }

  #enter(thread: ThreadCall, size: number): void {
    const { frame, stretches } = thread
    frame.enter(this.#bytes, this.#view, 0)
    thread.inCall = true
    stretches.clear()
    const ranges = rangesOf(this.#bytes, this.#view, RecordKind.enter, size)
    thread.enterRanges = ranges
    this.#look(thread, ranges, [], 0)
    this.#overwrite(thread, ranges)
  }

  #exit(thread: ThreadCall, size: number): void {
    const { frame } = thread
    const ranges = rangesOf(this.#bytes, this.#view, RecordKind.exit, size)
    if (thread.inCall) {
      frame.exit(this.#bytes, this.#view, 0)
      this.#look(thread, thread.enterRanges, ranges, frame.result - Exit.result)
    }
    this.#overwrite(thread, ranges)
    thread.inCall = false
  }

  /** Notes what of memory the rules name, by what the call's texts mean. Ranges of the exit stand behind `base` in the frame. */
  #look(
    { frame, stretches }: ThreadCall,
    enter: readonly RangePlace[],
    exit: readonly RangePlace[],
    base: number,
  ): void {
    const { env, path, payload } = this.#rules
    if (env === null && path === null && payload === null) return
    const decoder = this.#decoders.get(frame.arch, frame.sysno)
    this.#found.length = 0
    decoder.args(frame)
    const hides = payload !== null && this.#hidesPayload(frame, decoder.name)
    const folders = path === null ? [] : this.#foldersOf(frame)
    const hide = (at: number, length: number): void => {
      const inExit = base > 0 && at >= base
      const place = rangeAt(inExit ? exit : enter, inExit ? at - base : at)
      if (place === undefined) return
      const from = place.address + (inExit ? at - base : at) - place.at
      stretches.add(from, from + Math.min(length, place.address + place.length - from))
    }
    for (const [role, at, length] of this.#found) {
      if (role === 'payload' && hides) {
        hide(at, length)
        continue
      }
      // A buffer may hold a path, as readlink's does, but no longer one.
      if (role === 'payload' && (path === null || length > Bound.path)) continue
      const text = latin1(frame.bytes, at, at + length)
      if (role === 'env' && env !== null) {
        const name = text.indexOf('=')
        if (name >= 0 && env(text.slice(0, name))) hide(at + name + 1, length - name - 1)
      } else if (path !== null && isPath(path, text, folders)) hide(at, length)
    }
    // More than what is ever looked at: then all of it goes.
    if (decoder.progress.left <= 0)
      for (const { kind, address, length } of [...enter, ...exit])
        if (kind === RangeKind.memory) stretches.add(address, address + length)
  }

  #hidesPayload(frame: Frame, name: string): boolean {
    const { all, fds, paths, calls } = this.#rules.payload!
    if (all || calls(name, frame.arch === 'i386' ? 32 : 64)) return true
    const key = `${frame.arch} ${name}`
    let places = this.#places.get(key)
    if (places === undefined) {
      places = callPlaces(frame.arch, frame.sysno)
      this.#places.set(key, places)
    }
    const descriptors = [places.fd, places.otherFd].filter(index => index >= 0)
    return descriptors.some(index => {
      const fd = frame.view.getUint32(frame.args + index * 8, true)
      if (fds.has(fd)) return true
      const note = paths === null ? undefined : frame.note(RangeKind.fdPath, fd)
      return note !== undefined && paths!(latin1(note, 0, note.length))
    })
  }

  /** Overwrites in the record what was found, and what is in its ranges whatever they mean. */
  #overwrite({ stretches }: ThreadCall, ranges: readonly RangePlace[]): void {
    const { path, pattern } = this.#rules
    const bytes = this.#bytes
    if (pattern !== null)
      for (const { kind, address, at, length } of ranges) {
        for (const [from, to] of pattern(latin1(bytes, at, at + length))) {
          if (kind === RangeKind.memory) stretches.add(address + from, address + to)
          else bytes.fill(mark, at + from, at + to)
        }
      }
    if (path !== null)
      for (const { kind, at, length } of ranges) {
        const from = kind === RangeKind.socket ? bytes.indexOf(0, at) + 1 : at
        const named =
          kind === RangeKind.fdPath || kind === RangeKind.cwd || (kind === RangeKind.socket && from > at)
        if (named && from < at + length && isPath(path, latin1(bytes, from, at + length), [...this.#folders]))
          bytes.fill(mark, kind === RangeKind.socket ? at : from, at + length)
      }
    if (stretches.some) stretches.overwrite(bytes, ranges, mark)
  }

  /** What a path may be relative to. */
  #foldersOf(frame: Frame): string[] {
    const folders: string[] = []
    frame.someNote(RangeKind.cwd, bytes => {
      const folder = latin1(bytes, 0, bytes.length)
      this.#folders.delete(folder)
      this.#folders.add(folder)
      return false
    })
    for (const oldest of this.#folders) {
      if (this.#folders.size <= mostFolders) break
      this.#folders.delete(oldest)
    }
    frame.someNote(RangeKind.fdPath, bytes => {
      folders.push(latin1(bytes, 0, bytes.length))
      return false
    })
    return [...this.#folders, ...folders]
  }

  #name(bytes: Uint8Array): void {
    for (const [from, to] of this.#rules.pattern?.(latin1(bytes, Thread.comm, Thread.plain)) ?? [])
      bytes.fill(mark, Thread.comm + from, Thread.comm + to)
  }

  #supersede(from: number, to: number): void {
    const caller = this.#threads.get(from)
    if (caller === undefined || from === to) return
    this.#threads.delete(from)
    this.#threads.set(to, caller)
  }

  #thread(tid: number): ThreadCall {
    let thread = this.#threads.get(tid)
    if (thread === undefined) {
      if (this.#threads.size >= mostThreads) this.#threads.clear()
      thread = { frame: new Frame(), enterRanges: [], stretches: new Stretches(), inCall: false }
      this.#threads.set(tid, thread)
    }
    return thread
  }

  #copy(bytes: Uint8Array, offset: number, size: number): Uint8Array {
    if (size > this.#bytes.length) {
      this.#bytes = new Uint8Array(size * 2)
      this.#view = new DataView(this.#bytes.buffer)
    }
    this.#bytes.set(bytes.subarray(offset, offset + size))
    return this.#bytes
  }
}

const mostFolders = 50
const wholeBuffers = 2 ** 30

const latin1 = (bytes: Uint8Array, from: number, to: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + from, Math.max(0, to - from)).toString('latin1')

/** Whether a text is a path that is meant: as it is, or in one of the folders. What follows a NUL is none of it. */
function isPath(matches: (text: string) => boolean, text: string, folders: readonly string[]): boolean {
  const nul = text.indexOf('\0', 1)
  const name = nul < 0 ? text : text.slice(0, nul)
  if (name === '') return false
  if (matches(name) || matches(name.replace(/ \(deleted\)$/, ''))) return true
  return (
    !name.startsWith('/') &&
    folders.some(folder => matches(`${folder === '/' ? '' : folder}/${name.replace(/^\.\//, '')}`))
  )
}
