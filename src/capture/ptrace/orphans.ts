/**
 * The first process of a pid namespace inherits all whose parents are gone, and that may be us (in a container, or by
 * `unshare --pid --fork`). Then the ends of such tracees are ours to take note of twice: as who traces them, and as their
 * parent. Else they stay as zombies, and a namespace inside ours cannot end.
 */
import { libc } from '../../libc/libc.ts'
import { Wait } from './ptrace-constants.ts'

/** So many ends are remembered. */
const mostKnown = 4096

export class Orphans {
  readonly #inherits: boolean = libc.getpid() === 1
  /** Processes that have ended, and are somebody's zombies still: they may become ours. */
  readonly #zombies = new Set<number>()
  /** Processes whose end may be told once more: by a wait that came before we looked for them. */
  readonly #known = new Set<number>()

  /** Whether the end of `pid`, which a wait has told of, has been told before. */
  isKnown(pid: number): boolean {
    const wasZombie = this.#zombies.delete(pid)
    return this.#known.delete(pid) || wasZombie
  }

  /** Process `pid` has ended. `isTraced` tells of numbers that live again. */
  ended(pid: number, isTraced: (pid: number) => boolean): void {
    if (!this.#inherits) return
    this.#zombies.add(pid)
    for (const other of this.#zombies) {
      const isNew = isTraced(other)
      // Children of all kinds; of all our threads, since none says otherwise.
      const reaped = !isNew && libc.wait4(other, 0, Wait.WNOHANG | Wait.WALL, 0) === other
      if (!isNew && !reaped && libc.kill(other, 0) === 0) continue
      this.#zombies.delete(other)
      if (!isNew && !reaped) this.#known.add(other)
    }
    if (this.#known.size > mostKnown) this.#known.clear()
  }
}
