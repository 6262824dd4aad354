/**
 * The first process of a pid namespace inherits all whose parents are gone, and that may be us (in a container, or by
 * `unshare --pid --fork`). Then the ends of such tracees are ours to take note of twice: as who traces them, and as their
 * parent. Else they stay as zombies, and a namespace inside ours cannot end.
 */
import { libc } from './libc.ts'

const WNOHANG = 1
/** Children of all kinds; of all our threads, since none says otherwise. */
const __WALL = 0x4000_0000

export class Orphans {
  readonly #inherits: boolean = libc.getpid() === 1
  /** Processes that have ended, and may become ours. */
  readonly #ended = new Set<number>()

  /** Process `pid` has ended. `isTraced` tells of numbers that live again. */
  ended(pid: number, isTraced: (pid: number) => boolean): void {
    if (!this.#inherits) return
    this.#ended.add(pid)
    for (const other of this.#ended) {
      const remains =
        !isTraced(other) && libc.wait4(other, 0, WNOHANG | __WALL, 0) < 0 && libc.kill(other, 0) === 0
      if (!remains) this.#ended.delete(other)
    }
  }
}
