/** Every variant of a call once: samples in which each choice that the declaration leaves is taken each way. */
import type { ArchName } from '../record/layout.ts'
import type { Call, Node } from '../types/language.ts'
import { type SampleCall, sampler } from './sample-call.ts'

/** As few samples as it takes for each variant of each node to be in one: not all combinations. */
export function* sampleVariants(declaration: Call, arch: ArchName): Generator<SampleCall> {
  const sample = sampler(declaration, arch)
  const taken = new Map<Node, Set<number>>()
  const isNew = (node: Node, option: number): boolean => {
    const known = taken.get(node) ?? new Set()
    taken.set(node, known)
    return known.size < known.add(option).size
  }
  // A sample makes the choices that it begins with, and then takes the first of each.
  const waiting: number[][] = [[]]
  for (let beginning = waiting.pop(); beginning !== undefined; beginning = waiting.pop()) {
    const begun = beginning
    const choices: number[] = []
    yield sample((node, count) => {
      const place = choices.length
      const option = begun[place] ?? 0
      isNew(node, option)
      // A choice may be another one than it was: what was set before has changed it.
      choices.push(option < count ? option : 0)
      if (place >= begun.length)
        for (let other = 0; other < count; other++)
          if (isNew(node, other)) waiting.push([...choices.slice(0, place), other])
      return option < count ? option : 0
    })
  }
}
