/** Answers that a part of the page shows, asked for again as the recording grows. */
import { useEffect, useRef, useState } from 'preact/hooks'
import { isAbort, messageOf } from './page-state.ts'

export interface Answer<T> {
  readonly value: T | null
  readonly error: string
}

interface Asking {
  readonly controller: AbortController
  busy: boolean
  again: boolean
  next: number
}

/**
 * The answer to a question. Another `key` is another question, and the one before is given up. Another `tick` asks the same again,
 * after the last answer and not before `interval` ms: a server that is slow gets no question before it has answered the last.
 */
export function useAnswer<T>(
  ask: (signal: AbortSignal) => Promise<T>,
  key: string,
  tick: unknown,
  interval: number,
): Answer<T> {
  const [answer, setAnswer] = useState<Answer<T>>({ value: null, error: '' })
  const asking = useRef<Asking | null>(null)
  const question = useRef(ask)
  question.current = ask

  useEffect(() => {
    const own: Asking = { controller: new AbortController(), busy: false, again: false, next: 0 }
    asking.current = own
    return () => {
      own.controller.abort()
      clearTimeout(own.next)
    }
  }, [key])

  useEffect(() => {
    const own = asking.current!
    const run = (): void => {
      own.busy = true
      own.again = false
      question
        .current(own.controller.signal)
        .then(
          value => {
            if (!own.controller.signal.aborted) setAnswer({ value, error: '' })
          },
          (error: unknown) => {
            if (!own.controller.signal.aborted && !isAbort(error))
              setAnswer(before => ({ ...before, error: messageOf(error) }))
          },
        )
        .finally(() => {
          if (own.controller.signal.aborted) return
          own.next = window.setTimeout(() => {
            own.busy = false
            if (own.again) run()
          }, interval)
        })
    }
    if (own.busy) own.again = true
    else run()
  }, [key, tick])
  return answer
}
