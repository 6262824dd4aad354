/** What programs may use in the kernel that runs: tried out, for version numbers say little (distributions carry features back). */
import { libc } from '../../libc/libc.ts'
import { BpfAssembler } from './bpf-assembler.ts'
import { Helper } from './bpf-constants.ts'
import { BpfError, loadBtf, loadProgram } from './bpf-syscall.ts'
import type { KernelFacts } from './kernel-facts.ts'
import { functionInfo, functionInfoBytes, programBtf } from './program-btf.ts'
import { leave } from './program-parts.ts'

export interface KernelFeatures {
  /** Numbers may be taken for pointers (bpf_rdonly_cast, Linux 6.12 for tracepoints): the registers need not be asked for. */
  readonly casts: boolean
  /** Numbers may be taken for addresses of anything (the same with no type, Linux 6.17): the kernel's structures need not be copied to be read. */
  readonly reads: boolean
  /** The kernel calls a function again and again (bpf_loop, Linux 5.17): else vectors are gone through in loops with fewer turns. */
  readonly loops: boolean
}

export const noFeatures: KernelFeatures = { casts: false, reads: false, loops: false }

export function probeKernel({ cast }: KernelFacts): KernelFeatures {
  return {
    casts: cast !== null && loads(castProbe(cast.call, cast.type)),
    reads: cast !== null && loads(castProbe(cast.call, 0)),
    loops: loads(loopProbe()),
  }
}

interface Probe {
  readonly program: BpfAssembler
  readonly functions: Parameters<typeof functionInfo>[0]
}

function castProbe(call: number, type: number): Probe {
  const a = new BpfAssembler()
  a.load(8, 'r1', 'r1', 0)
  a.mov('r2', type)
  a.callKernel(call)
  a.load(4, 'r1', 'r0', 0)
  leave(a)
  return { program: a, functions: [] }
}

function loopProbe(): Probe {
  const a = new BpfAssembler()
  const [main, body] = a.newLabels(2)
  a.label(main)
  a.mov('r1', 1)
  a.functionAddress('r2', body)
  a.mov('r3', 0)
  a.mov('r4', 0)
  a.call(Helper.loop)
  leave(a)
  a.label(body)
  leave(a)
  return {
    program: a,
    functions: [
      { name: 'plan', label: main, parameters: 1, isStatic: false },
      { name: 'body0', label: body, parameters: 2, isStatic: true },
    ],
  }
}

function loads({ program, functions }: Probe): boolean {
  const fds: number[] = []
  try {
    const base = { name: 'probe', code: program.build({}), tracepoint: null }
    if (functions.length === 0) fds.push(loadProgram(base))
    else {
      const fd = loadBtf(programBtf(functions))
      fds.push(fd)
      const btf = { fd, functions: functionInfo(functions), recordBytes: functionInfoBytes }
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
