/** Decoders of calls by architecture and number, each compiled when it is first needed. */
import { type ArchName, archNames } from '../record/layout.ts'
import { callName, declarationOf, unknownCall } from '../syscalls/index.ts'
import { unknownCallName } from '../syscalls/unknown-calls.ts'
import { type CallDecoder, callDecoder } from '../types/decode.ts'
import type { Seen } from '../types/decoder.ts'

export interface NamedDecoder extends CallDecoder {
  readonly name: string
  /** The number has a name. */
  readonly known: boolean
}

/** The decoders of one reader: they share a limit on what is kept of strings and buffers. */
export class CallDecoders {
  readonly #limit: number
  readonly #seen: Seen | undefined
  readonly #decoders = new Map<number, NamedDecoder>()

  /** @param seen is told where strings and buffers stand, as arguments are decoded */
  constructor(limit: number, seen?: Seen) {
    this.#limit = limit
    this.#seen = seen
  }

  get(arch: ArchName, sysno: number): NamedDecoder {
    const key = sysno * archNames.length + archNames.indexOf(arch)
    let decoder = this.#decoders.get(key)
    if (decoder === undefined) {
      const known = callName(arch, sysno)
      const compiled = callDecoder(
        known === undefined ? unknownCall : declarationOf(known, arch, sysno),
        arch,
        this.#limit,
        this.#seen,
      )
      const name = known ?? unknownCallName(sysno)
      decoder = { name, known: known !== undefined, ...compiled }
      // Numbers beyond the table are a hostile recording's to choose.
      if (known !== undefined) this.#decoders.set(key, decoder)
    }
    return decoder
  }
}
