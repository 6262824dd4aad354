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
  const declaration = declarationOf(name, arch)
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

/**
 * The file that a call is about: its path argument, made absolute where the record says what it is relative to, else what
 * its descriptor leads to; null when there is none.
 */
export function pathOf(frame: Frame, places: CallPlaces): string | null {
  const named = places.path < 0 ? null : stringAt(frame, addressOf(frame, places))
  if (named === null || named === '')
    return noted(frame, RangeKind.fdPath, places.fd >= 0 ? places.fd : places.dirfd)
  if (named.startsWith('/') || places.dirfd < 0) return named
  const dirfd = frame.view.getInt32(frame.args + places.dirfd * 8, true)
  const base =
    dirfd === AT_FDCWD ? noteText(frame, RangeKind.cwd, 0) : noteText(frame, RangeKind.fdPath, dirfd >>> 0)
  return base === null ? named : `${base === '/' ? '' : base}/${named}`
}

/** The file behind a call's second descriptor, null when there is none. */
export const otherPathOf = (frame: Frame, { otherFd }: CallPlaces): string | null =>
  noted(frame, RangeKind.fdPath, otherFd)

const addressOf = ({ view, args }: Frame, { path, word }: CallPlaces): number => {
  const at = args + path * 8
  return view.getUint32(at, true) + (word === 8 ? view.getUint32(at + 4, true) * 0x1_0000_0000 : 0)
}

function noted(frame: Frame, kind: number, argument: number): string | null {
  return argument < 0 ? null : noteText(frame, kind, frame.view.getUint32(frame.args + argument * 8, true))
}

function noteText(frame: Frame, kind: number, key: number): string | null {
  const length = frame.findNote(kind, key)
  return length <= 0 ? null : text(frame, frame.noteAt, frame.noteAt + length)
}

function stringAt(frame: Frame, address: number): string | null {
  const known = frame.available(address)
  if (known === 0) return null
  const { at } = frame
  const end = frame.bytes.indexOf(0, at)
  return text(frame, at, end < 0 ? at + known : Math.min(end, at + known))
}

/** Texts seen last, by their length and some of their bytes: the same few come again and again, and making a string takes longer than comparing. */
const seen: { readonly bytes: Uint8Array; readonly text: string }[] = []
const places = 256

/** As UTF-8: what is none of it is shown as U+FFFD. */
function text({ bytes }: Frame, from: number, to: number): string {
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
