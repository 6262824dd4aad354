/** What is known of processes, each of which begins as what it was forked from. */
export class ByProcess<T> {
  protected readonly known: Map<number, T> = new Map()

  inherit(pid: number, parent: number | undefined): void {
    const of = parent === undefined ? undefined : this.known.get(parent)
    if (of !== undefined) this.known.set(pid, of)
  }

  forget(pid: number): void {
    this.known.delete(pid)
  }
}
