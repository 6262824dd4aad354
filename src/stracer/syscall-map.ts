/** Names and numbers of system calls, as gVisor's tables have them. */
import { type GvisorArch, gvisorCall } from '../dialects/gvisor/eras.ts'
import { putQuoted } from '../dialects/gvisor/go-quote.ts'
import { calls } from '../dialects/gvisor/tables/calls.ts'
import { TextBuffer } from '../dialects/text-buffer.ts'

/** A name that no call has. */
export class UnknownCallError extends Error {
  override readonly name = 'UnknownCallError'
  /** The name that was asked for. */
  readonly call: string
  constructor(call: string) {
    super(`syscall ${goQuoted(call)} not found`)
    this.call = call
  }
}

function goQuoted(text: string): string {
  const out = new TextBuffer(64)
  const bytes = Buffer.from(text)
  putQuoted(out, bytes, 0, bytes.length)
  return Buffer.from(out.text()).toString()
}

/** The calls of one architecture that strace knows. */
export class SyscallMap {
  readonly arch: GvisorArch
  readonly #numbers = new Map<string, number>()

  constructor(arch: GvisorArch) {
    this.arch = arch
    for (const [sysno, [name]] of Object.entries(calls[arch]!)) this.#numbers.set(name, Number(sysno))
  }

  /** The name of a call; `sys_NUMBER` for one that is not in the map. */
  name(sysno: number): string {
    return gvisorCall(this.arch, sysno, 'head')?.name ?? `sys_${sysno}`
  }

  /** The number of a call by its exact name; undefined when there is none. */
  convertToSysno(name: string): number | undefined {
    return this.#numbers.get(name)
  }

  /**
   * The numbers of several calls; null for null.
   *
   * @throws UnknownCallError for the first name that is not in the map.
   */
  convertToSysnoMap(names: readonly string[] | null): Set<number> | null {
    if (names === null) return null
    return new Set(
      names.map(name => {
        const sysno = this.#numbers.get(name)
        if (sysno === undefined) throw new UnknownCallError(name)
        return sysno
      }),
    )
  }
}

const maps = new Map<string, SyscallMap>()

/** The map of an operating system and an architecture; undefined where there is none. There are those of linux on amd64 and arm64. */
export function lookup(os: string, arch: string): SyscallMap | undefined {
  if (os !== 'linux' || (arch !== 'amd64' && arch !== 'arm64')) return undefined
  let map = maps.get(arch)
  if (map === undefined) maps.set(arch, (map = new SyscallMap(arch)))
  return map
}
