/** What keys and hands do. */
import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

/** Keys, and what they do, by the part of the page that they are for. */
export type KeyParts = readonly (readonly [
  title: string,
  keys: readonly (readonly [keys: string, what: string])[],
])[]

export function Help({ parts, onEnd }: { parts: KeyParts; onEnd: () => void }): JSX.Element {
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
