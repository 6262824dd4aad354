/** Who traces in the benchmarks: nobody, strace, strace on one CPU, perf trace, sysglass by ptrace and by eBPF. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface Tracer {
  readonly name: string
  /** What comes before the program's own words. */
  readonly prefix: readonly string[]
}

export const sysglass: string = join(fileURLToPath(new URL('..', import.meta.url)), 'sysglass')

const has = (command: string, ...args: string[]): boolean => spawnSync(command, args).status === 0

/** All that this machine has, untraced first. What is missing is said on stderr. */
export function findTracers(): Tracer[] {
  const tracers: Tracer[] = [{ name: 'untraced', prefix: [] }]
  const offer = (name: string, there: boolean, prefix: readonly string[]): void => {
    if (there) tracers.push({ name, prefix })
    else process.stderr.write(`bench: ${name} is not on this machine: left out\n`)
  }
  const strace = has('strace', '-V')
  offer('strace -f', strace, ['strace', '-f', '-o', '/dev/null'])
  offer('strace, one CPU', strace && has('taskset', '-V'), [
    'taskset',
    '-c',
    '0',
    'strace',
    '-f',
    '-o',
    '/dev/null',
  ])
  offer('perf trace', has('perf', 'trace', '-o', '/dev/null', 'true'), ['perf', 'trace', '-o', '/dev/null'])
  tracers.push({ name: 'sysglass -f', prefix: [sysglass, '-f', '-o', '/dev/null'] })
  offer('sysglass, eBPF', hasEbpf(), [sysglass, '-f', ...ebpf, '-o', '/dev/null'])
  offer('eBPF, exits alone', hasEbpf(), [sysglass, '-f', ...ebpf, ...exitsAlone, '-o', '/dev/null'])
  return tracers
}

/** Into a recording: that is what is fast enough for it. */
const ebpf = ['--backend=ebpf', '--format=recording']
/** What costs least: no entry times, nothing of descriptors. */
export const exitsAlone: readonly string[] = ['--entry-times=no', '--decode-fds=none']
const hasEbpf = (): boolean => has(sysglass, ...ebpf, '-o', '/dev/null', 'true')

/** Tracers that were asked for one call which the program makes only as it starts. */
export function filteringTracers(): Tracer[] {
  const filter = ['-f', '-o', '/dev/null', '-e', 'trace=chdir']
  return [
    { name: 'untraced', prefix: [] },
    ...(has('strace', '-V')
      ? [
          { name: 'strace -f', prefix: ['strace', ...filter] },
          { name: 'strace --seccomp-bpf', prefix: ['strace', '--seccomp-bpf', ...filter] },
        ]
      : []),
    { name: 'sysglass -f', prefix: [sysglass, ...filter] },
    ...(hasEbpf()
      ? [
          { name: 'sysglass, eBPF', prefix: [sysglass, ...ebpf, ...filter] },
          { name: 'eBPF, exits alone', prefix: [sysglass, ...ebpf, ...exitsAlone, ...filter] },
        ]
      : []),
  ]
}
