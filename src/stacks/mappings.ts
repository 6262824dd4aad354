/** /proc/PID/maps: which file stands where in a process. */
export interface Mapping {
  readonly start: number
  readonly end: number
  /** Where in the file it begins. */
  readonly offset: number
  /** As the kernel writes it: a path with \n as \012, or a name like [vdso]. */
  readonly name: string
}

const line = /^([0-9a-f]+)-([0-9a-f]+) ..x. ([0-9a-f]+) \S+ \d+ +(\S.*)$/gm

/** The executable mappings with a name, by address. */
export function parseMappings(text: string): Mapping[] {
  const list: Mapping[] = []
  for (const [, start, end, offset, name] of text.matchAll(line))
    list.push({
      start: Number.parseInt(start!, 16),
      end: Number.parseInt(end!, 16),
      offset: Number.parseInt(offset!, 16),
      name: name!,
    })
  // [vsyscall] lies where numbers are not exact, and has no frames.
  return list.filter(m => m.end < 2 ** 53).sort((a, b) => a.start - b.start)
}

export function mappingAt(mappings: readonly Mapping[], address: number): Mapping | undefined {
  let [low, high] = [0, mappings.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (mappings[middle]!.start <= address) low = middle + 1
    else high = middle
  }
  const mapping = mappings[low - 1]
  return mapping !== undefined && address < mapping.end ? mapping : undefined
}
