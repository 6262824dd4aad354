/** Which calls are shown, by sink, switchable while a trace runs. */
import { syscallNumbers } from '../abi/syscalls.ts'
import type { CaptureOptions } from '../capture/backend.ts'
import { type ArchName, archNames } from '../record/layout.ts'

export type Sink = 'log' | 'event'

export class CallSwitches {
  /** Whether a call is shown. */
  readonly #shown: { [sink in Sink]: (call: string) => boolean }
  readonly #calls: CaptureOptions['calls']
  /** Calls outside of the capture's choice run without a stop: none can be added. */
  readonly #fixed: boolean

  /** `calls`: what the capture records; `shows`: what the options have printed. `fixed`: a filter in the kernel picks them. */
  constructor(calls: CaptureOptions['calls'], shows: (call: string) => boolean, fixed: boolean) {
    this.#calls = calls
    this.#fixed = fixed
    this.#shown = { log: shows, event: shows }
  }

  /** Whether `sink` shows a call. */
  shows(sink: Sink, call: string): boolean {
    return this.#shown[sink](call)
  }

  /**
   * Shows these calls to the sink and no others; null: all. What is wrong, or null when it is done.
   */
  set(sink: Sink, names: readonly string[] | null): string | null {
    const known = new Set(allNames())
    for (const name of names ?? []) if (!known.has(name)) return `syscall ${JSON.stringify(name)} not found`
    const missing = (names ?? []).find(name => !this.#record(name))
    if (missing !== undefined)
      return `${missing} was left out of the trace when it began: the kernel does not stop at it`
    if (names === null && !this.#fixed) for (const arch of archNames) this.#calls[arch]?.fill(1)
    const chosen = new Set(names)
    this.#shown[sink] = names === null ? () => true : call => chosen.has(call)
    return null
  }

  /** Has the capture record a call, if it can. */
  #record(name: string): boolean {
    let can = true
    for (const arch of archNames) {
      const choice = this.#calls[arch]
      const sysno = numberOf(arch, name)
      if (choice === null || sysno === undefined) continue
      if (this.#fixed && choice[sysno] === 0) can = false
      else choice[sysno] = 1
    }
    return can
  }
}

const numberOf = (arch: ArchName, name: string): number | undefined =>
  Object.hasOwn(syscallNumbers[arch], name)
    ? (syscallNumbers[arch] as { readonly [name: string]: number })[name]
    : undefined

const allNames = (): string[] => archNames.flatMap(arch => Object.keys(syscallNumbers[arch]))
