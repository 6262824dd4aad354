/** Runs programs under sysglass, under strace and under neither, all in the same surroundings. */
import { type ChildProcess, execFileSync, type StdioOptions, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const sysglass: string = fileURLToPath(new URL('../sysglass', import.meta.url))
export const glass: string = fileURLToPath(new URL('../glass', import.meta.url))

/** A folder that goes away with the process. Short: its name stands in many lines, and strings are cut. */
export const scratch: string = mkdtempSync(join(tmpdir(), 'sg-'))
process.on('exit', () => rmSync(scratch, { recursive: true, force: true, maxRetries: 3 }))

// The first start of a checkout builds, and says so: that belongs to no test.
execFileSync(sysglass, ['-V'], { stdio: 'ignore', timeout: 300_000 })

/** Why nothing can be traced with eBPF here; false where it can. */
export function ebpfRefused(): string | false {
  const probe = ['--backend=ebpf', '-o', '/dev/null', 'true']
  const { status, stderr } = spawnSync(sysglass, probe, { encoding: 'latin1' })
  return status === 0 ? false : `no eBPF here: ${stderr.trim().split('\n')[0]}`
}

/** What programs find in their environment: little, so that traces are short and the same everywhere. */
export const environment: Readonly<Record<string, string>> = {
  PATH: process.env.PATH ?? '/usr/bin:/bin',
  HOME: scratch,
  LC_ALL: 'C',
  TZ: 'UTC',
  // Structures on the stack have memory behind them, wherever the stack begins.
  FILLER: 'x'.repeat(16_384),
}

export interface Surroundings {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  readonly stdio?: StdioOptions
  /** Milliseconds after which everything is killed and the test fails. */
  readonly timeout?: number
  /** What to do with the process while it runs. */
  readonly started?: (child: ChildProcess) => void
}

export interface Ended {
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs a command to its end; texts are latin1, a char is a byte. */
export function run(command: readonly string[], surroundings: Surroundings = {}): Promise<Ended> {
  const { cwd = scratch, env = {}, stdio = ['ignore', 'pipe', 'pipe'], timeout = 60_000 } = surroundings
  return new Promise((resolve, reject) => {
    // A group of its own, so that nothing outlives a test that hangs.
    const child = spawn(command[0]!, command.slice(1), {
      cwd,
      env: { ...environment, ...env },
      stdio,
      detached: true,
    })
    let [stdout, stderr] = ['', '']
    child.stdout?.setEncoding('latin1').on('data', chunk => {
      stdout += chunk
    })
    child.stderr?.setEncoding('latin1').on('data', chunk => {
      stderr += chunk
    })
    const timer = setTimeout(() => {
      try {
        process.kill(-child.pid!, 'SIGKILL')
      } catch {
        // It has just ended.
      }
      child.stdout?.destroy()
      child.stderr?.destroy()
      reject(
        new Error(`still running after ${timeout / 1000} s: ${command.join(' ')}\n${stderr.slice(-2000)}`),
      )
    }, timeout)
    child.on('error', error => {
      clearTimeout(timer)
      reject(error)
    })
    child.on('close', (status, signal) => {
      clearTimeout(timer)
      resolve({ status, signal, stdout, stderr })
    })
    surroundings.started?.(child)
  })
}

export type Tracer = 'strace' | 'sysglass'
export const tracerCommand = (tracer: Tracer): string => (tracer === 'strace' ? 'strace' : sysglass)

let outputs = 0
/** The path of a file that nothing else writes. */
export const newFile = (): string => join(scratch, `out-${outputs++}`)

/** Traces a command into a file: how it ended, and what the file says. */
export async function trace(
  tracer: Tracer,
  options: readonly string[],
  command: readonly string[],
  surroundings: Surroundings = {},
): Promise<Ended & { readonly text: string }> {
  const file = newFile()
  const ended = await run([tracerCommand(tracer), ...options, '-o', file, ...command], surroundings)
  let text: string
  try {
    text = readFileSync(file, 'latin1')
  } catch {
    throw new Error(`${tracer} ${options.join(' ')} wrote no trace of ${command.join(' ')}: ${ended.stderr}`)
  }
  rmSync(file)
  return { ...ended, text }
}

/** Why DuckDB cannot be asked here; false where it can. */
export const duckDBMissing = (): Promise<string | false> =>
  import('@duckdb/node-api').then(
    () => false as const,
    () => 'DuckDB is not installed: npm install @duckdb/node-api',
  )
