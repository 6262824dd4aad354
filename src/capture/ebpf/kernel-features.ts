/** What programs may use in the kernel that runs: tried out, for version numbers say little (distributions carry features back). */
import { libc } from '../../libc/libc.ts'
import { BpfAssembler, withMaps } from './bpf-assembler.ts'
import { Helper } from './bpf-constants.ts'
import { BpfError, createMap, loadBtf, loadProgram } from './bpf-syscall.ts'
import { Control } from './capture-layout.ts'
import type { KernelFacts } from './kernel-facts.ts'
import { packed } from './packed-programs.ts'
import { functionInfoBytes, type ProgramWithFunctions } from './program-btf.ts'
import { leave } from './program-parts.ts'
import { createWaits, RingHold } from './ring-hold.ts'

export interface KernelFeatures {
  /** Numbers may be taken for pointers (bpf_rdonly_cast, Linux 6.12 for tracepoints): the registers need not be asked for. */
  readonly casts: boolean
  /** Numbers may be taken for addresses of anything (the same with no type, Linux 6.17): the kernel's structures need not be copied to be read. */
  readonly reads: boolean
  /** The kernel calls a function again and again (bpf_loop, Linux 5.17): else vectors are gone through in loops with fewer turns. */
  readonly loops: boolean
  /** Threads run functions of programs before they go on (bpf_task_work, Linux 6.18): so they can be held: see ring-hold.ts. */
  readonly waits: boolean
}

export const noFeatures: KernelFeatures = { casts: false, reads: false, loops: false, waits: false }

export function probeKernel(facts: KernelFacts): KernelFeatures {
  const { cast } = facts
  return {
    casts: cast !== null && loads(castProbe(cast.call, cast.type)),
    reads: cast !== null && loads(castProbe(cast.call, 0)),
    loops: loads(loopProbe()),
    waits: facts.taskWork !== null && holds(facts),
  }
}

function castProbe(call: number, type: number): ProgramWithFunctions {
  const a = new BpfAssembler()
  a.load(8, 'r1', 'r1', 0)
  a.mov('r2', type)
  a.callKernel(call)
  a.load(4, 'r1', 'r0', 0)
  leave(a)
  return { program: a, functions: [] }
}

function loopProbe(): ProgramWithFunctions {
  const a = new BpfAssembler()
  const body = a.newLabel()
  a.mov('r1', 1)
  a.functionAddress('r2', body)
  a.mov('r3', 0)
  a.mov('r4', 0)
  a.call(Helper.loop)
  leave(a)
  a.label(body)
  leave(a)
  return { program: a, functions: [{ name: 'body0', label: body, parameters: 2, isStatic: true }] }
}

/** Whether the kernel takes programs that hold threads: that its function is there is not all. */
function holds(facts: KernelFacts): boolean {
  const fds: number[] = []
  const own = (fd: number): number => {
    fds.push(fd)
    return fd
  }
  try {
    const maps = {
      ring: own(createMap('ring', { type: 'BPF_MAP_TYPE_RINGBUF', entries: libc.getpagesize() })),
      control: own(
        createMap('control', {
          type: 'BPF_MAP_TYPE_ARRAY',
          keyBytes: 4,
          valueBytes: Control.choices,
          entries: 1,
        }),
      ),
      waits: own(createWaits()),
    }
    const a = new BpfAssembler()
    const hold = new RingHold(a, {
      facts,
      holds: true,
      features: { ...noFeatures, loops: true, waits: true },
    })
    hold.checkAlone()
    leave(a)
    return loads({ program: a, functions: hold.emit() }, maps)
  } catch (error) {
    if (error instanceof BpfError) return false
    throw error
  } finally {
    for (const fd of fds) libc.close(fd)
  }
}

function loads(probe: ProgramWithFunctions, maps: { readonly [name: string]: number } = {}): boolean {
  const fds: number[] = []
  try {
    const program = packed(probe)
    const base = { name: 'probe', code: withMaps(program, maps), tracepoint: null }
    if (program.types === undefined || program.functions === undefined) fds.push(loadProgram(base))
    else {
      const fd = loadBtf(program.types)
      fds.push(fd)
      const btf = { fd, functions: program.functions, recordBytes: functionInfoBytes }
      fds.push(loadProgram({ ...base, btf }))
    }
    return true
  } catch (error) {
    if (error instanceof BpfError) return false
    throw error
  } finally {
    for (const fd of fds) libc.close(fd)
  }
}
