/**
 * Messages of gVisor's event channel on the wire: each is a `google.protobuf.Any`, with its length before it as an unsigned varint.
 */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { type Any, AnySchema, anyIs, anyPack, anyUnpack } from '@bufbuild/protobuf/wkt'
import { putVarint } from '../record/byte-stream.ts'
import { type Strace, StraceSchema } from './gvisor/strace_pb.ts'

/** What a message of ours is made of. */
export type StraceInit = Parameters<typeof create<typeof StraceSchema>>[1]

/** More than a call can say: what claims to be larger is no stream of events. */
const maxMessage = 1 << 24

/** A message with its frame. */
export function frameStrace(message: StraceInit): Uint8Array {
  const any = toBinary(AnySchema, anyPack(StraceSchema, create(StraceSchema, message)))
  const head: number[] = []
  putVarint(head, any.length)
  const framed = new Uint8Array(head.length + any.length)
  framed.set(head)
  framed.set(any, head.length)
  return framed
}

/** A message that arrived: a call's, or one of another kind, which only has a name. */
export type Event = { readonly strace: Strace } | { readonly other: string }

/** Takes a stream apart. */
export class EventReader {
  #rest: Uint8Array = new Uint8Array()

  /** The whole messages that are there with these bytes. Throws a RangeError on what is no stream of events: nothing after it makes sense. */
  push(bytes: Uint8Array): Event[] {
    const all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes])
    const events: Event[] = []
    let at = 0
    for (;;) {
      const frame = readFrame(all, at)
      if (frame === null) break
      events.push(decode(all.subarray(frame.from, frame.to)))
      at = frame.to
    }
    this.#rest = all.slice(at)
    return events
  }

  /** Bytes of a message that has not come to its end. */
  get pending(): number {
    return this.#rest.length
  }
}

function readFrame(bytes: Uint8Array, at: number): { from: number; to: number } | null {
  let length = 0
  for (let i = 0; ; i++) {
    const byte = bytes[at + i]
    if (byte === undefined) return null
    length += (byte & 0x7f) * 128 ** i
    if (length > maxMessage) throw new RangeError(`a message of ${length} bytes is none`)
    if (byte >= 128) continue
    const from = at + i + 1
    return from + length > bytes.length ? null : { from, to: from + length }
  }
}

function decode(bytes: Uint8Array): Event {
  let any: Any
  try {
    any = fromBinary(AnySchema, bytes)
    const strace = anyIs(any, StraceSchema) ? anyUnpack(any, StraceSchema) : undefined
    return strace === undefined ? { other: any.typeUrl } : { strace }
  } catch (error) {
    throw new RangeError(`no message: ${(error as Error).message}`)
  }
}
