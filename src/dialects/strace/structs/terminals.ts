/** A terminal's settings: flags with numbers among them, and characters by what they do. */
import * as sets from '../../../abi/sets.ts'
import { readUnsigned } from '../../../record/numbers.ts'
import type { NameSet, Struct } from '../../../types/language.ts'
import { layoutOf } from '../../../types/resolve.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import { lookUp, nameTable, printFlags, printValue } from '../names.ts'
import type { Printer, PrintScope } from '../print.ts'
import type { StructPrinters } from '../registry.ts'
import { fieldsPrinter } from '../structures.ts'

/** Delays after characters, in the order in which they are written. */
const delays: readonly (readonly [set: NameSet, mask: number])[] = [
  [sets.term_oflags_nldly, 0x100],
  [sets.term_oflags_crdly, 0x600],
  [sets.term_oflags_tabdly, 0x1800],
  [sets.term_oflags_bsdly, 0x2000],
  [sets.term_oflags_vtdly, 0x4000],
  [sets.term_oflags_ffdly, 0x8000],
]
const delayBits = 0xff00
const baudBits = 0x100f
const inputBaudShift = 16
const sizeBits = 0x30

/** Flags alone; of none nothing is written. */
function flagsOrNothing(out: TextBuffer, set: NameSet, value: number, { style, arch }: PrintScope): void {
  if (value !== 0) printFlags(out, [nameTable(set, arch)], value, 0, style, '')
}

const flagsOf =
  (set: NameSet, scope: PrintScope, bytes: number): Printer =>
  (out, { view }, at) =>
    flagsOrNothing(out, set, readUnsigned(view, at, bytes), scope)

const output =
  (scope: PrintScope, bytes: number): Printer =>
  (out, { view }, at) => {
    const value = readUnsigned(view, at, bytes)
    for (const [set, mask] of delays) {
      printValue(out, [nameTable(set, scope.arch)], value & mask, 0, scope.style)
      out.putChar('|')
    }
    flagsOrNothing(out, sets.term_oflags, (value & ~delayBits) >>> 0, scope)
  }

const control =
  (scope: PrintScope, bytes: number): Printer =>
  (out, { view }, at) => {
    const { style, arch } = scope
    const value = readUnsigned(view, at, bytes)
    const rates = [nameTable(sets.baud_options, arch)]
    printValue(out, rates, value & baudBits, 0, style)
    const input = (value >>> inputBaudShift) & baudBits
    if (input !== 0) {
      out.putChar('|')
      printValue(out, rates, input, 0, style)
      out.put('<<')
      if (style.constants !== 'abbrev') out.hex(inputBaudShift)
      if (style.constants === 'abbrev') out.put('IBSHIFT')
      else if (style.constants === 'verbose') out.put(' /* IBSHIFT */')
    }
    out.putChar('|')
    printValue(out, [nameTable(sets.term_cflags_csize, arch)], value & sizeBits, 0, style)
    out.putChar('|')
    const known = baudBits | (baudBits << inputBaudShift) | sizeBits
    flagsOrNothing(out, sets.term_cflags, (value & ~known) >>> 0, scope)
  }

/** `[[VINTR]=0x3, …]`. */
const characters =
  (scope: PrintScope, count: number): Printer =>
  (out, { view }, at) => {
    const names = [nameTable(sets.termios_cc, scope.arch)]
    out.putChar('[')
    for (let i = 0; i < count; i++) {
      const value = view.getUint8(at + i)
      out.put(
        `${i > 0 ? ', ' : ''}[${lookUp(names, i, 0) ?? i}]=${value === 0 ? '0' : `0x${value.toString(16)}`}`,
      )
    }
    out.putChar(']')
  }

function settings(type: Struct, scope: PrintScope): Printer {
  const { fields } = layoutOf(type.layout, scope.arch)
  const bytes = fields.c_iflag!.size
  return fieldsPrinter(type, scope, ['c_iflag', 'c_oflag', 'c_cflag', 'c_lflag'], {
    c_iflag: flagsOf(sets.term_iflags, scope, bytes),
    c_oflag: output(scope, bytes),
    c_cflag: control(scope, bytes),
    c_lflag: flagsOf(sets.term_lflags, scope, bytes),
    c_cc: characters(scope, fields.c_cc!.size),
  })
}

export const terminalStructs: StructPrinters = { termios: settings, termios2: settings, termio: settings }
