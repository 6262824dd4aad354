/** Sets whose names strace 6.1 writes in another order than the newer one that the sets are taken from. */
import type { NameSet } from '../types/language.ts'

/** The set with `names` in this order in the places that they had among themselves. */
export function reorder<const S extends NameSet>(set: S, names: readonly (keyof S['values'] & string)[]): S {
  let next = 0
  const entries = Object.keys(set.values).map(name => {
    const placed = names.includes(name) ? names[next++]! : name
    return [placed, set.values[placed]] as const
  })
  return { ...set, values: Object.fromEntries(entries) }
}
