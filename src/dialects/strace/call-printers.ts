/** The printers of all calls that a line printer meets, each made when it is first wanted. */
import { registersOf } from '../../abi/argument-blocks.ts'
import { type ArchName, archNames } from '../../record/layout.ts'
import { declarationOf, unknownCall } from '../../syscalls/index.ts'
import { unknownCallName } from '../../syscalls/unknown-calls.ts'
import { calledIn, nameInMode } from './call-modes.ts'
import { type CallPrinter, callPrinter } from './call-printer.ts'
import type { LineOptions } from './line-options.ts'

export class CallPrinters {
  readonly #options: LineOptions
  readonly #made = new Map<number, CallPrinter>()

  constructor(options: LineOptions) {
    this.#options = options
  }

  of(arch: ArchName, sysno: number): CallPrinter {
    const name = nameInMode(arch, sysno)
    // Numbers without a name are the program's to choose, as many as it likes: one printer does for all of them.
    const key = (name === undefined ? -1 : sysno) * 4 + archNames.indexOf(arch)
    let printer = this.#made.get(key)
    if (printer === undefined) this.#made.set(key, (printer = this.#make(name, arch, sysno)))
    return name === undefined ? { ...printer, name: unknownCallName(sysno) } : printer
  }

  #make(name: string | undefined, arch: ArchName, sysno: number): CallPrinter {
    const { style, styleOf, raw } = this.#options
    if (name === undefined) return callPrinter('', unknownCall, arch, style)
    const { name: called, has } = calledIn(name)
    const declaration = declarationOf(called, arch, sysno)
    const own = styleOf?.(name) ?? style
    return raw?.(name) === true || !has
      ? callPrinter(name, declaration, arch, own, registersOf(arch, sysno) ?? 'arguments')
      : callPrinter(name, declaration, arch, own)
  }
}
