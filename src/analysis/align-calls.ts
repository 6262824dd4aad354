/** Calls of two processes side by side. */
import { diffLines } from './align.ts'
import { type ComparedProcess, type Texts, unfinished } from './compared-calls.ts'

type Tell = (a: number, b: number) => void

/**
 * Tells of all calls in their order: of those that correspond in both processes, of others in one, with -1 in the other's place.
 * Numbers are places in `ComparedProcess.calls`.
 */
export function alignCalls(
  before: ComparedProcess | undefined,
  after: ComparedProcess | undefined,
  tell: Tell,
): void {
  if (before !== undefined && after !== undefined && Math.max(before.tids.size, after.tids.size) > 1)
    alignThreads(before, after, tell)
  else alignLists(before?.calls ?? [], after?.calls ?? [], tell)
}

function alignLists(before: readonly number[], after: readonly number[], tell: Tell): void {
  let [atA, atB] = [0, 0]
  for (const { same, a, b } of diffLines(before, after)) {
    if (same) for (let i = 0; i < a.length; i++) tell(atA + i, atB + i)
    else {
      for (let i = 0; i < a.length; i++) tell(atA + i, -1)
      for (let i = 0; i < b.length; i++) tell(-1, atB + i)
    }
    atA += a.length
    atB += b.length
  }
}

/**
 * Threads run side by side in another order each time, so each is compared with the one that began as the same. What then is left
 * over in both processes was done by another thread: who of a pool takes which work is chance, too.
 */
function alignThreads(before: ComparedProcess, after: ComparedProcess, tell: Tell): void {
  /** By place in `before`: which one of `after` corresponds; and the reverse. */
  const inAfter = new Int32Array(before.calls.length).fill(-1)
  const inBefore = new Int32Array(after.calls.length).fill(-1)
  const pair = (a: number, b: number): void => {
    inAfter[a] = b
    inBefore[b] = a
  }
  const [ofBefore, ofAfter] = [placesByThread(before), placesByThread(after)]
  for (const [thread, placesA] of ofBefore) {
    const placesB = ofAfter.get(thread) ?? []
    const callsOf = (places: readonly number[], { calls }: ComparedProcess): number[] =>
      places.map(place => calls[place]!)
    alignLists(callsOf(placesA, before), callsOf(placesB, after), (a, b) => {
      if (a >= 0 && b >= 0) pair(placesA[a]!, placesB[b]!)
    })
  }
  const left = new Map<number, number[]>()
  for (let b = after.calls.length - 1; b >= 0; b--) {
    if (inBefore[b]! >= 0) continue
    const alike = left.get(after.calls[b]!)
    if (alike === undefined) left.set(after.calls[b]!, [b])
    else alike.push(b)
  }
  before.calls.forEach((call, a) => {
    const b = inAfter[a]! < 0 ? left.get(call)?.pop() : undefined
    if (b !== undefined) pair(a, b)
  })
  // What only `after` has comes behind what it had before it.
  let next = 0
  const added = (end: number): void => {
    for (; next < end; next++) if (inBefore[next]! < 0) tell(-1, next)
  }
  for (let a = 0; a < inAfter.length; a++) {
    added(inAfter[a]!)
    tell(a, inAfter[a]!)
  }
  added(inBefore.length)
}

function placesByThread({ threads }: ComparedProcess): Map<number, number[]> {
  const places = new Map<number, number[]>()
  threads.forEach((thread, place) => {
    const known = places.get(thread)
    if (known === undefined) places.set(thread, [place])
    else known.push(place)
  })
  return places
}

/** Whether a call came to the same end. Whether one that ends its thread returns is a matter of who looks. */
export const endAlike = (one: string, other: string): boolean =>
  one === other || one === unfinished || other === unfinished

/** What a call is about, and how it ended; undefined at place -1. */
export const callAt = (process: ComparedProcess | undefined, at: number, texts: Texts): string | undefined =>
  at < 0 ? undefined : texts.all[process!.calls[at]!]
export const outcomeAt = (
  process: ComparedProcess | undefined,
  at: number,
  texts: Texts,
): string | undefined => (at < 0 ? undefined : texts.all[process!.outcomes[at]!])
