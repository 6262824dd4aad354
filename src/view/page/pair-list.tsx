/** The processes of both recordings that correspond, and how many differences they have. */
import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { type ComparedPair, rowKinds } from '../comparison-protocol.ts'
import { kindTexts } from './diff-kinds.tsx'
import type { DiffStore } from './diff-store.ts'
import { usePicked } from './page-state.ts'
import type { AskRows } from './row-pages.ts'
import { shortCount, visible } from './shown-text.ts'
import { rowHeight, takeRowKey, useLongRows } from './use-long-rows.ts'

/** The list has them all at hand. */
const slices: AskRows<ComparedPair, { readonly pairs: readonly ComparedPair[] }> = async (
  { pairs },
  offset,
  limit,
) => ({ total: pairs.length, rows: pairs.slice(offset, offset + limit) })

export function PairList({ store }: { store: DiffStore }): JSX.Element {
  const [pair, { pairs }] = usePicked(store, state => [state.pair, state.overview])
  const long = useLongRows(slices, { pairs })
  const { top, height, first, last, reveal } = long
  const choose = (place: number): void => store.set({ pair: Math.min(Math.max(0, place), pairs.length - 1) })
  // The page's keys and links choose one too.
  useEffect(() => {
    if (pair !== null && pair < pairs.length) reveal(pair)
  }, [pair, pairs.length, long.height > 0])
  return (
    <nav class="pairs" aria-label="Processes">
      <div
        class="grid pair-grid"
        role="listbox"
        ref={long.scroller}
        tabIndex={0}
        aria-label={`Processes, ${pairs.length}`}
        {...(pair !== null && pair >= first && pair < last
          ? { 'aria-activedescendant': `pair-${pair}` }
          : {})}
        onKeyDown={event => void takeRowKey(event, pair, long, choose)}
      >
        <button
          type="button"
          class={`grid-head all-pairs${pair === null ? ' chosen' : ''}`}
          aria-pressed={pair === null}
          onClick={() => store.set({ pair: null })}
        >
          all {pairs.length} processes
        </button>
        <div class="grid-rows" role="presentation" style={{ height: `${Math.max(0, height)}px` }}>
          {pairs.slice(first, last).map((one, i) => (
            <Pair
              key={first + i}
              pair={one}
              place={first + i}
              top={(first + i) * rowHeight - top}
              chosen={first + i === pair}
              onChoose={() => store.set({ pair: first + i === pair ? null : first + i })}
            />
          ))}
        </div>
        <div class="grid-spacer" style={{ height: `${long.extent.bar}px` }} />
      </div>
    </nav>
  )
}

function Pair({
  pair: { command, pids, counts },
  place,
  top,
  chosen,
  onChoose,
}: {
  pair: ComparedPair
  place: number
  top: number
  chosen: boolean
  onChoose: () => void
}): JSX.Element {
  const [a, b] = pids
  const where =
    a === null ? `only in the second: ${b}` : b === null ? `only in the first: ${a}` : `${a} and ${b}`
  const alone = a === null ? 'added' : b === null ? 'missing' : null
  return (
    <div
      id={`pair-${place}`}
      class={`row pair${chosen ? ' chosen' : ''}`}
      role="option"
      aria-selected={chosen}
      title={`${visible(command)} (${where})`}
      style={{ transform: `translateY(${top}px)` }}
      onClick={onChoose}
      onKeyDown={() => {}}
    >
      {alone !== null && <i class={`sign row-${alone}`}>{kindTexts[alone].sign}</i>}
      <span class="pair-command">{visible(command)}</span>
      <span class="pair-counts">
        {alone === null &&
          rowKinds.map((kind, i) =>
            kind === 'same' || counts[i] === 0 ? null : (
              <span key={kind} class={`row-${kind}`} title={kindTexts[kind].what}>
                {kindTexts[kind].sign}
                {shortCount(counts[i]!)}
              </span>
            ),
          )}
      </span>
    </div>
  )
}
