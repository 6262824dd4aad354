/** What is there of a call, found out by trying all its variants: a row of the table of calls. */
import { gvisorCall } from '../dialects/gvisor/eras.ts'
import { Frame } from '../record/frame.ts'
import { type ArchName, Header, RecordKind } from '../record/layout.ts'
import type { TaskRecords } from '../stracer/task-records.ts'
import { callName, declarationOf, unknownCall } from '../syscalls/index.ts'
import { callDecoder } from '../types/decode.ts'
import { uncaptured } from './captured-pointers.ts'
import type { SampleCall } from './sample-call.ts'
import { numberOf, playSample, sampleLimit, tableRecords } from './sample-records.ts'
import { gvisorText, straceText } from './sample-text.ts'
import { sampleVariants } from './sample-variants.ts'

/** What is wrong, or nothing. */
type Hole = string | undefined

export interface CallCoverage {
  /** Its number has this name, and the name a declaration. */
  readonly named: Hole
  /** Every pointer that leads somewhere decodes to a value. */
  readonly typed: Hole
  /** Every pointer that is declared is copied. */
  readonly captured: Hole
  readonly strace: Hole
  readonly gvisor: Hole
  /** gVisor has a specifier for each of its arguments; without, it prints registers. */
  readonly gvisorKnows: boolean
}

/** Looks at a call of an architecture. */
export function callCoverage(name: string, arch: 'amd64' | 'arm64'): CallCoverage {
  const declaration = declarationOf(name, arch)
  const sysno = numberOf(name, arch)!
  const samples = [...sampleVariants(declaration, arch)]
  const [first] = samples
  return {
    named: callName(arch, sysno) !== name || declaration === unknownCall ? 'no declaration' : undefined,
    typed: untyped(name, samples, arch),
    captured: uncaptured(declaration, arch, samples)[0],
    strace: textHole(new RegExp(`^${name}\\(.*\\) += (?:\\?|-?\\d|0x)`, 's'), () =>
      straceText(name, first!, arch),
    ),
    gvisor: textHole(/^E \w+\(.*\)/s, () => gvisorText(name, first!, arch).join('\n')),
    gvisorKnows: gvisorCall(arch, sysno, 'head') !== undefined,
  }
}

function textHole(expected: RegExp, print: () => string): Hole {
  try {
    const text = print()
    return expected.test(text) ? undefined : `prints ${text}`
  } catch (error) {
    return String(error)
  }
}

/** The first argument that leads somewhere and has no value. */
function untyped(name: string, samples: readonly SampleCall[], arch: ArchName): Hole {
  const declaration = declarationOf(name, arch)
  const decoder = callDecoder(declaration, arch, sampleLimit)
  const names = declaration.order?.[arch] ?? Object.keys(declaration.args)
  const records = tableRecords(arch)
  for (const sample of samples) {
    const values = decoder.args(frameOf(name, sample, arch, records))
    const led = new Set(sample.pointers.map(({ address }) => BigInt(address)))
    const hole = names.find((arg, index) => led.has(sample.args[index]!) && (values[arg] ?? null) === null)
    if (hole !== undefined) return `no value of ${hole} in ${name}(${sample.args.join(', ')})`
  }
  return undefined
}

function frameOf(name: string, sample: SampleCall, arch: ArchName, records: TaskRecords): Frame {
  const frame = new Frame()
  playSample(name, sample, arch, records, (bytes, view, offset) => {
    const kind = bytes[offset + Header.kind]
    if (kind === RecordKind.enter) frame.enter(bytes, view, offset)
    else if (kind === RecordKind.exit) frame.exit(bytes, view, offset)
  })
  return frame
}
