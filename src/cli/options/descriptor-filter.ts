import { parseCount } from '../../filters/numbers.ts'
import { Refusal } from '../../filters/refusal.ts'
import { parseValueList } from '../../filters/value-list.ts'
import type { DescriptorFilter } from './options.ts'

/** -e read= and -e write=: whose data is dumped. */
export function parseDescriptorFilter(text: string): DescriptorFilter | Refusal {
  const list = parseValueList(text, 'descriptor')
  if (list instanceof Refusal) return list
  const fds = new Set<number>()
  for (const value of list.values) {
    const fd = parseCount(value)
    if (fd === null) return new Refusal(`invalid descriptor '${value}'`)
    fds.add(fd)
  }
  return { inverted: list.inverted, fds }
}

export function choosesDescriptor(filter: DescriptorFilter, fd: number): boolean {
  return filter.fds.has(fd) !== filter.inverted
}
