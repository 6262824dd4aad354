/** Puts the page together over what feeds it. */
import { render } from 'preact'
import type { Source } from '../protocol.ts'
import { App } from './app.tsx'
import { Store } from './store.ts'
import { applyTheme, storedTheme } from './theme.ts'

export function start(source: Source, into: HTMLElement): Store {
  applyTheme(storedTheme())
  const store = new Store(source)
  render(<App store={store} />, into)
  store.begin()
  return store
}
