/** A program that makes many calls a second for long, traced by eBPF into a recording: whether they are all in it, and what the tracer takes. */
import { execFileSync, spawn } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { syscallNumbers } from '../src/abi/syscalls.ts'
import { Exit, Header, RecordKind, Status } from '../src/record/layout.ts'
import { openRecording } from '../src/record/recording-reader.ts'
import { sysglass } from './tracers.ts'

export interface Sustained {
  /** Calls that the program says it made; those in the recording; those that are said to be lost. */
  readonly made: number
  readonly recorded: number
  readonly lost: number
  readonly seconds: number
  /** Of the tracer: CPU seconds, and what it had resident at most. */
  readonly cpu: number
  readonly bytes: number
  readonly recordingBytes: number
}

/** @param options of sysglass, beside --backend=ebpf --format=recording */
export async function sustained(
  folder: string,
  rate: { readonly threads: number; readonly perSecond: number; readonly seconds: number },
  options: readonly string[],
): Promise<Sustained> {
  const program = join(folder, 'rate')
  execFileSync('cc', ['-O2', '-pthread', '-o', program, fileURLToPath(new URL('rate.c', import.meta.url))])
  const file = join(folder, 'sustained.rec')
  // The program counts these alone, so nothing else may be among what is lost: it sleeps too.
  const chosen = ['-e', 'trace=read,write']
  const words = ['-f', ...chosen, '--backend=ebpf', '--format=recording', ...options, '-o', file, program]
  const numbers = [rate.threads, rate.perSecond, rate.seconds].map(String)
  const begun = performance.now()
  const child = spawn(sysglass, [...words, ...numbers], { stdio: ['ignore', 'ignore', 'pipe'] })
  let text = ''
  child.stderr.setEncoding('latin1').on('data', chunk => {
    text += chunk
  })
  let [bytes, cpu] = [0, 0]
  const look = setInterval(() => {
    try {
      const line = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'latin1'))
      bytes = Math.max(bytes, Number(line?.[1] ?? 0) * 1024)
      cpu = cpuSeconds(child.pid!)
    } catch {
      // It has ended.
    }
  }, 50)
  const code = await new Promise(resolve => child.once('close', resolve))
  clearInterval(look)
  const seconds = (performance.now() - begun) / 1e3
  if (code !== 0) throw new Error(`${words.join(' ')} ended with ${code}: ${text.slice(0, 500)}`)
  return { made: Number(/^\d+$/m.exec(text)?.[0]), ...count(file), seconds, cpu, bytes }
}

/** User and system time of a process; ticks are hundredths. */
function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

const { read, write } = syscallNumbers[process.arch === 'arm64' ? 'arm64' : 'amd64']

/** The reads and writes of 64 bytes in a recording. */
function count(file: string): Pick<Sustained, 'recorded' | 'lost' | 'recordingBytes'> {
  let [recorded, lost] = [0, 0]
  for (const { bytes, view, offset } of openRecording(file).records()) {
    const kind = bytes[offset + Header.kind]
    if (kind === RecordKind.lost) lost += view.getUint32(offset + Status.value, true)
    if (kind !== RecordKind.exit || view.getUint32(offset + Exit.result, true) !== 64) continue
    const sysno = view.getUint32(offset + Exit.sysno, true)
    if (sysno === read || sysno === write) recorded++
  }
  return { recorded, lost, recordingBytes: statSync(file).size }
}
