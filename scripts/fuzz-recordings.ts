/**
 * `npm run fuzz:recordings [-- CASES [SEED]]`: damaged recordings (CASES, 100,000 without) and logs (a fifth as many) through everything that
 * reads them, in two processes. What fails is told with the seed that shows it again; a case that hangs ends its process.
 */
import { fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

interface Share {
  readonly cases: number
  readonly logs: boolean
  readonly seed: number
}

/** Cases of one run of a process: what one of them leaves in memory does not add up. */
const perProcess = 2500
/** Seconds of CPU time without a word after which a process is taken to hang, and seconds of any: other work may leave it little. */
const patience = { cpu: 120, any: 3600 }

async function main(cases: number, seed: number): Promise<void> {
  const shares: Share[] = []
  for (const [all, logs] of [
    [cases, false],
    [Math.ceil(cases / 5), true],
  ] as const)
    for (let from = 0; from < all; from += perProcess)
      shares.push({ cases: Math.min(perProcess, all - from), logs, seed: seed + shares.length })
  const total = shares.reduce((sum, { cases }) => sum + cases, 0)
  let [done, whole, failed] = [0, 0, 0]
  const show = process.stderr.isTTY
  const tell = (): void =>
    console.log(
      `${done} of ${total} cases from seed ${seed} on, ${whole} of them recordings that are whole; ${failed} processes failed`,
    )
  process.on('SIGINT', () => {
    tell()
    process.exit(130)
  })
  const next = async (): Promise<void> => {
    for (let share = shares.shift(); share !== undefined; share = shares.shift()) {
      const result = await inProcess(share, n => {
        if (show) process.stderr.write(`\r${done + n} of ${total} cases`)
      })
      done += share.cases
      whole += result.whole
      if (result.problem !== null) {
        failed++
        console.log(`${share.logs ? 'logs' : 'recordings'}, seed ${share.seed}: ${result.problem}`)
      }
    }
  }
  await Promise.all([next(), next()])
  if (show) process.stderr.write('\r')
  tell()
  if (failed > 0) process.exitCode = 1
}

function inProcess(
  share: Share,
  progress: (cases: number) => void,
): Promise<{ readonly whole: number; readonly problem: string | null }> {
  return new Promise(resolve => {
    const child = fork(fileURLToPath(import.meta.url), ['worker', JSON.stringify(share)], {
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    let problem: string | null = 'ended without a word'
    let whole = 0
    let last = { cpu: 0, any: performance.now() / 1000 }
    const wait = (): void => {
      last = { cpu: cpuTime(child.pid!), any: performance.now() / 1000 }
    }
    const timer = setInterval(() => {
      const cpu = cpuTime(child.pid!) - last.cpu
      const any = performance.now() / 1000 - last.any
      if (cpu < patience.cpu && any < patience.any) return
      problem = `nothing for ${Math.round(any)} s, ${Math.round(cpu)} of them on a CPU`
      child.kill('SIGKILL')
    }, 5000)
    child.on('message', message => {
      wait()
      const {
        cases,
        problem: told,
        whole: n,
      } = message as { cases: number; whole: number; problem?: string | null }
      progress(cases)
      whole = n
      if (told !== undefined) problem = told
    })
    child.on('exit', (_, signal) => {
      clearInterval(timer)
      resolve({ whole, problem: problem ?? (signal === null ? null : `killed by ${signal}`) })
    })
  })
}

/** Seconds that a process has had, by the clock that /proc counts in. */
function cpuTime(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) / 100
  } catch {
    // It has just ended.
    return 0
  }
}

async function work({ cases, logs, seed }: Share): Promise<void> {
  const { fuzz, makeBases } = await import('../src/cli/glass/test-fuzzing.ts')
  const bases = await makeBases([fileURLToPath(new URL('../test/gvisor/logs/refused.log', import.meta.url))])
  // Whoever wanted to know is gone.
  process.on('disconnect', () => process.exit())
  const say = (message: object): void => void process.send?.(message)
  let last = { cases: 0, whole: 0 }
  try {
    const progress = (tally: { cases: number; whole: number }): void => {
      last = { ...tally }
      if (tally.cases % 50 === 0) say(tally)
    }
    await fuzz(bases, { cases, logs, seed, progress })
    say({ ...last, problem: null })
  } catch (error) {
    say({ ...last, problem: (error as Error).message + String((error as Error).cause ?? '') })
  }
  process.disconnect()
}

const [first, second] = process.argv.slice(2)
if (first === 'worker') await work(JSON.parse(second!))
else await main(Number(first ?? 100_000), second === undefined ? Date.now() % 1_000_000 : Number(second))
