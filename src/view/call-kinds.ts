/** What calls are drawn as, by their classes and the subsystem that declares them. */
import { syscallClasses } from '../filters/syscall-classes.ts'
import { otherNames } from '../syscalls/for-32-bits.ts'
import { futexCalls } from '../syscalls/futexes.ts'
import { pollingCalls } from '../syscalls/polling.ts'
import { timeCalls } from '../syscalls/time.ts'
import { timerCalls } from '../syscalls/timers.ts'
import type { CallKind } from './protocol.ts'

const inClass = (...classes: (keyof typeof syscallClasses)[]): ReadonlySet<string> =>
  new Set(classes.flatMap(name => syscallClasses[name]))
const declaredIn = (...tables: object[]): ReadonlySet<string> => new Set(tables.flatMap(Object.keys))

/** Names of calls that wait say so. */
const waits = /wait|sleep|suspend|^pause$|poll$|select6?$/
const polling = declaredIn(pollingCalls, futexCalls)

/** The first that fits. */
const kinds: readonly (readonly [CallKind, (name: string) => boolean])[] = [
  ['waiting', name => name === 'futex' || waits.test(name)],
  ['network', has(inClass('%network'))],
  ['signals', has(inClass('%signal'))],
  ['process', has(inClass('%process', '%creds'))],
  ['memory', has(inClass('%memory'))],
  ['time', has(declaredIn(timeCalls, timerCalls), inClass('%clock'))],
  ['other', has(polling, inClass('%ipc'))],
  ['files', has(inClass('%file', '%desc', '%%stat', '%%statfs'))],
]

function has(...sets: readonly ReadonlySet<string>[]): (name: string) => boolean {
  return name => sets.some(set => set.has(name))
}

/** What a call is drawn as, by its name. */
export function kindOf(name: string): CallKind {
  const own = otherNames[name] ?? name
  return kinds.find(([, fits]) => fits(own))?.[0] ?? 'other'
}
