/** A call as the line that the page's table has: strace's text, in short. */

import { type CallPrinter, callPrinter } from '../dialects/strace/call-printer.ts'
import { defaultStyle, type Style } from '../dialects/strace/style.ts'
import { TextBuffer } from '../dialects/text-buffer.ts'
import { Frame } from '../record/frame.ts'
import { type ArchName, archNames, Header, RecordKind } from '../record/layout.ts'
import { viewOf } from '../record/recording-parts.ts'
import { callName, declarationOf, unknownCall } from '../syscalls/index.ts'
import { unknownCallName } from '../syscalls/unknown-calls.ts'
import type { CallRecords } from './call-records.ts'

const style: Style = { ...defaultStyle, descriptorPaths: true, socketDetails: true }

export class CallLines {
  readonly #printers = new Map<number, CallPrinter>()

  /** Writes a call, returned or not. */
  put(out: TextBuffer, frame: Frame): void {
    const { arch, sysno } = frame
    const printer = this.#printer(arch, sysno)
    out.put(printer.name === '' ? unknownCallName(sysno) : printer.name)
    out.putChar('(')
    const written = printer.args(out, frame, 0)
    if (frame.result < 0) {
      out.put(written < printer.count ? ' <unfinished ...>) = ?' : ') = ?')
      return
    }
    out.put(') = ')
    printer.result(out, frame)
  }

  /** A call whose records were read again. */
  text({ enter, end }: CallRecords): string {
    const frame = new Frame()
    const out = new TextBuffer(256)
    frame.enter(enter, viewOf(enter), 0)
    if (end !== null && end[Header.kind] === RecordKind.exit) frame.exit(end, viewOf(end), 0)
    this.put(out, frame)
    return out.toString()
  }

  #printer(arch: ArchName, sysno: number): CallPrinter {
    const name = callName(arch, sysno)
    // Numbers without a name are the program's to choose, as many as it likes: one printer does for all of them.
    const key = (name === undefined ? -1 : sysno) * archNames.length + archNames.indexOf(arch)
    let printer = this.#printers.get(key)
    if (printer === undefined) {
      const declaration = name === undefined ? unknownCall : declarationOf(name, arch, sysno)
      this.#printers.set(key, (printer = callPrinter(name ?? '', declaration, arch, style)))
    }
    return printer
  }
}
