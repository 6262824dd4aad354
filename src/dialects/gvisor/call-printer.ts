/** The arguments of one call as text, at its enter and at its exit. */
import type { Frame } from '../../record/frame.ts'
import type { ArchName } from '../../record/layout.ts'
import { TextBuffer } from '../text-buffer.ts'
import { type GvisorArch, gvisorCall } from './eras.ts'
import { ProcessStates } from './process-states.ts'
import { putRegister, type Setting, type Specifier, type Specifiers, type Write } from './specifier.ts'
import { specifiers } from './specifiers/index.ts'

/** The arguments' text made at an enter, kept until the exit, with where each argument's begins. */
export interface EnterText {
  readonly text: TextBuffer
  readonly starts: Uint32Array
}

export const newEnterText = (): EnterText => ({ text: new TextBuffer(256), starts: new Uint32Array(7) })

export interface CallPrinter {
  readonly name: string
  /** Of its arguments, one by one. */
  readonly specifiers: readonly Specifier[]
  /** `E name(` and `X name(`. */
  readonly enterHead: TextBuffer
  readonly exitHead: TextBuffer
  /** Writes the arguments as the call begins, and keeps them in `kept`. */
  enter(out: TextBuffer, frame: Frame, kept: EnterText): void
  /** Writes them as it returns. */
  exit(out: TextBuffer, frame: Frame, kept: EnterText): void
}

const hexadecimal: Specifier = { enter: putRegister }
/** A call that is not in gVisor's tables is shown with all its registers. */
const unknownCall: readonly Specifier[] = Array.from({ length: 6 }, () => hexadecimal)

/** The printers of all calls that one setting needs, each made when it is first wanted. */
export class CallPrinters {
  /** What the printers know of processes. */
  readonly processes: ProcessStates = new ProcessStates()
  readonly #setting: Omit<Setting, 'arch' | 'processes'>
  readonly #byArch = new Map<ArchName, (CallPrinter | undefined)[]>()
  readonly #unknown = new Map<number, CallPrinter>()
  readonly #specifiers = new Map<GvisorArch, Specifiers>()

  constructor(setting: Omit<Setting, 'arch' | 'processes'>) {
    this.#setting = setting
  }

  of(arch: ArchName, sysno: number): CallPrinter {
    let known = this.#byArch.get(arch)
    if (known === undefined) this.#byArch.set(arch, (known = []))
    // Any 32 bits may stand for a number: only those of tables get a place by number.
    if (sysno > highest) return this.#unknownCall(sysno)
    return (known[sysno] ??= this.#make(arch, sysno))
  }

  #make(arch: ArchName, sysno: number): CallPrinter {
    // gVisor runs no 32-bit programs.
    if (arch === 'i386') return this.#unknownCall(sysno)
    const call = gvisorCall(arch, sysno, this.#setting.era)
    if (call === undefined) return this.#unknownCall(sysno)
    let all = this.#specifiers.get(arch)
    if (all === undefined)
      this.#specifiers.set(arch, (all = specifiers({ ...this.#setting, arch, processes: this.processes })))
    return callPrinter(
      call.name,
      call.specifiers.map(name => all[name] ?? hexadecimal),
    )
  }

  #unknownCall(sysno: number): CallPrinter {
    const known = this.#unknown.get(sysno)
    if (known !== undefined) return known
    // The kernel widens the number as it does an int.
    const name = `sys_${sysno > 0x7fff_ffff ? BigInt.asUintN(64, BigInt(sysno | 0)) : sysno}`
    const made = callPrinter(name, unknownCall)
    if (this.#unknown.size < highest) this.#unknown.set(sysno, made)
    return made
  }
}
const highest = 1023

function fixedText(text: string): TextBuffer {
  const buffer = new TextBuffer(text.length)
  buffer.put(text)
  return buffer
}

function callPrinter(name: string, list: readonly Specifier[]): CallPrinter {
  const enters = list.map(s => s.enter)
  const exits: readonly (Write | undefined)[] = list.map(s => s.exit)
  const count = list.length
  const changes = exits.some(e => e !== undefined)
  return {
    name,
    enterHead: fixedText(`E ${name}(`),
    exitHead: fixedText(`X ${name}(`),
    specifiers: list,
    enter(out, frame, kept) {
      const start = out.length
      const { starts } = kept
      for (let i = 0; i < count; i++) {
        if (i > 0) {
          out.putChar(',')
          out.putChar(' ')
        }
        starts[i] = out.length - start
        enters[i]!(out, frame, i)
      }
      // Two more than there are, as if a separator followed.
      starts[count] = out.length - start + 2
      kept.text.clear()
      kept.text.copyFrom(out, start, out.length)
    },
    exit(out, frame, kept) {
      const { text, starts } = kept
      // What failed changed nothing: the same text again.
      if (!changes || frame.failed) return out.copyFrom(text, 0, text.length)
      for (let i = 0; i < count; i++) {
        if (i > 0) {
          out.putChar(',')
          out.putChar(' ')
        }
        const write = exits[i]
        if (write === undefined) out.copyFrom(text, starts[i]!, starts[i + 1]! - 2)
        else write(out, frame, i)
      }
    },
  }
}
