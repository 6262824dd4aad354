/** Calls that touch certain paths (-P): by name, or through a descriptor of theirs. */
import type { Frame } from '../../record/frame.ts'
import { type ArchName, RangeKind } from '../../record/layout.ts'
import { callName, declarationOf } from '../../syscalls/index.ts'
import { compileRef, compileTest, type Holds, readAddress } from '../../types/evaluate.ts'
import type { Node } from '../../types/language.ts'
import { callScope, casesOf, type Scope } from '../../types/resolve.ts'

/** Descriptors of what a call works on that is no file: a file system that is being put together. */
const notFiles: { readonly [call: string]: number } = { fsconfig: 0 }

interface Places {
  /** The arguments that may be paths, and whether they are in the variant of the call that was made. */
  readonly paths: readonly { readonly index: number; readonly holds: Holds }[]
  readonly notFile: number | undefined
}

/**
 * Makes the test of calls that were entered. `paths` are latin1, one char a byte. A descriptor counts by what the
 * capture noted of it, so notes of paths must have been asked for.
 */
export function pathFilter(paths: Iterable<string>): (frame: Frame) => boolean {
  const wanted = new Set(paths)
  const places = new Map<string, Places>()
  const isWanted = (bytes: Uint8Array | undefined): boolean =>
    bytes !== undefined && wanted.has(Buffer.from(bytes).toString('latin1'))
  return frame => {
    const call = callName(frame.arch, frame.sysno)
    if (call === undefined) return false
    const key = `${frame.arch} ${call}`
    let named = places.get(key)
    if (named === undefined) places.set(key, (named = placesOf(call, frame.arch)))
    const { paths, notFile } = named
    const other = notFile === undefined ? undefined : frame.view.getInt32(frame.args + notFile * 8, true)
    return (
      frame.someNote(RangeKind.fdPath, (bytes, fd) => fd !== other && isWanted(bytes)) ||
      paths.some(({ index, holds }) => holds(frame, []) && isWanted(stringAt(frame, index)))
    )
  }
}

function placesOf(call: string, arch: ArchName): Places {
  const scope = callScope(arch, declarationOf(call))
  const paths = scope.args.flatMap(({ type }, index) => {
    const holds = leadsToPath(type, scope)
    return holds === never ? [] : [{ index, holds }]
  })
  return { paths, notFile: notFiles[call] }
}

const never: Holds = () => false
const always: Holds = () => true

/** Whether an argument is a path, in the variant of the call that was made. */
function leadsToPath(type: Node, scope: Scope): Holds {
  switch (type.kind) {
    case 'pointer':
      return type.to.kind === 'cstring' && type.to.path && type.to.followed !== false ? always : never
    case 'when': {
      const test = compileTest(type.test, scope)
      return whichever(leadsToPath(type.type, scope), leadsToPath(type.otherwise, scope), test)
    }
    case 'select': {
      const on = compileRef(type.on, scope)
      const cases = new Map(casesOf(type, scope).map(([value, t]) => [value, leadsToPath(t, scope)]))
      const otherwise = leadsToPath(type.otherwise, scope)
      if ([otherwise, ...cases.values()].every(holds => holds === never)) return never
      return (frame, bases) => (cases.get(on(frame, bases)) ?? otherwise)(frame, bases)
    }
    default:
      return never
  }
}

const whichever = (then: Holds, otherwise: Holds, test: Holds): Holds =>
  then === otherwise ? then : (frame, bases) => (test(frame, bases) ? then : otherwise)(frame, bases)

/** What argument `index` points at, up to its NUL; what has none is no path. */
function stringAt(frame: Frame, index: number): Uint8Array | undefined {
  const have = frame.available(readAddress(frame.view, frame.args + index * 8, frame.arch))
  const bytes = frame.bytes.subarray(frame.at, frame.at + have)
  const end = bytes.indexOf(0)
  return end < 0 ? undefined : bytes.subarray(0, end)
}
