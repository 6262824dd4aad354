/** What programs of plans are made for: the machine and its kernel, and what the options ask for. */
import type { NotePlaces } from './file-places.ts'
import type { SocketPlaces } from './kernel-facts.ts'

export interface PlanSetting {
  readonly cpus: number
  /** Bytes of a pointer. */
  readonly word: 4 | 8
  readonly dataLimit: number
  /** Copy the strings of envp. */
  readonly environment: boolean
  readonly sockets: SocketPlaces | null
  /** What is noted beside memory; null for nothing. */
  readonly notes: NoteSetting | null
  /** The kernel has loops: see KernelFeatures. */
  readonly loops: boolean
  /** The function that makes a number an address to read from: see BpfAssembler. */
  readonly cast: number | null
}

/** What is to be noted beside memory, and where the kernel has it. */
export interface NoteSetting {
  readonly places: NotePlaces
  /** What descriptors refer to; more of sockets; the processes behind pidfds. */
  readonly descriptors: boolean
  readonly sockets: boolean
  readonly pidfds: boolean
  /** Ids of processes, for the thread that reads to look up. */
  readonly pids: boolean
}
