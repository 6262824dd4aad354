/** What a page has to tell for a moment. */
import type { JSX } from 'preact'
import { type SharedPage, usePicked } from './page-state.ts'
import { visible } from './shown-text.ts'

export function Notice({ store }: { store: SharedPage }): JSX.Element {
  const [notice] = usePicked(store, state => [state.notice])
  return (
    <div class="notice" role="status" aria-live="polite">
      {notice !== '' && <span>{visible(notice)}</span>}
    </div>
  )
}
