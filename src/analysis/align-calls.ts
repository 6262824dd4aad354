/** Calls of two processes side by side. */
import { diffLines } from './align.ts'
import { type ComparedProcess, type Texts, unfinished } from './compared-calls.ts'

/**
 * Tells of all calls in their order: of those that correspond in both processes, of others in one, with -1 in the other's place.
 * Numbers are places in `ComparedProcess.calls`.
 */
export function alignCalls(
  before: ComparedProcess | undefined,
  after: ComparedProcess | undefined,
  tell: (a: number, b: number) => void,
): void {
  let [atA, atB] = [0, 0]
  for (const { same, a, b } of diffLines(before?.calls ?? [], after?.calls ?? [])) {
    if (same) for (let i = 0; i < a.length; i++) tell(atA + i, atB + i)
    else {
      for (let i = 0; i < a.length; i++) tell(atA + i, -1)
      for (let i = 0; i < b.length; i++) tell(-1, atB + i)
    }
    atA += a.length
    atB += b.length
  }
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
