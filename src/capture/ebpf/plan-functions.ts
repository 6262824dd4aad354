/**
 * What plans are made of, as functions of a program: copying a range, a string, a vector of strings, iovecs. Each is a function
 * by itself for the verifier, which checks it once for any arguments; so a plan of hundreds of copies stays cheap to load.
 *
 * They work on this CPU's scratch memory, where the record is put together, and return where the range's content starts, counted
 * from the record; 0 when nothing was copied. Lengths and addresses come from a program that may be hostile: every one is bounded
 * here, whatever it is.
 */
import type { BpfAssembler, Label } from './bpf-assembler.ts'
import { Helper } from './bpf-constants.ts'
import { copyRange, copyString, peek } from './copy-functions.ts'
import { noteBits, noteMessages } from './descriptor-functions.ts'
import { noteDescriptor } from './file-function.ts'
import { noteForeign } from './foreign-function.ts'
import type { SocketPlaces } from './kernel-facts.ts'
import { noteNetlink } from './netlink-function.ts'
import type { NoteSetting, PlanSetting } from './plan-setting.ts'
import type { ProgramFunction } from './program-btf.ts'
import { noteLater, noteProcess, noteSocket } from './socket-function.ts'
import { copyIovecs, copyStrings, copyWords } from './vector-functions.ts'

export type FunctionName =
  | 'copyRange'
  | 'copyString'
  | 'copyWords'
  | 'copyStrings'
  | 'copyIovecs'
  | 'peek'
  | 'noteNetlink'
  | 'noteDescriptor'
  | 'noteForeign'
  | 'noteSocket'
  | 'noteProcess'
  | 'noteBits'
  | 'noteMessages'
  | 'noteLater'

/** Turns of a loop where the kernel has none: each is a jump that the verifier follows, and there may be 8192. What is longer is cut. */
const mostTurns = 2048
/** On the stack, below what functions keep there and above the numbers of a plan: how many turns a loop has made. */
export const turnPlace = -24

interface Shape {
  readonly parameters: number
  readonly emit: (functions: PlanFunctions, a: BpfAssembler) => void
}

const shapes: { readonly [name in FunctionName]: Shape } = {
  copyRange: { parameters: 3, emit: copyRange },
  copyString: { parameters: 2, emit: copyString },
  copyWords: { parameters: 2, emit: copyWords },
  copyStrings: { parameters: 4, emit: copyStrings },
  copyIovecs: { parameters: 5, emit: copyIovecs },
  peek: { parameters: 2, emit: peek },
  noteNetlink: { parameters: 1, emit: noteNetlink },
  noteForeign: { parameters: 3, emit: noteForeign },
  noteDescriptor: { parameters: 3, emit: noteDescriptor },
  noteSocket: { parameters: 2, emit: noteSocket },
  noteProcess: { parameters: 2, emit: noteProcess },
  noteBits: { parameters: 3, emit: noteBits },
  noteMessages: { parameters: 2, emit: noteMessages },
  noteLater: { parameters: 5, emit: noteLater },
}

/** The functions that a program calls, put behind it by `emit`. */
export class PlanFunctions {
  readonly word: 4 | 8
  readonly sockets: SocketPlaces | null
  readonly notes: NoteSetting | null
  readonly #assembler: BpfAssembler
  readonly #labels = new Map<FunctionName, Label>()
  readonly #bodies: { readonly label: Label; readonly body: (a: BpfAssembler) => void }[] = []
  readonly #hasLoops: boolean

  constructor(assembler: BpfAssembler, { word, sockets, notes, loops }: PlanSetting) {
    this.#assembler = assembler
    this.sockets = sockets
    this.notes = notes
    this.word = word
    this.#hasLoops = loops
  }

  /** Calls a function with what r1 to r5 hold; r0 is what it returns. */
  call(name: FunctionName): void {
    this.#assembler.callFunction(this.#label(name))
  }

  /** Has `body` called up to `times` times, or until it leaves with 1. It finds everything in scratch memory, and keeps r6 to r9. */
  loop(times: number, body: (a: BpfAssembler) => void): void {
    const a = this.#assembler
    const label = a.newLabel()
    this.#bodies.push({ label, body })
    if (!this.#hasLoops) return this.#ownLoop(Math.min(times, mostTurns), label)
    a.mov('r1', times)
    a.functionAddress('r2', label)
    a.mov('r3', 0)
    a.mov('r4', 0)
    a.call(Helper.loop)
  }

  /** The verifier goes through every turn; but `body` is a function that it has checked by itself. */
  #ownLoop(times: number, body: Label): void {
    const a = this.#assembler
    const [again, done] = a.newLabels(2)
    a.store(8, 'r10', turnPlace, 0)
    a.label(again)
    a.mov('r1', 0)
    a.mov('r2', 0)
    a.callFunction(body)
    a.jump('r0', '!=', 0, done)
    a.load(8, 'r1', 'r10', turnPlace)
    a.alu('r1', '+=', 1)
    a.store(8, 'r10', turnPlace, 'r1')
    a.jump('r1', '<', times, again)
    a.label(done)
  }

  /** Puts down those that were called; what the kernel wants to know of them. */
  emit(): ProgramFunction[] {
    const all: ProgramFunction[] = []
    const done = new Set<FunctionName>()
    let bodies = 0
    // What they need themselves comes into the lists behind them, where these loops find it.
    const rest = () => this.#labels.size > done.size || this.#bodies.length > bodies
    while (rest()) {
      for (; bodies < this.#bodies.length; bodies++) {
        const { label, body } = this.#bodies[bodies]!
        this.#assembler.label(label)
        body(this.#assembler)
        all.push({ name: `body${bodies}`, label, parameters: 2, isStatic: this.#hasLoops })
      }
      for (const [name, label] of this.#labels) {
        if (done.has(name)) continue
        done.add(name)
        this.#assembler.label(label)
        shapes[name].emit(this, this.#assembler)
        all.push({ name, label, parameters: shapes[name].parameters, isStatic: false })
      }
    }
    return all
  }

  #label(name: FunctionName): Label {
    let label = this.#labels.get(name)
    if (label === undefined) this.#labels.set(name, (label = this.#assembler.newLabel()))
    return label
  }
}
