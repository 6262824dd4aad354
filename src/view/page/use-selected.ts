/** The chosen call, with all that is known of it. */
import { useEffect, useState } from 'preact/hooks'
import type { CallDetails, Row } from '../protocol.ts'
import { isAbort, messageOf, usePicked } from './page-state.ts'
import type { Store } from './store.ts'

export interface SelectedCall {
  readonly id: number | null
  readonly row: Row | null
  readonly details: CallDetails | null
  readonly error: string | null
}

const none: SelectedCall = { id: null, row: null, details: null, error: null }

/** Asks for the call when another is chosen. */
export function useSelected(store: Store): SelectedCall {
  const [id, known] = usePicked(store, state => [state.selected, state.overview.calls > 0])
  const [call, setCall] = useState<SelectedCall>(none)
  useEffect(() => {
    if (id === null) {
      setCall(none)
      return
    }
    if (!known) return
    const controller = new AbortController()
    store.source.call(id, controller.signal).then(
      details => {
        if (!controller.signal.aborted) setCall({ id, row: details.row, details, error: null })
      },
      (error: unknown) => {
        if (!isAbort(error) && !controller.signal.aborted) setCall({ ...none, id, error: messageOf(error) })
      },
    )
    return () => controller.abort()
  }, [id, known])
  return call
}
