/** The thread of a capture by eBPF: what src/capture/ptrace/worker.ts is for one by ptrace, and says the same. */
import { readFileSync, readlinkSync } from 'node:fs'
import { availableParallelism, loadavg } from 'node:os'
import { parentPort } from 'node:worker_threads'
import { RingWriter } from '../../record/ring.ts'
import type { CaptureError } from '../backend.ts'
import { describesDescriptors } from '../notes/descriptor-notes.ts'
import { describesPids } from '../notes/pid-notes.ts'
import { readPlanFiles } from '../plans/plan-file.ts'
import { type PlanOf, withPlans } from '../plans/plans.ts'
import type { WorkerInput, WorkerMessage } from '../ptrace/worker.ts'
import { BpfError, lastWords } from './bpf-syscall.ts'
import { heldByProgramsAbove, isHeld } from './brake.ts'
import { EbpfTracer } from './ebpf-tracer.ts'
import { KeptFiles } from './kept-files.ts'
import { KernelSide } from './kernel-side.ts'
import { keepKernel, knowKernel } from './known-kernel.ts'
import { PlanLoader } from './plan-loader.ts'
import { ReaderPriority } from './reader-priority.ts'
import { prepareTracing } from './tracing-programs.ts'

/** The kernel's ring: what a busy program's calls of a second take. */
const largeRing = 64 << 20

/**
 * The same where the reader runs as soon as it wants to, and its helpers in node, for which it waits now and then, have a CPU soon. Its memory
 * is a good part of what a start waits for.
 */
const smallRing = (): number => {
  const cpus = availableParallelism()
  return cpus <= 8 && loadavg()[0]! < cpus ? 32 << 20 : largeRing
}

parentPort?.once(
  'message',
  (input: WorkerInput) => void run(input, message => parentPort!.postMessage(message)),
)

async function run({ options, ring }: WorkerInput, say: (message: WorkerMessage) => void): Promise<void> {
  const own = await tablePlans()
  const planOf = options.plans === undefined ? own : withPlans(own, options.plans)
  const writer = new RingWriter(ring, () => say({ kind: 'readable' }))
  const withNotes = describesDescriptors(options) || describesPids(options)
  const kept = new KeptFiles()
  const known = !inFirstNamespace()
    ? 'programs know threads by numbers of another pid namespace'
    : isLockedDown()
      ? 'this kernel is locked down (confidentiality): no program may read its memory'
      : knowKernel(kept, withNotes)
  const started =
    typeof known === 'string'
      ? unsupported(`eBPF: ${known}`)
      : await start(async () => {
          const { outcomes, systemTime, cgroup, follow } = options
          const { features } = known
          const wished = isHeld(options) ? new ReaderPriority() : null
          const priority = wished?.isAllowed() === true ? wished : null
          const ringBytes = priority === null ? largeRing : smallRing()
          const holdAbove = isHeld(options) ? heldByProgramsAbove : undefined
          const kernel = new KernelSide(known.facts, {
            ringBytes,
            outcomes,
            systemTime,
            cgroup,
            holdAbove,
            features,
          })
          try {
            const plans = new PlanLoader(kernel, options, kept)
            const prepare = async () => {
              const tracer = new EbpfTracer(options, writer, ring.data, planOf, kernel, plans, priority)
              const enters = tracer.choose()
              const keepTracing = await prepareTracing(kernel, kept, { follow, signals: true, enters })
              return { tracer, keepTracing }
            }
            // Tracer and programs are made while the kernel checks the plans'.
            const loads = [plans.loadAside(planOf), prepare()] as const
            // Where one fails, what the kernel still checks is waited for before all that it names is closed.
            await Promise.allSettled(loads)
            const [, { tracer, keepTracing }] = await Promise.all(loads)
            kernel.attach()
            if (features === undefined)
              keepKernel(kept, withNotes, { ...known, features: kernel.setting.features })
            plans.keep()
            keepTracing()
            return tracer
          } catch (error) {
            kernel.close()
            throw error
          }
        })
  if ('error' in started) {
    say({ kind: 'started', traced: 0, problems: [started] })
    writer.close()
    say({ kind: 'ended', end: { status: null, error: started } })
    return
  }
  const problems = started.start()
  say({ kind: 'started', traced: started.size + (started.watches ? 1 : 0), problems })
  const end = started.run()
  writer.close()
  say({ kind: 'ended', end })
}

async function start(make: () => Promise<EbpfTracer>): Promise<EbpfTracer | CaptureError> {
  try {
    return await make()
  } catch (error) {
    if (!(error instanceof BpfError)) throw error
    const why = error.log === '' ? '' : `\n${lastWords(error.log)}\n`
    const hint = error.errno === EPERM ? ' (it takes root, or CAP_BPF and CAP_PERFMON)' : ''
    return unsupported(`eBPF: ${error.message}${hint}${why}`, error.errno)
  }
}

const EPERM = 1

/** Then every program would be refused, for a function that the verifier does not know. */
function isLockedDown(): boolean {
  try {
    return readFileSync('/sys/kernel/security/lockdown', 'latin1').includes('[confidentiality]')
  } catch {
    return false
  }
}

/** Whether we see threads by the numbers that the kernel itself has for them: its first pid namespace has this number. */
function inFirstNamespace(): boolean {
  try {
    return readlinkSync('/proc/self/ns/pid') === 'pid:[4026531836]'
  } catch {
    return true
  }
}

const unsupported = (message: string, errno = 0): CaptureError => ({
  error: 'unsupported',
  errno,
  pid: 0,
  message,
})

/** Those that the build has put beside the bundle; run from source, which is an ES module, the table's own. */
async function tablePlans(): Promise<PlanOf> {
  const file = typeof __dirname === 'string' ? readPlanFiles(__dirname) : null
  return file ?? (await import('../plans/table-plans.ts')).planOfTable
}
