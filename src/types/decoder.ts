/** What decoders of all kinds have in common: their shape, and the bounds of one call. */
import type { Frame } from '../record/frame.ts'
import type { Bases } from './evaluate.ts'
import type { Scope } from './resolve.ts'

/** The value that stands at offset `at` of the frame's bytes. */
export type Decoder = (frame: Frame, at: number, bases: Bases) => unknown
/** The value that an address leads to; null when it could not be read. */
export type PointeeDecoder = (frame: Frame, address: number, bases: Bases) => unknown

/**
 * How a decoder came through one call. Elements are counted: arrays of arrays that all lie in the same few bytes would
 * otherwise let a small record become a value without an end.
 */
export interface Progress {
  /** Is told where strings and buffers stand in the frame. */
  readonly seen?: Seen | undefined
  /** Something was left out: a string or a buffer longer than what was copied, a list longer than what is looked at. */
  cut: boolean
  /** Elements of lists that may still be decoded. */
  left: number
}

/** What a string or a buffer is: `text` is any other string. */
export type TextRole = 'path' | 'env' | 'payload' | 'text'
export type Seen = (role: TextRole, at: number, length: number) => void

/** Elements of all lists of one call. argv and the environment, the longest that programs have, stay below. */
export const mostElements = 16384

/** What a decoder is compiled in. */
export interface DecodeScope extends Scope {
  readonly progress: Progress
  /** Bytes of strings and buffers that are kept, where they are not paths. */
  readonly limit: number
}

/** Takes `count` elements from what is left; fewer when that is all there is. */
export function takeElements(progress: Progress, count: number, most: number): number {
  const n = Math.max(0, Math.min(count, most, progress.left))
  if (n < count) progress.cut = true
  progress.left -= n
  return n
}
