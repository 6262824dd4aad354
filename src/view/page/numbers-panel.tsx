/** What the calls that are looked at amount to: percentiles, how long they took, and what there was most of. Each filters on a click. */
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { Condition, Counted, Statistics } from '../protocol.ts'
import { type FilterColumn, hasCondition, withCondition, without } from './conditions.ts'
import { usePicked } from './page-state.ts'
import { shortCount, showCount, showDuration, visible } from './shown-text.ts'
import type { Store } from './store.ts'
import { useAnswer } from './use-answer.ts'

export function NumbersPanel({ store }: { store: Store }): JSX.Element {
  const [filter, overview] = usePicked(store, state => [state.filter, state.overview])
  const { value: numbers, error } = useAnswer(
    signal => store.source.statistics(filter, signal),
    JSON.stringify(filter),
    overview,
    1000,
  )
  if (error !== '') return <p class="empty failed">{visible(error)}</p>
  if (numbers === null) return <p class="empty">{'\u2026'}</p>
  const { calls, failed, duration, percentiles, histogram } = numbers
  const timed = histogram.some(bin => bin.calls > 0)
  return (
    <div class="numbers">
      <dl class="figures">
        <Figure title="calls" value={showCount(calls)} />
        <Figure title="failed" value={showCount(failed)} bad={failed > 0} />
        <Figure title="in calls" value={timed ? showDuration(duration) : '\u2013'} />
        {['50 %', '90 %', '99 %', '99.9 %', 'longest'].map((title, i) => (
          <Figure
            key={title}
            title={title}
            value={timed ? showDuration((percentiles[i] ?? 0) / 1000) : '\u2013'}
          />
        ))}
      </dl>
      <Histogram store={store} numbers={numbers} />
      <TopList store={store} title="Calls" column="name" counted={numbers.names} of={calls} />
      <TopList store={store} title="Errors" column="errno" counted={numbers.errors} of={failed} />
      <TopList store={store} title="Paths" column="path" counted={numbers.paths} of={calls} />
      <TopList store={store} title="Threads" column="tid" counted={numbers.threads} of={calls} />
    </div>
  )
}

function Figure({ title, value, bad = false }: { title: string; value: string; bad?: boolean }): JSX.Element {
  return (
    <div>
      <dt>{title}</dt>
      <dd class={bad ? 'failed' : ''}>{value}</dd>
    </div>
  )
}

function Histogram({ store, numbers }: { store: Store; numbers: Statistics }): JSX.Element | null {
  const { filter } = store.state
  const all = numbers.histogram
  const first = all.findIndex(({ calls }) => calls > 0)
  if (first < 0) return null
  const bins = all.slice(first, all.findLastIndex(({ calls }) => calls > 0) + 1)
  const most = Math.max(...bins.map(({ calls }) => calls))
  return (
    <section class="part">
      <h3>How long they took</h3>
      <div class="histogram" role="group" aria-label="Calls by duration">
        {bins.map(({ from, to, calls }) => {
          const above: Condition = { column: 'duration', is: 'above', value: from / 1000 }
          const below: Condition = { column: 'duration', is: 'below', value: to / 1000 }
          const on = hasCondition(filter, above) && hasCondition(filter, below)
          const words = `${showCount(calls)} calls took ${showDuration(from / 1000)} to ${showDuration(to / 1000)}`
          return (
            <button
              key={from}
              type="button"
              class={on ? 'on' : ''}
              title={words}
              aria-label={words}
              aria-pressed={on}
              onClick={() =>
                store.filter(
                  on
                    ? without(without(filter, above), below)
                    : withCondition(withCondition(filter, above), below),
                )
              }
            >
              {/* A square root: rare calls are what one looks for. */}
              <i style={{ height: `${calls === 0 ? 0 : Math.max(3, Math.sqrt(calls / most) * 100)}%` }} />
            </button>
          )
        })}
      </div>
      <div class="histogram-axis" aria-hidden="true">
        <span>{showDuration(bins[0]!.from / 1000)}</span>
        <span>{showDuration(bins[Math.floor(bins.length / 2)]!.from / 1000)}</span>
        <span>{showDuration(bins.at(-1)!.to / 1000)}</span>
      </div>
    </section>
  )
}

const shortList = 8

function TopList({
  store,
  title,
  column,
  counted,
  of,
}: {
  store: Store
  title: string
  column: FilterColumn
  counted: readonly Counted[]
  of: number
}): JSX.Element | null {
  const [all, setAll] = useState(false)
  const [byTime, setByTime] = useState(false)
  if (counted.length === 0) return null
  const sorted = byTime ? [...counted].sort((a, b) => b.duration - a.duration) : counted
  const shown = all ? sorted : sorted.slice(0, shortList)
  const whole = byTime ? Math.max(...counted.map(({ duration }) => duration)) : Math.max(of, 1)
  return (
    <section class="part">
      <h3>
        {title}
        <button type="button" class="quiet" aria-pressed={byTime} onClick={() => setByTime(!byTime)}>
          {byTime ? 'by time' : 'by number'}
        </button>
      </h3>
      <ul class="top-list">
        {shown.map(({ value, label, calls, failed, duration }) => {
          const condition: Condition = {
            column,
            is: 'equal',
            value: column === 'tid' ? Number(value) : value,
          }
          const on = hasCondition(store.state.filter, condition)
          const share = Math.min(1, (byTime ? duration : calls) / Math.max(whole, 1e-9))
          return (
            <li key={value}>
              <button
                type="button"
                class={on ? 'on' : ''}
                aria-pressed={on}
                title={`${visible(value)}: ${showCount(calls)} calls, ${showCount(failed)} failed, ${showDuration(duration)}`}
                onClick={() => store.toggle(condition)}
              >
                <i class="share" style={{ width: `${share * 100}%` }} />
                <span class="top-value">
                  {visible(value)}
                  {label !== undefined && <span class="faint"> {visible(label)}</span>}
                </span>
                {failed > 0 && column !== 'errno' && <span class="failed">{shortCount(failed)}</span>}
                <span class="top-count">{byTime ? showDuration(duration) : shortCount(calls)}</span>
              </button>
            </li>
          )
        })}
      </ul>
      {counted.length > shortList && (
        <button type="button" class="quiet" onClick={() => setAll(!all)}>
          {all ? 'fewer' : `${counted.length - shortList} more`}
        </button>
      )}
    </section>
  )
}
