/** All that a capture has in the kernel: maps, programs and their attachments, and its end. */
import { openSync, readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import type { CaptureOptions } from '../backend.ts'
import { libc } from '../ptrace/libc.ts'
import { type Assembled, type BpfAssembler, withMaps } from './bpf-assembler.ts'
import {
  addToMap,
  attachTracepoint,
  BpfError,
  createMap,
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
  Control,
  callNumbers,
  controlBytes,
  exitItself,
  Lost,
  type MapName,
  mostThreads,
  Near,
  nearBytes,
  placeOf,
  scratchBytes,
  ThreadState,
} from './capture-layout.ts'
import { enterProgram } from './enter-program.ts'
import { prepareExecProgram } from './exec-program.ts'
import { exitProgram } from './exit-program.ts'
import { rootProgram } from './file-function.ts'
import type { KernelFacts, Tracepoint } from './kernel-facts.ts'
import { type KernelFeatures, probeKernel } from './kernel-features.ts'
import {
  endProgram,
  execProgram,
  forkProgram,
  renameProgram,
  sentProgram,
  signalProgram,
} from './life-programs.ts'

export interface KernelSideOptions {
  readonly follow: boolean
  readonly signals: boolean
  readonly ringBytes: number
  readonly outcomes?: CaptureOptions['outcomes']
  readonly systemTime?: boolean
  /** The directory of a control group whose processes are traced. */
  readonly cgroup?: string | undefined
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
  /** The places of threads. */
  readonly #near: MappedMemory
  readonly #fds: number[] = []
  /** Programs that are loaded, and where each is to be attached; null: to the tracepoint that it was loaded for. */
  readonly #attachments: {
    readonly program: number
    readonly tracepoint: string | null
    readonly isOptional?: boolean
  }[] = []

  /** Makes the maps. Throws BpfError. */
  constructor(facts: KernelFacts, { ringBytes, features, outcomes, systemTime, cgroup }: KernelSideOptions) {
    this.facts = facts
    const cpus = possibleCpus()
    this.setting = {
      facts,
      cpus,
      features: features ?? probeKernel(facts),
      systemTime: systemTime === true,
      adopts: cgroup === undefined ? null : { butNot: process.pid },
      outcomes: outcomes ?? { successful: true, failed: true },
    }
    this.ringBytes = ringBytes
    const make = (...args: Parameters<typeof createMap>): number => {
      const fd = createMap(...args)
      this.#fds.push(fd)
      return fd
    }
    const plans = (name: string, phases: number): number =>
      make(name, {
        type: 'BPF_MAP_TYPE_PROG_ARRAY',
        keyBytes: 4,
        valueBytes: 4,
        entries: 2 * callNumbers * phases + 1,
      })
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
        enterPlans: plans('enter_plans', 1),
        exitPlans: plans('exit_plans', 2),
      }
      if (cgroup !== undefined) {
        const group = this.own(openSync(cgroup, 'r'))
        updateMap(this.maps.cgroups, 0, group, 4)
      }
      this.control = mapMemory(this.maps.control, controlBytes(cpus), 0, true)
      this.#near = mapMemory(this.maps.near, nearBytes, 0, true)
    } catch (error) {
      this.close()
      throw error
    }
  }

  /** Loads a program; its descriptor lives as long as this. */
  load(name: string, program: Assembled, tracepoint: Tracepoint | null, btf?: Program['btf']): number {
    return this.own(loadProgram(this.#program(name, program, tracepoint, btf)))
  }

  /** The same in another thread, of a program that is for no tracepoint of its own. */
  async loadAside(name: string, program: Assembled, btf: Program['btf']): Promise<number> {
    return this.own(await loadProgramAside(this.#program(name, program, null, btf)))
  }

  #program(name: string, program: Assembled, tracepoint: Tracepoint | null, btf?: Program['btf']): Program {
    return {
      name,
      code: withMaps(program, this.maps),
      tracepoint: tracepoint === null ? null : this.facts.types[tracepoint],
      ...(btf === undefined ? {} : { btf }),
    }
  }

  /** Closes a descriptor together with all others. */
  own(fd: number): number {
    this.#fds.push(fd)
    return fd
  }

  /** Loads all but the plans' programs, so that `attach` has little to do; with the one at sys_enter, where any call is seen there. */
  prepare({ follow, signals }: KernelSideOptions, enters: boolean): void {
    const { setting } = this
    const programs: [Tracepoint, BpfAssembler][] = [
      ['sched_process_exit', endProgram(setting)],
      ['sched_process_exec', execProgram(setting)],
      ['task_rename', renameProgram(setting)],
    ]
    if (follow) programs.unshift(['sched_process_fork', forkProgram(setting)])
    if (signals)
      programs.push(['signal_deliver', signalProgram(setting)], ['signal_generate', sentProgram(setting)])
    for (const [tracepoint, program] of programs)
      this.#attachments.push({
        program: this.load(tracepoint, program.assemble(), tracepoint),
        tracepoint: null,
      })
    if (this.facts.notes !== null) {
      // A kernel that does not run it for us shows paths as from its own root.
      try {
        runProgram(this.load('root', rootProgram(this.facts.notes.files).assemble(), null), [0, 0])
      } catch (error) {
        if (!(error instanceof BpfError)) throw error
      }
    }
    // The programs of a call: what one does at its enter, another may do again at its exit, so that they are of one type.
    const exit = this.load('sys_exit', exitProgram(setting).assemble(), null)
    updateMap(this.maps.exitPlans, exitItself, exit, 4)
    this.#attachments.push({ program: exit, tracepoint: 'sys_exit' })
    if (!enters) return
    const enter = this.load('sys_enter', enterProgram(setting).assemble(), null)
    const prepare = this.load('prepare_exec', prepareExecProgram(setting).assemble(), null)
    this.#attachments.push({ program: enter, tracepoint: 'sys_enter' })
    // Older kernels have no such tracepoint.
    this.#attachments.push({ program: prepare, tracepoint: 'sched_prepare_exec', isOptional: true })
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
