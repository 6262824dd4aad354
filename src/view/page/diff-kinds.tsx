/** The kinds of rows, how many there are of each, and which of them are shown. */
import type { JSX } from 'preact'
import { type RowKind, rowKinds } from '../comparison-protocol.ts'
import type { DiffStore } from './diff-store.ts'
import { usePicked } from './page-state.ts'
import { showCount } from './shown-text.ts'

interface KindText {
  /** As `glass diff` has it on a terminal, where failing ones are among those that ended otherwise. */
  readonly sign: string
  readonly what: string
}
export const kindTexts: { readonly [kind in RowKind]: KindText } = {
  failing: { sign: '\u2717', what: 'Succeeded in the first, failed in the second' },
  otherwise: { sign: '!', what: 'Ended otherwise' },
  missing: { sign: '\u2212', what: 'Only the first made the call' },
  added: { sign: '+', what: 'Only the second made the call' },
  slower: { sign: '~', what: 'Took longer in the second, more than from run to run' },
  same: { sign: '=', what: 'Both made the call, to the same end' },
}

export function DiffKinds({ store }: { store: DiffStore }): JSX.Element {
  const [kinds, pair, { counts, pairs }] = usePicked(store, state => [
    state.kinds,
    state.pair,
    state.overview,
  ])
  const shown = (pair === null ? undefined : pairs[pair]?.counts) ?? counts
  return (
    <div class="legend" role="group" aria-label="Kinds of rows">
      {rowKinds.map((kind, i) => (
        <button
          key={kind}
          type="button"
          class={kinds.includes(kind) ? '' : 'off'}
          aria-pressed={kinds.includes(kind)}
          title={`${kindTexts[kind].what} (${i + 1}); with shift: only these`}
          onClick={event => (event.shiftKey ? store.set({ kinds: [kind] }) : store.toggleKind(kind))}
        >
          <i class={`sign row-${kind}`}>{kindTexts[kind].sign}</i>
          {kind} <span class="faint">{showCount(shown[i]!)}</span>
        </button>
      ))}
    </div>
  )
}
