import { errnoNames } from '../../abi/errno.ts'
import { parseCount, parseDuration, parseUnsigned64 } from '../../filters/numbers.ts'
import { Refusal } from '../../filters/refusal.ts'
import { syscallClasses } from '../../filters/syscall-classes.ts'
import { type CallTables, parseSyscallFilter } from '../../filters/syscall-filter.ts'
import type { Injection, InjectionOccurrence, Poke } from './options.ts'
import { lastSignal, parseSignal } from './signal-filter.ts'

type Warn = (message: string) => void

type Effects = { -readonly [Key in keyof Omit<Injection, 'calls' | 'action'>]: Injection[Key] }

const always: InjectionOccurrence = { first: 1, last: null, step: 1 }
const noEffects: Effects = {
  error: null,
  retval: null,
  signal: null,
  syscall: null,
  delayEnter: null,
  delayExit: null,
  pokeEnter: [],
  pokeExit: [],
  when: always,
}

const maxErrno = 4095
const enosys = 38

/**
 * -e inject=calls:effect:effect... and -e fault=, which can only fail and does so with ENOSYS if not told otherwise.
 * What is odd without being wrong goes to `warn`.
 */
export function parseInjection(
  text: string,
  kind: 'inject' | 'fault',
  calls: CallTables,
  warn: Warn,
): Injection | Refusal {
  const colon = text.indexOf(':')
  const set = colon === -1 ? text : text.slice(0, colon)
  const action = colon === -1 ? '' : text.slice(colon + 1)
  if (set === '') return new Refusal("invalid system call ''")
  // A wrong effect is told before a wrong call, and that before the lack of any effect.
  const invalid = new Refusal(`invalid ${kind} argument '${text}'`)
  const effects = parseEffects(action, kind, calls, warn)
  if (effects === 'invalid') return invalid
  if (kind === 'fault') effects.error ??= enosys
  const { error, retval, signal, delayEnter, delayExit, pokeEnter, pokeExit } = effects
  const some = [error, retval, signal, delayEnter, delayExit].some(effect => effect !== null)
  const nothing = !some && pokeEnter === noEffects.pokeEnter && pokeExit === noEffects.pokeExit
  const filter = parseSyscallFilter(set, calls)
  if (filter instanceof Refusal) return filter
  return nothing ? invalid : { calls: filter, action, ...effects }
}

function parseEffects(
  action: string,
  kind: 'inject' | 'fault',
  calls: CallTables,
  warn: Warn,
): Effects | 'invalid' {
  const effects: Effects = { ...noEffects }
  for (const item of action.split(':')) {
    if (item === '') continue
    const equals = item.indexOf('=')
    const name = equals === -1 ? '' : item.slice(0, equals)
    const value = item.slice(equals + 1)
    if (kind === 'fault' && !['error', 'syscall', 'when'].includes(name)) return 'invalid'
    if (!applyEffect(effects, name, value, calls, warn)) return 'invalid'
  }
  return effects
}

/** Whether the effect makes sense; each but `when` can be given once. */
function applyEffect(effects: Effects, name: string, value: string, calls: CallTables, warn: Warn): boolean {
  switch (name) {
    case 'error':
      if (effects.error !== null || effects.retval !== null) return false
      effects.error = parseErrno(value)
      return effects.error !== null
    case 'retval':
      if (effects.error !== null || effects.retval !== null) return false
      effects.retval = parseUnsigned64(value)
      if (effects.retval !== null) warnOfResult(effects.retval, warn)
      return effects.retval !== null
    case 'signal':
      if (effects.signal !== null) return false
      effects.signal = parseSignal(value)
      return effects.signal !== null && effects.signal > 0 && effects.signal <= lastSignal
    case 'syscall':
      if (effects.syscall !== null) return false
      effects.syscall = value
      return syscallClasses['%pure'].includes(value) && calls.wide.numbers.has(value)
    case 'delay_enter':
      if (effects.delayEnter !== null) return false
      effects.delayEnter = parseDuration(value)
      return effects.delayEnter !== null
    case 'delay_exit':
      if (effects.delayExit !== null) return false
      effects.delayExit = parseDuration(value)
      return effects.delayExit !== null
    case 'poke_enter':
    case 'poke_exit': {
      const key = name === 'poke_enter' ? 'pokeEnter' : 'pokeExit'
      const pokes = effects[key] === noEffects[key] ? parsePokes(value) : null
      if (pokes !== null) effects[key] = pokes
      return pokes !== null
    }
    case 'when': {
      const when = parseOccurrence(value)
      if (when !== null) effects.when = when
      return when !== null
    }
    default:
      return false
  }
}

function parseErrno(text: string): number | null {
  const number = parseCount(text, maxErrno)
  if (number !== null) return number === 0 ? null : number
  const named = errnoNames.indexOf(text.toUpperCase())
  return named > 0 ? named : null
}

/** A result that the program takes for an error is hardly what was meant; nor is half of one. */
function warnOfResult(value: bigint, warn: Warn): void {
  const errorIn = (result: bigint, bits: 32 | 64) => Number(BigInt.asUintN(bits, -result))
  const error = errorIn(value, 64)
  const clipped = BigInt.asUintN(32, value)
  const error32 = errorIn(clipped, 32)
  if (error > 0 && error <= maxErrno) {
    warn(`Inadvertent injection of error ${error} is possible for retval=${value}`)
  } else if (error32 > 0 && error32 <= maxErrno) {
    warn(`Inadvertent injection of error ${error32} is possible in compat personality for retval=${value}`)
  } else if (clipped !== value) {
    warn(`Injected return value ${value} will be clipped to ${clipped} in compat personality`)
  }
}

/** What is to be written, in hexadecimal. */
const longestPoke = 2048

/** `@arg1=00ff,@arg2=...`: each argument once. */
function parsePokes(text: string): readonly Poke[] | null {
  if (text === '') return null
  const pokes: Poke[] = []
  for (const item of text.split(',')) {
    if (item === '') continue
    const parts = /^@arg([1-7])=(?:0[xX])?((?:[\da-fA-F]{2})*)$/.exec(item)
    if (parts === null || item.endsWith('=') || item.length > '@arg1='.length + longestPoke) return null
    const argument = Number(parts[1])
    if (pokes.some(poke => poke.argument === argument)) return null
    pokes.push({ argument, data: Uint8Array.from(Buffer.from(parts[2]!, 'hex')) })
  }
  return pokes
}

const maxOccurrence = 65535

/** `first`, `first..last`, with `+` or `+step` for the calls after the first. */
function parseOccurrence(text: string): InjectionOccurrence | null {
  const parts = /^([^.+]*|[ \t-\r]*\+[^.+]*)(?:\.\.([^.+]*|[ \t-\r]*\+[^.+]*))?(?:\+(.*))?$/s.exec(text)
  if (parts === null) return null
  const first = parseCount(parts[1]!, maxOccurrence)
  const last = parts[2] === undefined ? null : parseCount(parts[2], maxOccurrence - 1)
  const step = parts[3] === undefined || parts[3] === '' ? 1 : parseCount(parts[3], maxOccurrence)
  if (!first || !step || (parts[2] !== undefined && (last === null || last < first))) return null
  if (parts[2] === undefined && parts[3] === undefined) return { first, last: first, step: 1 }
  return { first, last, step }
}
