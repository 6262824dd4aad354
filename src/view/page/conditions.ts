/** Filters as people write them: `errno=ENOENT duration>5ms path~/etc rest of the text`. */
import { type Condition, columns, type Filter } from '../protocol.ts'

export type FilterColumn = Condition['column']
export const filterColumns: readonly FilterColumn[] = [...columns, 'kind']
export const emptyFilter: Filter = { conditions: [], text: '' }

/** Columns whose values are numbers, for which there is more and less. */
const numeric: ReadonlySet<FilterColumn> = new Set<FilterColumn>([
  'id',
  'time',
  'pid',
  'tid',
  'duration',
  'fd',
  'result',
])
export const isNumeric = (column: FilterColumn): boolean => numeric.has(column)

const operators = { '=': 'equal', '!=': 'different', '~': 'contains', '>': 'above', '<': 'below' } as const
const signs = Object.fromEntries(Object.entries(operators).map(([sign, is]) => [is, sign]))
export type Comparison = Condition['is']

/** What can be asked of a column, the likeliest first. */
export const comparisonsOf = (column: FilterColumn): readonly Comparison[] =>
  column === 'kind'
    ? ['equal', 'different']
    : column === 'time' || column === 'duration'
      ? ['above', 'below']
      : isNumeric(column)
        ? ['equal', 'different', 'above', 'below']
        : ['equal', 'different', 'contains']

const milliseconds: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1000 }

/** A number, of times and durations with its unit; undefined when it is none. Without unit they are milliseconds. */
export function parseNumber(column: FilterColumn, text: string): number | undefined {
  const match = /^([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)\s*([a-zµ]*)$/i.exec(text.trim())
  if (match === null) return undefined
  const [, digits, unit] = match
  if (unit === '') return Number(digits)
  if (column !== 'time' && column !== 'duration') return undefined
  const factor = milliseconds[unit!.toLowerCase()]
  return factor === undefined ? undefined : Number((Number(digits) * factor).toPrecision(15))
}

/** The condition that a word says, or undefined where the word is only to be searched for. */
export function parseCondition(word: string): Condition | undefined {
  const match = /^([a-z]+)(!=|=|~|>|<)(.+)$/s.exec(word)
  if (match === null) return undefined
  const column = match[1] as FilterColumn
  const is = operators[match[2] as keyof typeof operators]
  if (!filterColumns.includes(column)) return undefined
  const text = unquote(match[3]!)
  if (is === 'contains' || !isNumeric(column))
    return is === 'above' || is === 'below' ? undefined : { column, is, value: text }
  const number = parseNumber(column, text)
  return number === undefined || !Number.isFinite(number) ? undefined : { column, is, value: number }
}

/** A condition as a word that `parseCondition` reads again. */
export function formatCondition({ column, is, value }: Condition): string {
  const text = String(value)
  return `${column}${signs[is]}${/[\s"\\]/.test(text) || text === '' ? JSON.stringify(text) : text}`
}

/** Splits what was typed at spaces outside quotes into conditions and the text that is left. */
export function parseSearch(typed: string): Filter {
  const conditions: Condition[] = []
  const rest: string[] = []
  for (const [word] of typed.matchAll(/(?:"(?:[^"\\]|\\.)*"?|[^\s"])+/gs)) {
    const condition = parseCondition(word)
    if (condition === undefined) rest.push(word)
    else conditions.push(condition)
  }
  // Text alone is searched for as it stands, with its spaces.
  return { conditions, text: conditions.length === 0 ? typed.trim() : rest.join(' ') }
}

function unquote(text: string): string {
  if (!text.startsWith('"')) return text
  try {
    return String(JSON.parse(text))
  } catch {
    return text.replaceAll('"', '')
  }
}

const sameCondition = (a: Condition, b: Condition): boolean =>
  a.column === b.column && a.is === b.is && a.value === b.value

/** Whether the filter holds this condition. */
export const hasCondition = (filter: Filter, condition: Condition): boolean =>
  filter.conditions.some(other => sameCondition(other, condition))

export const without = (filter: Filter, condition: Condition): Filter => ({
  ...filter,
  conditions: filter.conditions.filter(other => !sameCondition(other, condition)),
})

/** With one condition more. What it makes pointless goes: a column equals one value, and has one bound on each side. */
export function withCondition(filter: Filter, condition: Condition): Filter {
  const replaced = condition.is === 'equal' || condition.is === 'above' || condition.is === 'below'
  const kept = filter.conditions.filter(other =>
    replaced
      ? other.column !== condition.column || other.is !== condition.is
      : !sameCondition(other, condition),
  )
  return { ...filter, conditions: [...kept, condition] }
}

/** Adds a condition, or takes it away where it is there already: what a click on a value does. */
export const toggled = (filter: Filter, condition: Condition): Filter =>
  hasCondition(filter, condition) ? without(filter, condition) : withCondition(filter, condition)

/** Only calls that began within a stretch of time, in milliseconds. */
export const withinTime = (filter: Filter, from: number, to: number): Filter =>
  withCondition(withCondition(filter, { column: 'time', is: 'above', value: from }), {
    column: 'time',
    is: 'below',
    value: to,
  })

/** Without its bounds in time: the timeline shows them as a shade, and goes on beside them. */
export const timeless = (filter: Filter): Filter => ({
  ...filter,
  conditions: filter.conditions.filter(({ column }) => column !== 'time'),
})
