/** Keys of a recording's page that work wherever one is, but in fields. */
import { withinTime } from './conditions.ts'
import type { KeyParts } from './help.tsx'
import { listenForKeys } from './page-keys.ts'
import type { Store } from './store.ts'
import { panRange, zoomRange } from './time-scale.ts'
import { panels } from './view-state.ts'

export const keyParts: KeyParts = [
  [
    'Timeline',
    [
      ['W S  + \u2212', 'zoom in and out'],
      ['A D  \u2190 \u2192', 'move'],
      ['0', 'show all of it'],
      ['F', 'follow the end of a program that runs'],
      ['wheel', 'zoom at the pointer; with shift: move'],
      ['drag', 'move; on the axis, or with shift: mark a stretch'],
      ['M', 'filter by the marked stretch'],
      ['double click', 'zoom in'],
    ],
  ],
  [
    'Calls',
    [
      ['\u2191 \u2193 PgUp PgDn', 'choose a call in the table'],
      ['Enter', 'zoom the timeline to it'],
      ['Z', 'the same, from anywhere'],
      [', .', 'the call before and after it in its thread'],
      ['=', 'only calls of that name'],
      ['double click', 'only what the cell says'],
    ],
  ],
  [
    'Tree of processes',
    [
      ['\u2191 \u2193', 'choose'],
      ['\u2190 \u2192 Space', 'fold, unfold'],
      ['Enter', 'only its calls'],
    ],
  ],
  [
    'Everywhere',
    [
      ['/', 'search, or write conditions: name=openat errno!=ENOENT duration>5ms path~/etc'],
      ['X', 'take all conditions away'],
      ['1 2 3', 'call, numbers, recording'],
      ['T', 'light or dark'],
      ['L', 'copy a link to what is seen'],
      ['Esc', 'unmark, close'],
      ['?', 'this'],
    ],
  ],
]

export function takeKeys(store: Store, turnTheme: () => void, signal: AbortSignal): void {
  const zoom = (factor: number): void => {
    const { from, to } = store.range
    store.look(zoomRange({ from, to }, factor, (from + to) / 2, store.state.overview.span))
  }
  const pan = (share: number): void => {
    const { from, to } = store.range
    store.look(panRange({ from, to }, (to - from) * share, store.state.overview.span))
  }
  const keys: Record<string, () => void> = {
    w: () => zoom(0.7),
    '+': () => zoom(0.7),
    s: () => zoom(1 / 0.7),
    '-': () => zoom(1 / 0.7),
    a: () => pan(-0.15),
    ArrowLeft: () => pan(-0.15),
    d: () => pan(0.15),
    ArrowRight: () => pan(0.15),
    '0': () => store.set({ range: null, following: true }),
    f: () => follow(store),
    m: () => {
      const { marked, filter } = store.state
      if (marked === null) return
      store.filter(withinTime(filter, marked.from, marked.to))
      store.set({ marked: null })
    },
    z: () => void zoomToSelected(store),
    ',': () => void neighbour(store, -1),
    '.': () => void neighbour(store, 1),
    '/': () => document.getElementById('search')?.focus(),
    x: () => store.clearFilter(),
    t: turnTheme,
    l: () => store.copyLink(),
    '?': () => store.set({ help: true }),
    Escape: () => {
      if (store.state.marked !== null) store.set({ marked: null })
      else store.select(null)
    },
  }
  panels.forEach((panel, i) => {
    keys[String(i + 1)] = () => store.set({ panel })
  })
  listenForKeys(store, keys, signal)
}

/** Goes to the end, and stays there while it moves. */
export function follow(store: Store): void {
  const { from, to } = store.range
  const { range, overview } = store.state
  store.set({
    following: true,
    ...(range === null ? {} : { range: { from: overview.span - (to - from), to: overview.span } }),
  })
}

async function zoomToSelected(store: Store): Promise<void> {
  const { selected } = store.state
  if (selected === null) return
  try {
    const { row } = await store.source.call(selected)
    store.zoomTo(row)
  } catch {
    // The panel says what is wrong with it.
  }
}

/** Chooses the call before or after the chosen one in its thread, among those that the filter leaves. */
async function neighbour(store: Store, step: number): Promise<void> {
  const { selected, filter } = store.state
  if (selected === null) return
  const { source } = store
  try {
    const { row } = await source.call(selected)
    const own = {
      ...filter,
      conditions: [...filter.conditions, { column: 'tid', is: 'equal', value: row.tid } as const],
    }
    const { offset } = await source.place(own, 'time', false, selected)
    if (offset === null || offset + step < 0) return
    const { rows } = await source.rows(own, 'time', false, offset + step, 1)
    if (rows[0] !== undefined) store.select(rows[0].id)
  } catch {
    // It stays where it is.
  }
}
