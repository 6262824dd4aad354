/** All that a capture has in the kernel: maps, programs and their attachments, and its end. */
import { openSync, readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { libc } from '../../libc/libc.ts'
import type { CaptureOptions } from '../backend.ts'
import { withMaps } from './bpf-assembler.ts'
import {
  addToMap,
  attachTracepoint,
  BpfError,
  createMap,
  keysOf,
  loadBtf,
  loadProgram,
  loadProgramAside,
  lookUp,
  type MappedMemory,
  mapMemory,
  type Program,
  runProgram,
  updateMap,
} from './bpf-syscall.ts'
import type { ProgramSetting } from './call-programs.ts'
import {
  CallChoice,
  type CallPhase,
  Control,
  controlBytes,
  Lost,
  type MapName,
  mostThreads,
  Near,
  nearBytes,
  otherCall,
  ProgramIndex,
  placeOf,
  scratchBytes,
  ThreadState,
} from './capture-layout.ts'
import type { KernelFacts, Tracepoint } from './kernel-facts.ts'
import { type KernelFeatures, probeKernel } from './kernel-features.ts'
import type { PackedProgram } from './packed-programs.ts'
import { functionInfoBytes } from './program-btf.ts'
import { createWaits } from './ring-hold.ts'
import type { TracingProgram } from './tracing-programs.ts'

export interface KernelSideOptions {
  readonly ringBytes: number
  readonly outcomes?: CaptureOptions['outcomes']
  readonly systemTime?: boolean
  /** The directory of a control group whose processes are traced. */
  readonly cgroup?: string | undefined
  /** Programs hold threads once so large a part of the ring is full; by default nobody does. */
  readonly holdAbove?: number | undefined
  /** Takes for granted what the kernel can do, in place of asking it; for tests. */
  readonly features?: KernelFeatures | undefined
}

export class KernelSide {
  readonly facts: KernelFacts
  readonly setting: ProgramSetting
  readonly maps: { readonly [name in MapName]: number }
  readonly ringBytes: number
  /** Memory that programs look at and count in. */
  readonly control: MappedMemory
  /** `CallChoice`s, as numbers of 16 bits. */
  readonly #choices: Uint16Array
  /** The places of threads. */
  readonly #near: MappedMemory
  readonly #fds: number[] = []
  /** Types of functions, by what they are: most programs of plans have the same ones. */
  readonly #types = new Map<string, number>()
  /** Programs that are loaded, and where each is to be attached; null: to the tracepoint that it was loaded for. */
  readonly #attachments: {
    readonly program: number
    readonly tracepoint: string | null
    readonly isOptional?: boolean | undefined
  }[] = []

  /** Makes the maps. Throws BpfError. */
  constructor(facts: KernelFacts, options: KernelSideOptions) {
    const { ringBytes, features, outcomes, systemTime, cgroup, holdAbove } = options
    this.facts = facts
    const cpus = possibleCpus()
    this.setting = {
      facts,
      cpus,
      features: features ?? probeKernel(facts),
      holds: holdAbove !== undefined,
      systemTime: systemTime === true,
      adopts: cgroup !== undefined,
      outcomes: outcomes ?? { successful: true, failed: true },
    }
    this.ringBytes = ringBytes
    const make = (...args: Parameters<typeof createMap>): number => this.own(createMap(...args))
    try {
      this.maps = {
        ring: make('ring', { type: 'BPF_MAP_TYPE_RINGBUF', entries: ringBytes }),
        control: make('control', {
          type: 'BPF_MAP_TYPE_ARRAY',
          keyBytes: 4,
          valueBytes: controlBytes(cpus),
          entries: 1,
          flags: ['BPF_F_MMAPABLE'],
        }),
        scratch: make('scratch', {
          type: 'BPF_MAP_TYPE_ARRAY',
          keyBytes: 4,
          valueBytes: scratchBytes,
          entries: cpus,
        }),
        near: make('near', {
          type: 'BPF_MAP_TYPE_ARRAY',
          keyBytes: 4,
          valueBytes: nearBytes,
          entries: 1,
          flags: ['BPF_F_MMAPABLE'],
        }),
        threads: make('threads', {
          type: 'BPF_MAP_TYPE_HASH',
          keyBytes: 4,
          valueBytes: ThreadState.bytes,
          entries: mostThreads,
        }),
        cgroups: make('cgroups', {
          type: 'BPF_MAP_TYPE_CGROUP_ARRAY',
          keyBytes: 4,
          valueBytes: 4,
          entries: 1,
        }),
        programs: make('programs', {
          type: 'BPF_MAP_TYPE_PROG_ARRAY',
          keyBytes: 4,
          valueBytes: 4,
          entries: ProgramIndex.end,
        }),
        // Without it no program names it.
        waits: this.setting.holds && this.setting.features.waits ? this.own(createWaits()) : -1,
      }
      if (cgroup !== undefined) {
        const group = this.own(openSync(cgroup, 'r'))
        updateMap(this.maps.cgroups, 0, group, 4)
      }
      this.control = mapMemory(this.maps.control, controlBytes(cpus), 0, true)
      const { buffer } = this.control
      this.#choices = new Uint16Array(buffer, Control.choices, ((otherCall + 1) * CallChoice.bytes) / 2)
      new Uint32Array(buffer, Control.reader, 1)[0] = process.pid
      new BigUint64Array(buffer, Control.holdAbove, 1)[0] = BigInt(Math.round((holdAbove ?? 1) * ringBytes))
      this.#near = mapMemory(this.maps.near, nearBytes, 0, true)
    } catch (error) {
      this.close()
      throw error
    }
  }

  /** Says how a call is seen, or which plan it has. */
  setChoice(number: number, what: 'how' | CallPhase, value: number): void {
    this.#choices[(number * CallChoice.bytes + CallChoice[what]) / 2] = value
  }

  /** Loads a program; its descriptor lives as long as this. */
  load(name: string, program: PackedProgram, tracepoint: Tracepoint | null): number {
    return this.own(loadProgram(this.#program(name, program, tracepoint)))
  }

  /** The same in another thread. */
  async loadAside(name: string, program: PackedProgram, tracepoint: Tracepoint | null): Promise<number> {
    return this.own(await loadProgramAside(this.#program(name, program, tracepoint)))
  }

  #program(name: string, program: PackedProgram, tracepoint: Tracepoint | null): Program {
    const btf = this.#functionTypes(program)
    return {
      name,
      code: withMaps(program, this.maps),
      tracepoint: tracepoint === null ? null : this.facts.types[tracepoint],
      ...(btf === undefined ? {} : { btf }),
    }
  }

  #functionTypes({ types, functions }: PackedProgram): Program['btf'] {
    if (types === undefined || functions === undefined || types.length === 0) return undefined
    const key = types.toString('latin1')
    let fd = this.#types.get(key)
    if (fd === undefined) this.#types.set(key, (fd = this.own(loadBtf(types))))
    return { fd, functions, recordBytes: functionInfoBytes }
  }

  /** Closes a descriptor together with all others. */
  own(fd: number): number {
    this.#fds.push(fd)
    return fd
  }

  /**
   * Loads all but the plans' programs, so that `attach` has little to do; whether the kernel took them all. When it fails nothing is being
   * loaded any more, and nothing to be attached.
   */
  async prepare(programs: readonly TracingProgram[]): Promise<boolean> {
    const loads = programs.map(program => {
      const own = program.runs === 'own' ? (program.name as Tracepoint) : null
      return this.loadAside(program.name, program, own)
    })
    const loaded = await Promise.allSettled(loads)
    loaded.forEach((load, i) => {
      if (load.status === 'fulfilled') return
      // Without what runs once paths are shown as from the kernel's own root.
      if (programs[i]!.runs !== 'once' || !(load.reason instanceof BpfError)) throw load.reason
    })
    programs.forEach(({ name, runs, isOptional }, i) => {
      const load = loaded[i]!
      if (load.status === 'rejected') return
      const program = load.value
      if (name === 'sys_exit') updateMap(this.maps.programs, ProgramIndex.exitItself, program, 4)
      if (runs === 'once') runOnce(program)
      else this.#attachments.push({ program, tracepoint: runs === 'own' ? null : name, isOptional })
    })
    return loaded.every(({ status }) => status === 'fulfilled')
  }

  /** Has the programs follow the threads in `threads` from now on. */
  attach(): void {
    for (const { program, tracepoint, isOptional } of this.#attachments.splice(0))
      try {
        this.own(attachTracepoint(program, tracepoint))
      } catch (error) {
        if (isOptional !== true || !(error instanceof BpfError)) throw error
      }
  }

  /** Has a thread traced. */
  add(tid: number): void {
    const place = this.#place(tid)
    if (place[Near.tid / 4] === tid) return
    if (addToMap(this.maps.threads, placeOf(tid), ThreadState.bytes)) place[Near.tid / 4] = tid
    else {
      place[Near.crowded / 4] = 1
      updateMap(this.maps.threads, tid, 0, ThreadState.bytes)
    }
  }

  /** Whether a thread is traced still. */
  isTraced(tid: number): boolean {
    if (this.#place(tid)[Near.tid / 4] === tid) return true
    return lookUp(this.maps.threads, tid, ThreadState.bytes) !== undefined
  }

  /** Threads that are traced now, as programs know them: the reader hears of new ones only when it comes to their parents' events. */
  threads(): number[] {
    const places = new Uint32Array(this.#near.buffer, 0, nearBytes / 4)
    const found: number[] = []
    let isCrowded = false
    for (let at = 0; at < places.length; at += Near.bytes / 4) {
      const tid = places[at + Near.tid / 4]!
      if (tid !== 0) found.push(tid)
      if (places[at + Near.crowded / 4] !== 0) isCrowded = true
    }
    if (!isCrowded) return found
    return found.concat(keysOf(this.maps.threads, mostThreads).filter(key => key < placeOf(0)))
  }

  #place(tid: number): Uint32Array {
    return new Uint32Array(this.#near.buffer, (tid & (Near.places - 1)) * Near.bytes, Near.bytes / 4)
  }

  /** How many calls, or events of threads, had no room so far. */
  lost(what: 'calls' | 'events'): number {
    const words = Lost.bytes / 8
    const counts = new BigUint64Array(this.control.buffer, Control.lost, words * this.setting.cpus)
    let sum = 0
    for (let i = Lost[what] / 8; i < counts.length; i += words) sum += Number(counts[i]!)
    return sum
  }

  /** Detaches and frees everything. The memory of `control` must not be looked at any more. */
  close(): void {
    for (const fd of this.#fds.splice(0).reverse()) libc.close(fd)
    this.control?.unmap()
    this.#near?.unmap()
  }
}

/** A kernel that does not run it for us does without: paths are shown as from its own root. */
function runOnce(program: number): void {
  try {
    runProgram(program, [0, 0])
  } catch (error) {
    if (!(error instanceof BpfError)) throw error
  }
}

/** CPUs are numbered below this, also those that may be plugged in yet. */
function possibleCpus(): number {
  try {
    const last = /(\d+)\s*$/.exec(readFileSync('/sys/devices/system/cpu/possible', 'latin1'))?.[1]
    if (last !== undefined) return Number(last) + 1
  } catch {
    // No /sys.
  }
  return Math.max(cpus().length, 1)
}
