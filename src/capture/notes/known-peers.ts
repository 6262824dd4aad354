/** Whom sockets talked to, by their inodes: what was known of one is told on when its peer has gone. */
export class KnownPeers {
  readonly #unix = new Map<number, number>()
  readonly #connections = new Map<number, string>()

  /** The inode of a Unix socket's peer, `now` or before; 0 for none. */
  unix(inode: number, now: number): number {
    if (now <= 0) return this.#unix.get(inode) ?? 0
    remember(this.#unix, inode, now)
    return now
  }

  /** The addresses of both sides of a connection that there is. */
  connected(inode: number, both: string): string {
    remember(this.#connections, inode, both)
    return both
  }

  /** Those of one that has ended; undefined where they were not seen. */
  ended(inode: number): string | undefined {
    return this.#connections.get(inode)
  }
}

const mostRemembered = 4096
/** The newest are kept. */
function remember<T>(known: Map<number, T>, inode: number, what: T): void {
  if (known.get(inode) === what) return
  known.delete(inode)
  known.set(inode, what)
  if (known.size > mostRemembered) known.delete(known.keys().next().value!)
}
