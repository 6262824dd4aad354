/** What the user looks at of a comparison, and its place in the page's address. */
import { type Choice, isRowKind, type RowKind, rowKinds } from '../comparison-protocol.ts'
import { emptyFilter } from './conditions.ts'
import { filterIn, numberIn, putFilter } from './view-state.ts'

export interface DiffView extends Choice {
  /** The chosen row, by its place among all. */
  readonly row: number | null
}

/** Differences alone: what is the same is mostly most of it. */
const differences: readonly RowKind[] = rowKinds.filter(kind => kind !== 'same')
export const firstDiffView: DiffView = { kinds: differences, pair: null, filter: emptyFilter, row: null }

/** The part of an address after the #; what is as at the start is left out. */
export function formatDiffHash({ kinds, pair, filter, row }: DiffView): string {
  const parameters = new URLSearchParams()
  if (kinds.join() !== differences.join()) parameters.set('kinds', kinds.join(','))
  if (pair !== null) parameters.set('pair', String(pair))
  putFilter(parameters, filter)
  if (row !== null) parameters.set('row', String(row))
  return parameters.toString()
}

/** Reads an address; anybody may have written it, so what makes no sense is as at the start. */
export function parseDiffHash(hash: string): DiffView {
  const parameters = new URLSearchParams(hash.replace(/^#/, ''))
  const kinds = parameters.get('kinds')?.split(',').filter(isRowKind)
  return {
    kinds: kinds === undefined ? differences : rowKinds.filter(kind => kinds.includes(kind)),
    pair: numberIn(parameters, 'pair'),
    filter: filterIn(parameters),
    row: numberIn(parameters, 'row'),
  }
}

/** With a kind shown that was not, or the other way round. */
export const toggledKind = (kinds: readonly RowKind[], kind: RowKind): readonly RowKind[] =>
  rowKinds.filter(other => kinds.includes(other) !== (other === kind))
