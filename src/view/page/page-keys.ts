/** Keys that work wherever one is on a page, but in fields. */
import type { SharedPage } from './page-state.ts'

/** What letters and other keys do, by `KeyboardEvent.key`; letters are small ones. */
export type Keys = Readonly<Record<string, () => void>>

export function listenForKeys(store: SharedPage, keys: Keys, signal: AbortSignal): void {
  addEventListener(
    'keydown',
    event => {
      const { target } = event
      const writes =
        target instanceof HTMLInputElement || target instanceof HTMLSelectElement || store.state.help
      if (event.ctrlKey || event.metaKey || event.altKey || writes) return
      const action = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key]
      if (action === undefined) return
      event.preventDefault()
      action()
    },
    { signal },
  )
}
