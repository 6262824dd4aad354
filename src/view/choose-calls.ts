/** Which calls a filter leaves. Runs in node and in browsers. */
import type { CallStore } from './call-store.ts'
import { type CallValue, listColumns, numberColumns, outcomeOf } from './call-values.ts'
import { grown, withRoom } from './grown.ts'
import type { Column, Condition, Filter } from './protocol.ts'

type Test = (id: number) => boolean

/** Whether a value is what a condition asks for. */
export function meets({ is, value }: Condition, found: CallValue): boolean {
  switch (is) {
    case 'equal':
      return isEqual(found, value)
    case 'different':
      return !isEqual(found, value)
    case 'contains':
      return found !== null && String(found).toLowerCase().includes(String(value).toLowerCase())
    case 'above':
      return typeof found === 'number' && found >= Number(value)
    case 'below':
      return typeof found === 'number' && found <= Number(value)
  }
}

const isEqual = (found: CallValue, value: string | number): boolean =>
  typeof found === 'number' ? found === Number(value) && value !== '' : found === String(value)

/** What a filter leaves of a store. It grows with the store: only what is new is looked at. */
export class ChosenCalls {
  readonly #store: CallStore
  readonly #conditions: readonly ((store: CallStore) => Test)[]
  #ids = new Uint32Array(1024)
  #count = 0
  #looked = 0
  #marks = new Uint8Array(0)
  #marked = 0

  constructor(store: CallStore, filter: Filter) {
    this.#store = store
    this.#conditions = [
      ...filter.conditions.map(conditionTest),
      ...(filter.text === '' ? [] : [textTest(filter.text)]),
    ]
  }

  /** The ids, in their order. */
  ids(): Uint32Array {
    this.#look()
    return this.#ids.subarray(0, this.#count)
  }

  /** By id: 1 where the call is one of them. */
  marks(): Uint8Array {
    this.#look()
    const { count } = this.#store
    const marks = withRoom(this.#marks, count)
    for (; this.#marked < this.#count; this.#marked++) marks[this.#ids[this.#marked]!] = 1
    this.#marks = marks
    return marks
  }

  #look(): void {
    const store = this.#store
    if (this.#looked === store.count) return
    const tests = this.#conditions.map(condition => condition(store))
    const [first, ...others] = tests as [Test, ...Test[]]
    for (let id = this.#looked; id < store.count; id++) {
      if (!first(id)) continue
      let holds = true
      for (let i = 0; holds && i < others.length; i++) holds = others[i]!(id)
      if (holds) this.#add(id)
    }
    this.#looked = store.count
  }

  #add(id: number): void {
    if (this.#count === this.#ids.length) this.#ids = grown(this.#ids, this.#count * 2)
    this.#ids[this.#count++] = id
  }
}

/** Answers for the places of a list that grows. */
class Marks {
  marks = new Uint8Array(0)
  #length = 0

  extend(length: number, holds: (place: number) => boolean): Uint8Array {
    this.marks = withRoom(this.marks, length)
    for (; this.#length < length; this.#length++) this.marks[this.#length] = holds(this.#length) ? 1 : 0
    return this.marks
  }
}

function conditionTest(condition: Condition): (store: CallStore) => Test {
  const list = listColumns[condition.column]
  if (list !== undefined) {
    const marks = new Marks()
    return store => {
      const holds = marks.extend(list.length(store), place => meets(condition, list.at(store, place)))
      const places = list.places(store)
      return id => holds[places[id]!] === 1
    }
  }
  const read = numberColumns[condition.column as Column]!
  return store => id => meets(condition, read(store, id))
}

/** The text stands in the name, the line, the path or the error. */
function textTest(text: string): (store: CallStore) => Test {
  const [names, paths, errors] = [new Marks(), new Marks(), new Marks()]
  const wanted = text.toLowerCase()
  const contains = (found: string): boolean => found.toLowerCase().includes(wanted)
  let lines = new Uint8Array(0)
  let looked = 0
  return store => {
    const byName = names.extend(store.names.length, place => contains(store.names[place]!.name))
    const byPath = paths.extend(store.paths.list.length, place => contains(store.paths.text(place)))
    const byError = errors.extend(
      store.errors.list.length,
      place => outcomeOf(place) === 'failed' && contains(store.errors.text(place)),
    )
    lines = withRoom(lines, store.lines.count)
    store.lines.find(text, looked, lines)
    looked = store.lines.count
    const found = lines
    const { name, path, error, line } = store
    return id =>
      found[line[id]!] === 1 ||
      byName[name[id]!] === 1 ||
      byPath[path[id]!] === 1 ||
      byError[error[id]!] === 1
  }
}
