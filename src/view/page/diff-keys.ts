/** Keys of a comparison's page that work wherever one is, but in fields. */
import { rowKinds } from '../comparison-protocol.ts'
import type { DiffStore } from './diff-store.ts'
import type { KeyParts } from './help.tsx'
import { listenForKeys } from './page-keys.ts'

export const diffKeyParts: KeyParts = [
  [
    'Differences',
    [
      ['N P', 'the next one, the one before'],
      ['\u2191 \u2193 PgUp PgDn', 'choose a row in the table'],
      ['1 \u2026 6', 'show a kind of row, or hide it'],
      ['[ ]', 'the process before, the next one'],
      ['A', 'all processes'],
    ],
  ],
  [
    'Everywhere',
    [
      ['/', 'search, or write conditions: name=openat errno!=ENOENT path~/etc; either side counts'],
      ['X', 'take all conditions away'],
      ['T', 'light or dark'],
      ['L', 'copy a link to what is seen'],
      ['Esc', 'close'],
      ['?', 'this'],
    ],
  ],
]

export function takeDiffKeys(store: DiffStore, turnTheme: () => void, signal: AbortSignal): void {
  const kinds = rowKinds.map((kind, i): [string, () => void] => [String(i + 1), () => store.toggleKind(kind)])
  listenForKeys(
    store,
    {
      n: () => void store.stepDifference('next'),
      p: () => void store.stepDifference('previous'),
      '[': () => store.stepPair(-1),
      ']': () => store.stepPair(1),
      a: () => store.set({ pair: null }),
      ...Object.fromEntries(kinds),
      '/': () => document.getElementById('search')?.focus(),
      x: () => store.clearFilter(),
      t: turnTheme,
      l: () => store.copyLink(),
      '?': () => store.set({ help: true }),
      Escape: () => store.set({ row: null }),
    },
    signal,
  )
}
