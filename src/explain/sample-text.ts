/** A made-up call as text: the lines that a trace of it has. */
import { GvisorPrinter } from '../dialects/gvisor/gvisor-printer.ts'
import { amongInterfaces } from '../dialects/strace/addresses/interfaces.ts'
import { bareLines, type LineOptions, type LineOutput } from '../dialects/strace/line-options.ts'
import { LinePrinter } from '../dialects/strace/line-printer.ts'
import { defaultStyle } from '../dialects/strace/style.ts'
import { TextBuffer } from '../dialects/text-buffer.ts'
import type { ArchName } from '../record/layout.ts'
import { declarationOf } from '../syscalls/index.ts'
import { type SampleCall, sampler } from './sample-call.ts'
import { gvisorRecords, playSample, sampleLimit, tableRecords } from './sample-records.ts'

const lineOptions: LineOptions = { ...bareLines, style: defaultStyle }

export interface SampleText {
  readonly strace: string
  /** As it begins, and as it returns, without what stands before and the time. Empty: gVisor has no such architecture. */
  readonly gvisor: readonly string[]
}

/** The usual call of that name in both notations. */
export function sampleText(name: string, arch: ArchName): SampleText {
  const sample = sampler(declarationOf(name, arch), arch)()
  return {
    strace: straceText(name, sample, arch),
    gvisor: arch === 'i386' ? [] : gvisorText(name, sample, arch),
  }
}

/** As strace has it. */
export function straceText(name: string, sample: SampleCall, arch: ArchName): string {
  const text = new TextBuffer()
  const printer = new LinePrinter(lineOptions, outputTo(text))
  // The same text on every machine.
  amongInterfaces(Buffer.from('1 lo'), () =>
    playSample(name, sample, arch, tableRecords(arch), printer.record.bind(printer)),
  )
  printer.end()
  return written(text)
}

/** As gVisor has it. */
export function gvisorText(name: string, sample: SampleCall, arch: 'amd64' | 'arm64'): string[] {
  const text = new TextBuffer()
  const printer = new GvisorPrinter({ logSize: sampleLimit, era: 'head', escapePaths: true }, outputTo(text))
  playSample(name, sample, arch, gvisorRecords(arch), printer.record.bind(printer))
  printer.end()
  const lines = written(text).split('\n')
  return lines.map(line => line.replace(/^\[.*?\]\s+(\S+ )??(?=[EX] )/, '').replace(/ \([^()]*s\)$/, ''))
}

const outputTo = (text: TextBuffer): LineOutput => ({
  buffer: () => text,
  lineEnded() {},
  ended() {},
  onFlush() {},
})
const written = (text: TextBuffer): string => Buffer.from(text.text()).toString('utf8').trimEnd()
