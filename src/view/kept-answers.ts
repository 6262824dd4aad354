/** The last answers that were asked for, by what was asked. Runs in node and in browsers. */

/** What is kept under a key while `holds`, else made anew; those asked for longest ago go. */
export function kept<T>(
  all: Map<string, T>,
  key: string,
  most: number,
  make: () => T,
  holds: (value: T) => boolean = () => true,
): T {
  const known = all.get(key)
  const value = known !== undefined && holds(known) ? known : make()
  all.delete(key)
  all.set(key, value)
  if (all.size > most) all.delete(all.keys().next().value!)
  return value
}
