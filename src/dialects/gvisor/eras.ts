/** gVisor's notation at three times: what it knew then, and how it wrote it. */
import { calls, earlierCalls } from './tables/calls.ts'
import { earlierSets, sets } from './tables/sets.ts'

export const eras = ['head', '2022', '2021'] as const
export type Era = (typeof eras)[number]

/** Architectures that gVisor has tables of. */
export type GvisorArch = 'amd64' | 'arm64'

export interface GvisorCall {
  readonly name: string
  /** A specifier for each argument that is shown. */
  readonly specifiers: readonly string[]
}

/** What gVisor shows of call `sysno`; undefined when it does not know the call. */
export function gvisorCall(arch: GvisorArch, sysno: number, era: Era): GvisorCall | undefined {
  const today = calls[arch]![sysno]
  if (today === undefined) return undefined
  const [name, specifiers] = today
  const earlier = earlierCalls[era]?.[arch]?.[sysno]
  if (earlier === null) return undefined
  const list = earlier ?? specifiers
  return { name, specifiers: list === '' ? [] : list.split(' ') }
}

export type SetEntries = readonly (readonly [name: string, value: number])[]

/** The entries of a set by gVisor's name for it, in the order in which flags are matched. */
export function setEntries(arch: GvisorArch, name: string, era: Era): SetEntries {
  const today = sets[arch]![name]
  if (today === undefined) throw new Error(`gVisor has no set ${name}`)
  const difference = earlierSets[era]?.[arch]?.[name]
  if (difference === undefined) return today
  return today
    .filter(([entry]) => !difference.missing.includes(entry))
    .map(([entry, value]) => [entry, difference.other[entry] ?? value] as const)
}
