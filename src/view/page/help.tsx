/** What keys and hands do. */
import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

const parts: readonly [title: string, keys: readonly (readonly [keys: string, what: string])[]][] = [
  [
    'Timeline',
    [
      ['W S  + \u2212', 'zoom in and out'],
      ['A D  \u2190 \u2192', 'move'],
      ['0', 'show all of it'],
      ['F', 'follow the end of a program that runs'],
      ['wheel', 'zoom at the pointer; with shift: move'],
      ['drag', 'move; on the axis, or with shift: mark a stretch'],
      ['M', 'filter by the marked stretch'],
      ['double click', 'zoom in'],
    ],
  ],
  [
    'Calls',
    [
      ['\u2191 \u2193 PgUp PgDn', 'choose a call in the table'],
      ['Enter', 'zoom the timeline to it'],
      ['Z', 'the same, from anywhere'],
      [', .', 'the call before and after it in its thread'],
      ['=', 'only calls of that name'],
      ['double click', 'only what the cell says'],
    ],
  ],
  [
    'Tree of processes',
    [
      ['\u2191 \u2193', 'choose'],
      ['\u2190 \u2192 Space', 'fold, unfold'],
      ['Enter', 'only its calls'],
    ],
  ],
  [
    'Everywhere',
    [
      ['/', 'search, or write conditions: name=openat errno!=ENOENT duration>5ms path~/etc'],
      ['X', 'take all conditions away'],
      ['1 2 3', 'call, numbers, recording'],
      ['T', 'light or dark'],
      ['L', 'copy a link to what is seen'],
      ['Esc', 'unmark, close'],
      ['?', 'this'],
    ],
  ],
]

export function Help({ onEnd }: { onEnd: () => void }): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog ref={dialog} class="help" aria-label="Keys" onClose={onEnd}>
      <header>
        <h2>Keys and hands</h2>
        <button type="button" class="quiet" aria-label="Close" onClick={onEnd}>
          {'\u00d7'}
        </button>
      </header>
      <div class="help-parts">
        {parts.map(([title, keys]) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {keys.map(([key, what]) => (
                <div key={key + what}>
                  <dt>{key}</dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </dialog>
  )
}
