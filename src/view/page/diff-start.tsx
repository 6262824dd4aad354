/** Puts the page of a comparison together over what feeds it. */
import { render } from 'preact'
import type { ComparisonSource } from '../comparison-protocol.ts'
import { DiffApp } from './diff-app.tsx'
import { DiffStore } from './diff-store.ts'
import { applyTheme, storedTheme } from './theme.ts'

export function startDiff(source: ComparisonSource, into: HTMLElement): DiffStore {
  applyTheme(storedTheme())
  const store = new DiffStore(source)
  render(<DiffApp store={store} />, into)
  store.begin()
  return store
}
