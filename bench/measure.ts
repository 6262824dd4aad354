/** Runs things in turn, several times over, and takes medians. */
import { spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { Tracer } from './tracers.ts'
import type { Workload } from './workloads.ts'

/** Our own start is measured as users have it: without what the environment adds to every node. */
const environment: NodeJS.ProcessEnv = { ...process.env }
delete environment.NODE_EXTRA_CA_CERTS
delete environment.NODE_OPTIONS

/** Nanoseconds per call, or for all. Throws when the program fails. */
export function runOnce(workload: Workload, prefix: readonly string[]): number {
  if (workload.reset !== undefined)
    spawnSync(workload.reset[0]!, workload.reset.slice(1), { cwd: workload.cwd })
  const argv = [...prefix, ...workload.argv]
  const begun = performance.now()
  const { status, stdout, stderr } = spawnSync(argv[0]!, argv.slice(1), {
    cwd: workload.cwd,
    env: environment,
    encoding: 'latin1',
    maxBuffer: 1 << 28,
  })
  const elapsed = performance.now() - begun
  if (status !== 0) throw new Error(`${argv.join(' ')} ended with ${status}: ${stderr.slice(0, 500)}`)
  return workload.measure === 'per-call' ? Number(stdout) : elapsed * 1e6
}

export const median = (numbers: readonly number[]): number => {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

export interface Row {
  readonly workload: string
  readonly unit: 'µs/call' | 'ms'
  /** Medians by tracer. */
  readonly medians: { readonly [tracer: string]: number }
  readonly all: { readonly [tracer: string]: readonly number[] }
}

/** One workload under all tracers, in turn, `rounds` times. */
export function measure(workload: Workload, tracers: readonly Tracer[], rounds: number): Row {
  const scale = workload.measure === 'per-call' ? 1e3 : 1e6
  const all: { [tracer: string]: number[] } = {}
  for (let round = 0; round < rounds; round++)
    for (const { name, prefix } of tracers) (all[name] ??= []).push(runOnce(workload, prefix) / scale)
  return {
    workload: workload.name,
    unit: workload.measure === 'per-call' ? 'µs/call' : 'ms',
    medians: Object.fromEntries(Object.entries(all).map(([name, numbers]) => [name, median(numbers)])),
    all,
  }
}

/** Runs a command; its peak resident memory in bytes (all its processes but the traced program's), and its seconds. */
export async function peakMemory(argv: readonly string[]): Promise<{ bytes: number; seconds: number }> {
  const begun = performance.now()
  const child = spawn(argv[0]!, argv.slice(1), { stdio: 'ignore', env: environment })
  let bytes = 0
  const look = setInterval(() => {
    try {
      const line = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'latin1'))
      bytes = Math.max(bytes, Number(line?.[1] ?? 0) * 1024)
    } catch {
      // It has ended.
    }
  }, 50)
  const code = await new Promise(resolve => child.once('exit', resolve))
  clearInterval(look)
  if (code !== 0) throw new Error(`${argv.join(' ')} ended with ${code}`)
  return { bytes, seconds: (performance.now() - begun) / 1e3 }
}
