/** Calls that touch certain paths (-P): by name, or through a descriptor of theirs. */
import type { Frame } from '../record/frame.ts'
import { type ArchName, RangeKind } from '../record/layout.ts'
import { callName, declarationOf } from '../syscalls/index.ts'
import { readAddress } from '../types/evaluate.ts'
import type { Node } from '../types/language.ts'
import { callScope } from '../types/resolve.ts'

/**
 * Makes the test of calls that were entered. `paths` are latin1, one char a byte. A descriptor counts by what the
 * capture noted of it, so notes of paths must have been asked for.
 */
export function pathFilter(paths: Iterable<string>): (frame: Frame) => boolean {
  const wanted = new Set(paths)
  const places = new Map<string, readonly number[]>()
  const isWanted = (bytes: Uint8Array): boolean => wanted.has(Buffer.from(bytes).toString('latin1'))
  return frame => {
    const call = callName(frame.arch, frame.sysno)
    if (call === undefined) return false
    const key = `${frame.arch} ${call}`
    let named = places.get(key)
    if (named === undefined) places.set(key, (named = pathArguments(call, frame.arch)))
    return frame.someNote(RangeKind.fdPath, isWanted) || named.some(index => isWanted(stringAt(frame, index)))
  }
}

/** Which of a call's arguments are paths, in some variant of the call. */
function pathArguments(call: string, arch: ArchName): readonly number[] {
  return callScope(arch, declarationOf(call)).args.flatMap(({ type }, index) =>
    leadsToPath(type) ? [index] : [],
  )
}

function leadsToPath(type: Node): boolean {
  switch (type.kind) {
    case 'pointer':
      return type.to.kind === 'cstring' && type.to.path
    case 'when':
      return leadsToPath(type.type) || leadsToPath(type.otherwise)
    case 'select':
      return Object.values(type.cases).some(leadsToPath) || leadsToPath(type.otherwise)
    default:
      return false
  }
}

/** What argument `index` points at, up to its NUL. */
function stringAt(frame: Frame, index: number): Uint8Array {
  const have = frame.available(readAddress(frame.view, frame.args + index * 8, frame.arch))
  const bytes = frame.bytes.subarray(frame.at, frame.at + have)
  const end = have === 0 ? 0 : bytes.indexOf(0)
  return end < 0 ? bytes : bytes.subarray(0, end)
}
