/** Which pointers of a declaration a capture copies, found out by copying. */
import { interpretPlan } from '../capture/plans/plan-interpreter.ts'
import { type ArchName, Enter } from '../record/layout.ts'
import type { Call, Node, Pointer } from '../types/language.ts'
import { makePlan } from '../types/make-plan.ts'
import type { Op } from '../types/plan.ts'
import type { SampleCall } from './sample-call.ts'
import { sampleVariants } from './sample-variants.ts'
import { walkDeclaration } from './walk-declaration.ts'

const limit = 4096

/** The addresses of what is copied of a sample. */
function copied(ops: readonly Op[], { args, result, memory }: SampleCall, arch: ArchName): Set<number> {
  const ranges = interpretPlan(ops, {
    args: [...args, 0n, 0n, 0n, 0n, 0n, 0n].slice(0, 6),
    result,
    word: arch === 'i386' ? 4 : 8,
    dataLimit: limit,
    environment: true,
    fixed: Enter.bytes,
    read: (address, length) => memory.read(address, length),
  })
  return new Set(ranges.filter(({ bytes }) => bytes.length > 0).map(({ address }) => address))
}

/** Pointers that no sample reaches, and those that are not copied, in words. Empty: all are captured. */
export function uncaptured(
  declaration: Call,
  arch: ArchName,
  samples: Iterable<SampleCall> = sampleVariants(declaration, arch),
): string[] {
  const plan = makePlan(declaration, arch)
  const reached = new Set<Pointer>()
  const holes: string[] = []
  for (const sample of samples) {
    const atEnter = copied(plan.enter, sample, arch)
    const atExit = copied(plan.exit, sample, arch)
    for (const { type, address, when } of sample.pointers) {
      reached.add(type)
      const missing = [
        ...(when === 'out' || atEnter.has(address) ? [] : ['enter']),
        ...(when === 'in' || atExit.has(address) ? [] : ['exit']),
      ]
      if (missing.length > 0) holes.push(`${shortly(type)} is not copied at the ${missing.join(' and ')}`)
    }
  }
  for (const pointer of declaredPointers(declaration, arch))
    if (!reached.has(pointer)) holes.push(`${shortly(pointer)} is in no sample`)
  return [...new Set(holes)]
}

const shortly = ({ when, to }: Pointer): string =>
  `a pointer (${when}) to ${to.kind === 'struct' ? `struct ${to.layout}` : to.kind}`

/** All pointers of a declaration, but for those that only a netlink socket has. */
function declaredPointers(declaration: Call, arch: ArchName): Set<Pointer> {
  const found = new Set<Pointer>()
  const netlink = new Set<Node>()
  walkDeclaration(declaration, arch, type => {
    if (type.kind === 'when' && 'netlink' in type.test) netlink.add(type.type)
    if (type.kind === 'pointer' && !netlink.has(type)) found.add(type)
    return !netlink.has(type)
  })
  return found
}
