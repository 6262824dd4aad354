/** Both calls of the chosen row in full, side by side. */
import type { JSX } from 'preact'
import type { ComparedDetails, ComparedPair } from '../comparison-protocol.ts'
import type { CallDetails } from '../protocol.ts'
import { CallContent, CallFacts, CallHead } from './call-content.tsx'
import { kindTexts } from './diff-kinds.tsx'
import type { DiffStore } from './diff-store.ts'
import { usePicked } from './page-state.ts'
import { showCount, showDuration, visible } from './shown-text.ts'
import { useAnswer } from './use-answer.ts'

export function DiffDetails({ store }: { store: DiffStore }): JSX.Element {
  const [row, pair, { titles, pairs }] = usePicked(store, state => [state.row, state.pair, state.overview])
  const ask = async (signal: AbortSignal): Promise<ComparedDetails | null> =>
    row === null ? null : store.source.details(row, signal)
  const { value: details, error } = useAnswer(ask, String(row), null, 0)
  return (
    <aside class="both" tabIndex={0} aria-label="Both calls">
      {error !== '' ? (
        <p class="empty failed">{visible(error)}</p>
      ) : details === null ? (
        <Slower pairs={pair === null ? pairs : pairs.slice(pair, pair + 1)} />
      ) : (
        <>
          <Side
            key={`a${details.row.row}`}
            title={titles[0]}
            details={details.before}
            row={details.row.kind}
          />
          <Side
            key={`b${details.row.row}`}
            title={titles[1]}
            details={details.after}
            row={details.row.kind}
          />
        </>
      )}
    </aside>
  )
}

function Side({
  title,
  details,
  row,
}: {
  title: string
  details: CallDetails | null
  row: ComparedDetails['row']['kind']
}): JSX.Element {
  return (
    <section class="details" aria-label={visible(title)}>
      <p class="faint side-title">{visible(title)}</p>
      {details === null ? (
        <p class="empty">{kindTexts[row].what}.</p>
      ) : (
        <>
          <CallHead details={details} />
          <CallFacts row={details.row} began={0} />
          <CallContent details={details} />
        </>
      )}
    </section>
  )
}

/** Calls that took longer on average, the worst first, while no row is chosen. */
function Slower({ pairs }: { pairs: readonly ComparedPair[] }): JSX.Element {
  const all = pairs
    .flatMap(({ slower, command }) => slower.map(call => ({ ...call, command })))
    .sort((a, b) => (b.after - b.before) * b.calls[1] - (a.after - a.before) * a.calls[1])
    .slice(0, 100)
  if (all.length === 0) return <p class="empty">Choose a row, or press n for the next difference.</p>
  return (
    <section class="details">
      <h3 class="faint">Slower calls, on average</h3>
      <table class="slower-calls">
        <tbody>
          {all.map(({ call, command, before, after, calls }, i) => (
            <tr key={i}>
              <th>{visible(call)}</th>
              <td>{showDuration(before)}</td>
              <td>{'\u2192'}</td>
              <td>{showDuration(after)}</td>
              <td class="faint">
                {showCount(calls[0])} and {showCount(calls[1])} calls
              </td>
              <td class="faint slower-command">{visible(command)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
