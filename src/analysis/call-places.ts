/** Which file a call is about: its first descriptor and its first path, found once for each call from its declaration. */
import type { Frame } from '../record/frame.ts'
import { type ArchName, AT_FDCWD, RangeKind } from '../record/layout.ts'
import { callName, declarationOf } from '../syscalls/index.ts'
import type { Node } from '../types/language.ts'
import { callScope } from '../types/resolve.ts'

export interface CallPlaces {
  /** The places of arguments, -1 for none. */
  readonly fd: number
  /** A second descriptor: where copy_file_range writes, where sendfile reads. */
  readonly otherFd: number
  readonly dirfd: number
  readonly path: number
  /** Bytes of a pointer. */
  readonly word: 4 | 8
  /** What it returns is a descriptor. */
  readonly returnsFd: boolean
}

const nothing: CallPlaces = { fd: -1, otherFd: -1, dirfd: -1, path: -1, word: 8, returnsFd: false }

export function callPlaces(arch: ArchName, sysno: number): CallPlaces {
  const name = callName(arch, sysno)
  if (name === undefined) return nothing
  const declaration = declarationOf(name, arch, sysno)
  const { args } = callScope(arch, declaration)
  const first = (is: (type: Node) => boolean): number => args.findIndex(({ type }) => is(type))
  const isFd = (type: Node, role: string): boolean => type.kind === 'int' && type.role === role
  const fd = first(type => isFd(type, 'fd'))
  return {
    fd,
    otherFd: args.findIndex(({ type }, i) => i > fd && isFd(type, 'fd')),
    dirfd: first(type => isFd(type, 'dirfd')),
    path: first(
      type => type.kind === 'pointer' && type.when === 'in' && type.to.kind === 'cstring' && type.to.path,
    ),
    word: arch === 'i386' ? 4 : 8,
    returnsFd: isFd(declaration.returns as unknown as Node, 'fd'),
  }
}

/** The descriptor that a call is about: an argument, or what it returned; null when it has none. */
export function descriptorOf(frame: Frame, { fd, returnsFd }: CallPlaces): number | null {
  if (fd >= 0) return frame.view.getInt32(frame.args + fd * 8, true)
  return returnsFd && frame.result >= 0 && !frame.failed ? frame.view.getInt32(frame.result, true) : null
}

/** Where the bytes of a path stand that was found last: in a frame, or put together here. */
export class FoundPath {
  bytes: Uint8Array
  view: DataView
  from = 0
  to = 0
  #joined = new Uint8Array(8192)
  #joinedView = new DataView(this.#joined.buffer)

  constructor() {
    this.bytes = this.#joined
    this.view = this.#joinedView
  }

  at({ bytes, view }: Frame, from: number, to: number): true {
    this.bytes = bytes
    this.view = view
    this.from = from
    this.to = to
    return true
  }

  /** `length` bytes before what was found, and a slash between them. */
  under(bytes: Uint8Array, from: number, length: number): true {
    const own = this.to - this.from
    if (this.#joined.length < length + 1 + own) {
      this.#joined = new Uint8Array((length + 1 + own) * 2)
      this.#joinedView = new DataView(this.#joined.buffer)
    }
    const joined = this.#joined
    for (let i = 0; i < length; i++) joined[i] = bytes[from + i]!
    // The root's name is a slash itself.
    const at = length === 1 && joined[0] === slash ? 0 : length
    joined[at] = slash
    for (let i = 0; i < own; i++) joined[at + 1 + i] = this.bytes[this.from + i]!
    this.bytes = joined
    this.view = this.#joinedView
    this.from = 0
    this.to = at + 1 + own
    return true
  }
}

const slash = 47

/**
 * The file that a call is about: its path argument, made absolute where the record says what it is relative to, else what
 * its descriptor leads to; false when there is none.
 */
export function findPath(frame: Frame, places: CallPlaces, found: FoundPath): boolean {
  if (places.path < 0 || !findString(frame, addressOf(frame, places), found) || found.from === found.to)
    return findNoted(frame, places.fd >= 0 ? places.fd : places.dirfd, found)
  if (found.bytes[found.from] === slash || places.dirfd < 0) return true
  const dirfd = frame.view.getInt32(frame.args + places.dirfd * 8, true)
  const length =
    dirfd === AT_FDCWD ? frame.findNote(RangeKind.cwd, 0) : frame.findNote(RangeKind.fdPath, dirfd >>> 0)
  return length <= 0 || found.under(frame.bytes, frame.noteAt, length)
}

/** The file behind a call's second descriptor. */
export const findOtherPath = (frame: Frame, { otherFd }: CallPlaces, found: FoundPath): boolean =>
  findNoted(frame, otherFd, found)

const found = new FoundPath()

/** The same as text, null when there is none. */
export const pathOf = (frame: Frame, places: CallPlaces): string | null =>
  findPath(frame, places, found) ? text(found.bytes, found.from, found.to) : null

const addressOf = ({ view, args }: Frame, { path, word }: CallPlaces): number => {
  const at = args + path * 8
  return view.getUint32(at, true) + (word === 8 ? view.getUint32(at + 4, true) * 0x1_0000_0000 : 0)
}

/** What the descriptor leads to that a call has returned. */
export const findReturned = (frame: Frame, { returnsFd }: CallPlaces, found: FoundPath): boolean =>
  returnsFd && frame.result >= 0 && !frame.failed && findNotedAt(frame, frame.result, found)

const findNoted = (frame: Frame, argument: number, found: FoundPath): boolean =>
  argument >= 0 && findNotedAt(frame, frame.args + argument * 8, found)

/** By the descriptor whose number stands at `at`. */
function findNotedAt(frame: Frame, at: number, found: FoundPath): boolean {
  const length = frame.findNote(RangeKind.fdPath, frame.view.getUint32(at, true))
  return length > 0 && found.at(frame, frame.noteAt, frame.noteAt + length)
}

function findString(frame: Frame, address: number, found: FoundPath): boolean {
  const known = frame.available(address)
  if (known === 0) return false
  const { at } = frame
  const end = frame.bytes.indexOf(0, at)
  return found.at(frame, at, end < 0 ? at + known : Math.min(end, at + known))
}

/** Texts seen last, by their length and some of their bytes: the same few come again and again, and making a string takes longer than comparing. */
const seen: { readonly bytes: Uint8Array; readonly text: string }[] = []
const places = 256

/** As UTF-8: what is none of it is shown as U+FFFD. */
function text(bytes: Uint8Array, from: number, to: number): string {
  const length = to - from
  if (length === 0) return ''
  const place = (length * 31 + bytes[to - 1]! * 7 + bytes[from + (length >> 1)]!) % places
  const known = seen[place]
  if (known !== undefined && isSame(known.bytes, bytes, from, length)) return known.text
  const own = bytes.slice(from, to)
  const made = Buffer.from(own.buffer).toString('utf8')
  seen[place] = { bytes: own, text: made }
  return made
}

function isSame(a: Uint8Array, b: Uint8Array, from: number, length: number): boolean {
  if (a.length !== length) return false
  for (let i = 0; i < length; i++) if (a[i] !== b[from + i]) return false
  return true
}
