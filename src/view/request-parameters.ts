/** What a request asks for, checked. */
import { type Column, type Condition, columns, comparisons, type Filter, isColumn } from './protocol.ts'

/** A request that makes no sense; the message says why. */
export class BadRequest extends Error {}

const [mostConditions, longestText, mostLanes] = [64, 4096, 65_536]

export class Parameters {
  readonly #all: URLSearchParams

  constructor(all: URLSearchParams) {
    this.#all = all
  }

  /** A number; `otherwise` where there is none. */
  number(name: string, otherwise?: number): number {
    const text = this.#all.get(name)
    if (text === null && otherwise !== undefined) return otherwise
    const value = text === null || text.trim() === '' ? Number.NaN : Number(text)
    if (!Number.isFinite(value)) throw new BadRequest(`'${name}' must be a number.`)
    return value
  }

  /** A whole number from 0 on. */
  count(name: string, otherwise?: number): number {
    const value = this.number(name, otherwise)
    if (!Number.isSafeInteger(value) || value < 0)
      throw new BadRequest(`'${name}' must be a whole number from 0 on.`)
    return value
  }

  /** A whole number from 0 on, or null where there is none. */
  optionalCount(name: string): number | null {
    return (this.#all.get(name) ?? '') === '' ? null : this.count(name)
  }

  /** Words with commas between them. */
  words(name: string): string[] {
    const text = this.#all.get(name) ?? ''
    return text === '' ? [] : text.split(',')
  }

  flag(name: string): boolean {
    const text = this.#all.get(name) ?? '0'
    if (text !== '0' && text !== '1') throw new BadRequest(`'${name}' must be 0 or 1.`)
    return text === '1'
  }

  column(name: string): Column {
    const text = this.#all.get(name) ?? 'id'
    if (!isColumn(text)) throw new BadRequest(`'${name}' must be a column: ${columns.join(', ')}.`)
    return text
  }

  /** Numbers of threads. */
  lanes(name: string): number[] {
    const numbers = this.words(name).map(Number)
    if (numbers.length > mostLanes || !numbers.every(Number.isSafeInteger))
      throw new BadRequest(`'${name}' must be numbers of threads, with commas between them.`)
    return numbers
  }

  filter(name: string): Filter {
    const json = this.#all.get(name)
    if (json === null || json === '') return { conditions: [], text: '' }
    let value: unknown
    try {
      value = JSON.parse(json)
    } catch {
      throw new BadRequest(`'${name}' must be JSON.`)
    }
    const { conditions = [], text = '' } = (value ?? {}) as { conditions?: unknown; text?: unknown }
    const sound =
      typeof text === 'string' &&
      text.length <= longestText &&
      Array.isArray(conditions) &&
      conditions.length <= mostConditions &&
      conditions.every(isCondition)
    if (!sound) throw new BadRequest(`'${name}' must have conditions of column, is and value, and a text.`)
    return { conditions, text }
  }
}

function isCondition(value: unknown): value is Condition {
  if (typeof value !== 'object' || value === null) return false
  const { column, is, value: wanted } = value as { [name in keyof Condition]?: unknown }
  return (
    typeof column === 'string' &&
    (isColumn(column) || column === 'kind') &&
    comparisons.includes(is as Condition['is']) &&
    (typeof wanted === 'number' || (typeof wanted === 'string' && wanted.length <= longestText))
  )
}
