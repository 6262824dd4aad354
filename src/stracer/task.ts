/** A thread of a kernel that runs in user space, as strace sees it. */
export interface Task {
  /** The number of its process, and its own. */
  readonly pid: number
  readonly tid: number
  /** Its name, at most 15 bytes of it are shown. */
  readonly name: string
  /** Copies memory from `address` on into `into`; returns how many bytes there were before one that cannot be read. */
  readMemory(address: number, into: Uint8Array): number
  /** What a descriptor refers to, as /proc/PID/fd tells it; undefined when it is not open. */
  fdPath(fd: number): string | undefined
  /** The working directory. */
  readonly workingDirectory: string
  /** Takes a line of the log, without an end of line. */
  log(line: string): void
}

/** A register: a number up to 2^53, or 64 bits. */
export type Register = number | bigint
