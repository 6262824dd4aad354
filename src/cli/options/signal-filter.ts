/** -e signal=, and signals by name or number. */
import { signalNames } from '../../abi/signals.ts'
import { parseDigits } from '../../filters/numbers.ts'
import { Refusal } from '../../filters/refusal.ts'
import { parseValueList } from '../../filters/value-list.ts'
import type { SignalFilter } from './options.ts'

/** The first real-time signal as the kernel counts (the C library keeps the first two to itself). */
const firstRealTime = 32
export const lastSignal = 64
/** Numbers that no signal has are let through up to here, as filters may be shared between machines. */
const lastNumber = 255

const numberOf: ReadonlyMap<string, number> = new Map([
  ...signalNames.flatMap((name, number): [string, number][] =>
    name === undefined ? [] : [[name === 'SIGPOLL' ? 'SIGIO' : name, number]],
  ),
  ['SIGRTMIN', firstRealTime],
  ...Array.from({ length: lastSignal - firstRealTime }, (_, i): [string, number] => [
    `SIGRT_${i + 1}`,
    firstRealTime + 1 + i,
  ]),
])

/** The number of a signal given by number, or by name with or without SIG in either case; null where there is none. */
export function parseSignal(text: string): number | null {
  if (/^\d/.test(text)) return parseDigits(text, lastNumber)
  const name = text.toUpperCase()
  return numberOf.get(name.startsWith('SIG') ? name : 'SIG' + name) ?? null
}

/** -e signal=: which signals are shown. */
export function parseSignalFilter(text: string): SignalFilter | Refusal {
  const list = parseValueList(text, 'signal')
  if (list instanceof Refusal) return list
  const listed = new Set<number>()
  for (const value of list.values) {
    const signal = parseSignal(value)
    if (signal === null) return new Refusal(`invalid signal '${value}'`)
    listed.add(signal)
  }
  if (!list.inverted) return { all: false, signals: listed }
  if (listed.size === 0) return { all: true }
  const others = Array.from({ length: lastNumber + 1 }, (_, number) => number).filter(n => !listed.has(n))
  return { all: false, signals: new Set(others) }
}

export function choosesSignal(filter: SignalFilter, signal: number): boolean {
  return filter.all || filter.signals.has(signal)
}
