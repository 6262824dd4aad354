/**
 * A seccomp filter that stops the chosen calls (RET_TRACE) and lets all others run without a stop.
 *
 * Classic BPF: jumps go forward only and, when they have a condition, 255 instructions at most. The numbers of an
 * architecture are found by binary search over where chosen and unchosen ranges begin.
 */
import { seccomp_ret_action } from '../../abi/sets.ts'
import { syscallNumbers } from '../../abi/syscalls.ts'
import { type ArchName, archNames } from '../../record/layout.ts'
import type { CallChoice, CaptureOptions } from '../backend.ts'
import { maskCalls } from './affinity.ts'
import { AuditArch } from './ptrace-constants.ts'
import { nativeArch } from './record-writer.ts'

/** Instructions, by linux/bpf_common.h. */
const LD_W_ABS = 0x20
const JMP_JA = 0x05
const JMP_JEQ_K = 0x15
const JMP_JGE_K = 0x35
const RET_K = 0x06
/** Offsets in struct seccomp_data. */
const nr = 0
const arch = 4

type Instruction = readonly [code: number, whenTrue: number, whenFalse: number, k: number]

/** The filter for the program that a capture starts, if it may have one. */
export function programFilter({ calls, filterInKernel, follow, pin }: CaptureOptions): Uint8Array | null {
  if (!filterInKernel || !follow || calls[nativeArch] === null) return null
  return seccompFilter(calls, pin === 'never' ? [] : maskCalls)
}

/** struct sock_filter[] for a choice of calls, and others by name that stop beside them. */
export function seccompFilter(
  calls: { readonly [arch in ArchName]: CallChoice },
  also: readonly string[] = [],
): Uint8Array {
  // Those of other machines do no harm. Calls of an architecture that we cannot record run free.
  const program = archNames.reduce<Instruction[]>(
    (others, name) =>
      branch(JMP_JEQ_K, AuditArch[name], choiceOf(withCalls(calls[name], name, also)), others),
    [give(false)],
  )
  return encode([[LD_W_ABS, 0, 0, arch], ...program])
}

function withCalls(choice: CallChoice, arch: ArchName, also: readonly string[]): CallChoice {
  if (choice === null || also.length === 0) return choice
  const numbers: { readonly [name: string]: number } = syscallNumbers[arch]
  const wider = Uint8Array.from(choice)
  for (const name of also) if (numbers[name] !== undefined) wider[numbers[name]] = 1
  return wider
}

function choiceOf(choice: CallChoice): Instruction[] {
  if (choice === null) return [give(true)]
  // Where a range of equal choice begins. Numbers behind the last (x32's have bit 30 set) go by that one.
  const starts: number[] = []
  let chosen = choice[0] === 1
  const first = chosen
  for (let number = 1; number < choice.length; number++) {
    if ((choice[number] === 1) === chosen) continue
    chosen = !chosen
    starts.push(number)
  }
  return [[LD_W_ABS, 0, 0, nr], ...search(starts, 0, starts.length, first)]
}

/** Code that decides among the ranges that begin at `starts[from]` to `starts[to - 1]` and the one before them. */
function search(starts: readonly number[], from: number, to: number, first: boolean): Instruction[] {
  if (from === to) return [give((from % 2 === 0) === first)]
  const middle = (from + to) >> 1
  return branch(
    JMP_JGE_K,
    starts[middle]!,
    search(starts, middle + 1, to, first),
    search(starts, from, middle, first),
  )
}

function give(chosen: boolean): Instruction {
  const { SECCOMP_RET_TRACE, SECCOMP_RET_ALLOW } = seccomp_ret_action.values
  return [RET_K, 0, 0, chosen ? SECCOMP_RET_TRACE : SECCOMP_RET_ALLOW]
}

/** Both branches end in a return. */
function branch(test: number, k: number, whenTrue: Instruction[], whenFalse: Instruction[]): Instruction[] {
  if (whenFalse.length <= 255) return [[test, whenFalse.length, 0, k], ...whenFalse, ...whenTrue]
  return [[test, 0, 1, k], [JMP_JA, 0, 0, whenFalse.length], ...whenFalse, ...whenTrue]
}

function encode(program: readonly Instruction[]): Uint8Array {
  const bytes = new Uint8Array(program.length * 8)
  const view = new DataView(bytes.buffer)
  program.forEach(([code, whenTrue, whenFalse, k], i) => {
    view.setUint16(i * 8, code, true)
    view.setUint8(i * 8 + 2, whenTrue)
    view.setUint8(i * 8 + 3, whenFalse)
    view.setUint32(i * 8 + 4, k, true)
  })
  return bytes
}
