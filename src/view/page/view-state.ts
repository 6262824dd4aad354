/** What the user looks at, and its place in the page's address, so that a link leads there again. */
import { type Column, type Condition, type Filter, isColumn } from '../protocol.ts'
import { emptyFilter, formatCondition, parseCondition } from './conditions.ts'

/** A stretch of time, in milliseconds since the recording began. */
export interface Range {
  readonly from: number
  readonly to: number
}

export const panels = ['call', 'numbers', 'recording'] as const
export type Panel = (typeof panels)[number]

export interface View {
  /** Null is the whole, also while it grows. */
  readonly range: Range | null
  readonly filter: Filter
  readonly sort: Column
  readonly descending: boolean
  readonly selected: number | null
  readonly panel: Panel
}

export const firstView: View = {
  range: null,
  filter: emptyFilter,
  sort: 'time',
  descending: false,
  selected: null,
  panel: 'numbers',
}

/** The part of an address after the #; what is as at the start is left out. */
export function formatHash(view: View): string {
  const parameters = new URLSearchParams()
  if (view.range !== null) parameters.set('t', `${shorter(view.range.from)}-${shorter(view.range.to)}`)
  putFilter(parameters, view.filter)
  if (view.sort !== 'time' || view.descending)
    parameters.set('sort', `${view.descending ? '-' : ''}${view.sort}`)
  if (view.selected !== null) parameters.set('call', String(view.selected))
  if (view.panel !== firstView.panel) parameters.set('panel', view.panel)
  return parameters.toString()
}

/** Nanoseconds are kept, noise of binary fractions is not. */
const shorter = (milliseconds: number): string => String(Number(milliseconds.toFixed(6)))

/** Reads an address; anybody may have written it, so what makes no sense is as at the start. */
export function parseHash(hash: string): View {
  const parameters = new URLSearchParams(hash.replace(/^#/, ''))
  const sort = parameters.get('sort') ?? 'time'
  const column = sort.replace(/^-/, '')
  const panel = panels.find(name => name === parameters.get('panel'))
  return {
    range: parseRange(parameters.get('t')),
    filter: filterIn(parameters),
    sort: isColumn(column) ? column : 'time',
    descending: isColumn(column) && sort.startsWith('-'),
    selected: numberIn(parameters, 'call'),
    panel: panel ?? firstView.panel,
  }
}

export function putFilter(parameters: URLSearchParams, { conditions, text }: Filter): void {
  for (const condition of conditions) parameters.append('f', formatCondition(condition))
  if (text !== '') parameters.set('q', text)
}

export function filterIn(parameters: URLSearchParams): Filter {
  const conditions = parameters
    .getAll('f')
    .slice(0, 64)
    .map(parseCondition)
    .filter((condition): condition is Condition => condition !== undefined)
  return { conditions, text: (parameters.get('q') ?? '').slice(0, 1000) }
}

/** A number of a call or the like; null where there is none. */
export function numberIn(parameters: URLSearchParams, name: string): number | null {
  const text = parameters.get(name)
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null
}

function parseRange(text: string | null): Range | null {
  const match = /^(\d+(?:\.\d+)?(?:e-?\d+)?)-(\d+(?:\.\d+)?(?:e-?\d+)?)$/.exec(text ?? '')
  if (match === null) return null
  const [from, to] = [Number(match[1]), Number(match[2])]
  return Number.isFinite(to) && from < to ? { from, to } : null
}
