/** What the launcher (./sysglass) noted before node changed it: argv and environment byte for byte, descriptors, signals, limits. */
import { readFileSync } from 'node:fs'
import type { Inherited } from '../capture/backend.ts'

export interface StartContext {
  /** What the command was called as: messages begin with it. */
  readonly argv0: string
  /** Arguments after it, latin1: one char is one byte. */
  readonly words: readonly string[]
  /** `NAME=value`, latin1, as we were given it. */
  readonly environment: readonly string[]
  /** Absent when we were not started by the launcher. */
  readonly inherited?: Inherited
  /** With -D, in the second run: the process that becomes the program, and the descriptor that it waits at. */
  readonly waiting?: { readonly pid: number; readonly gate: number }
}

/** Reads the context. Also takes the launcher's variables out of our own environment. */
export function readStartContext(): StartContext {
  const noted = process.env.SYSGLASS_START
  const argv0 = process.env.SYSGLASS_ARGV0 ?? process.argv[1] ?? 'sysglass'
  delete process.env.SYSGLASS_START
  delete process.env.SYSGLASS_ARGV0
  const waits = /^(\d+) (\d+)$/.exec(process.env.SYSGLASS_WAITING ?? '')
  const waiting = waits === null ? {} : { waiting: { pid: Number(waits[1]), gate: Number(waits[2]) } }
  delete process.env.SYSGLASS_WAITING
  const given = process.argv.slice(2)
  const all = ownStrings('cmdline') ?? given.map(latin1)
  const words = given.length > 0 ? all.slice(-given.length) : []
  const environ = ownStrings('environ') ?? Object.entries(process.env).map(([k, v]) => latin1(`${k}=${v}`))
  const own = environ.filter(v => !/^SYSGLASS_(START|ARGV0|WAITING)=/.test(v))
  if (!noted) return { argv0, words, environment: own, ...waiting }
  const [fds = '', signals = '', rest = ''] = noted.split(';')
  const [ignored = 0n, blocked = 0n, pending = 0n, shared = 0n] = signals.trim().split(/\s+/).map(mask)
  const [soft = '', hard = '', od = '', ...dump] = rest.split('\n')
  return {
    argv0,
    words,
    ...waiting,
    environment:
      od === ''
        ? own
        : nulSeparated(Buffer.from(dump.join('').replaceAll(' ', ''), 'hex').toString('latin1')),
    inherited: {
      fds: fds
        .trim()
        .split(/\s+/)
        .filter(f => f !== '')
        .map(Number),
      ignoredSignals: ignored.toString(),
      blockedSignals: blocked.toString(),
      pendingSignals: (pending | shared).toString(),
      nofile: limit(soft, hard),
    },
  }
}

/** What /proc has of us, byte for byte; undefined where there is no /proc. */
function ownStrings(file: 'cmdline' | 'environ'): string[] | undefined {
  try {
    return nulSeparated(readFileSync(`/proc/self/${file}`, 'latin1'))
  } catch {
    return undefined
  }
}

const latin1 = (text: string): string => Buffer.from(text).toString('latin1')

/** A mask in hexadecimal; 0 when it is none. */
const mask = (hex: string): bigint => (/^[0-9a-f]+$/.test(hex) ? BigInt(`0x${hex}`) : 0n)

const nulSeparated = (text: string): string[] => {
  const parts = text.split('\0')
  if (parts.at(-1) === '') parts.pop()
  return parts
}

function limit(soft: string, hard: string): Inherited['nofile'] {
  const number = (text: string): number =>
    text.trim() === 'unlimited' ? Number.POSITIVE_INFINITY : Number(text)
  const [s, h] = [number(soft), number(hard)]
  return Number.isInteger(s) && Number.isInteger(h) ? { soft: s, hard: h } : null
}
