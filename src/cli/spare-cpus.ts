/** Whether the machine has CPU time that nobody wants: what can be done well or quickly is done well then. */
import { closeSync, openSync, readSync } from 'node:fs'

/** Ticks of the clock, in ms: the kernel tells user space of hundredths of a second, whatever its own are. */
const tick = 10
/** Less than so many ms say little, with such a clock. */
const shortest = 100
/** So much of one CPU must have had nothing to do. */
const enough = 0.25
/** The first line of /proc/stat: "cpu", then ticks of user, nice, system, idle and iowait. */
const [idle, iowait] = [4, 5]
const longestLine = 256

export class SpareCpus {
  #since = performance.now()
  #ticks = idleTicks()
  #areThere = true

  /** Whether there was some since this was asked last. Before there is much to go by, there is. */
  areThere(): boolean {
    const now = performance.now()
    const passed = now - this.#since
    if (passed < shortest) return this.#areThere
    const ticks = idleTicks()
    this.#areThere = (ticks - this.#ticks) * tick >= enough * passed
    this.#since = now
    this.#ticks = ticks
    return this.#areThere
  }
}

/** For how long all CPUs together had nothing to do; always more where nobody tells. */
function idleTicks(): number {
  try {
    const bytes = Buffer.alloc(longestLine)
    const fd = openSync('/proc/stat', 'r')
    try {
      const words = bytes.toString('latin1', 0, readSync(fd, bytes)).split(/\s+/, iowait + 1)
      return Number(words[idle]) + Number(words[iowait])
    } finally {
      closeSync(fd)
    }
  } catch {
    return performance.now() / tick
  }
}
