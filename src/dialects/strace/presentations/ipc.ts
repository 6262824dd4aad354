/** How arguments of shared memory, queues, semaphores and futexes look where their types do not say it. */
import * as sets from '../../../abi/sets.ts'
import type { Frame } from '../../../record/frame.ts'
import { readAddress } from '../../../types/evaluate.ts'
import type { NameSet, Node } from '../../../types/language.ts'
import { layoutOf } from '../../../types/resolve.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import { hash } from '../addresses/raw.ts'
import { knownCases, lookUp, nameTable, printFlags, printValue } from '../names.ts'
import type { Presentation, Presentations } from '../presentations.ts'
import { type Printer, type PrintScope, printer } from '../print.ts'
import { addressNumber, permissions, putAddress, signedNumber } from '../scalars.ts'
import { printArray } from '../sequences.ts'
import { printBytes } from '../strings.ts'
import { structPrinter } from '../structures.ts'
import { argumentsWith, usual } from './arguments.ts'

const accessBits = 0o777
const newer = 0x100

/** Flags, then who may do what: `IPC_CREAT|0600`. */
const creation =
  (argument: string, set: NameSet, huge = false): Presentation =>
  scope => {
    const { style } = scope
    const table = [nameTable(set, scope.arch)]
    const print: Printer = (out, { view }, at) => {
      const value = view.getUint32(at, true)
      const pages = huge ? value >>> 26 : 0
      const flags = (value & ~accessBits & (pages !== 0 ? 0x3ffffff : -1)) >>> 0
      if (flags !== 0) {
        const known =
          style.constants === 'raw' || table.some(t => t.low.some(l => l !== 0 && (flags & l) >>> 0 === l))
        if (known) printFlags(out, table, flags, 0, style)
        else out.hex(flags)
        if (known || huge) out.putChar('|')
      }
      if (pages !== 0) {
        const shift = { raw: '26', abbrev: 'SHM_HUGE_SHIFT', verbose: '26 /* SHM_HUGE_SHIFT */' }[
          style.constants
        ]
        out.put(`${pages}<<${shift}|`)
      }
      permissions(out, value & accessBits)
    }
    return argumentsWith(scope, { [argument]: print })
  }

/** Commands may carry a flag that asks for the newer structures, which 64-bit programs get anyway. */
const control: Presentation = scope => {
  const { style } = scope
  const index = scope.args.findIndex(a => a.name === 'cmd')
  const { type } = scope.args[index]!
  const table = type.kind === 'enum' ? type.sets.map(set => nameTable(set, scope.arch)) : []
  const cmd: Printer = (out, { view }, at) => {
    const value = view.getUint32(at, true)
    if (value & newer)
      out.put({ raw: '0x100|', abbrev: 'IPC_64|', verbose: '0x100 /* IPC_64 */|' }[style.constants])
    printValue(out, table, (value & ~newer) >>> 0, 0, style)
  }
  const last = scope.args.at(-1)!
  return argumentsWith(scope, { cmd, [last.name]: inWord(last.type, last.name, scope) })
}

/** Where a word of memory leads to the structure, as in ipc: that structure, or the word in brackets. */
function inWord(type: Node, name: string, scope: PrintScope): Printer {
  if (type.kind !== 'pointer' || type.to.kind !== 'select') return usual(scope, name)
  const isCommand = knownCases(type.to, scope, () => true)
  const word = printer(type.to, scope, 4)
  return (out, frame, at, bases) => {
    const { view } = frame
    const place = frame.find(readAddress(view, at, scope.arch), 4)
    if (place < 0) return addressNumber(out, frame, at, 4)
    const known = isCommand(view.getUint32(frame.args + 16, true)) === true
    const isStructure = known && !frame.failed && frame.find(readAddress(view, place, scope.arch), 1) >= 0
    if (!isStructure) out.putChar('[')
    word(out, frame, place, bases)
    if (!isStructure) out.putChar(']')
  }
}

/** `{mtype=5, mtext="…"}`: as much text as the caller has room for, whatever the message was. */
const message: Presentation = scope => {
  const { style, arch } = scope
  const word = arch === 'i386' ? 4 : 8
  const msgp: Printer = (out, frame, at) => {
    const address = readAddress(frame.view, at, arch)
    const received = scope.args.some(a => a.name === 'msgtyp')
    const place = address === 0 || (received && frame.failed) ? -1 : frame.find(address, word)
    if (place < 0) return addressNumber(out, frame, at, word)
    out.put('{mtype=')
    signedNumber(out, frame, place, word)
    out.put(', mtext=')
    const length = readAddress(frame.view, frame.args + 16, arch)
    const text = address + word
    if (!printBytes(out, frame, text, length, style.stringLimit, style)) putAddress(out, text)
    out.putChar('}')
  }
  return argumentsWith(scope, { msgp })
}

/** `FUTEX_OP_ADD<<28|0x1<<12|FUTEX_OP_CMP_GT<<24|0`: what FUTEX_WAKE_OP does, and when it wakes. */
function wakeOperation(out: TextBuffer, value: number, { style, arch }: PrintScope): void {
  const part = (n: number, set: NameSet, shift: number, unknown: string): void => {
    const name = style.constants === 'raw' ? undefined : lookUp([nameTable(set, arch)], n, 0)
    if (name === undefined || style.constants === 'verbose') hash(out, n)
    if (name !== undefined) out.put(style.constants === 'verbose' ? ` /* ${name} */` : name)
    out.put(`<<${shift}`)
    if (name === undefined) out.put(` /* ${unknown} */`)
  }
  if (value >>> 31 !== 0) {
    out.put(
      { raw: '0x8', abbrev: 'FUTEX_OP_OPARG_SHIFT', verbose: '0x8 /* FUTEX_OP_OPARG_SHIFT */' }[
        style.constants
      ],
    )
    out.put('<<28|')
  }
  part((value >>> 28) & 7, sets.futexwakeops, 28, 'FUTEX_OP_???')
  out.putChar('|')
  hash(out, (value >>> 12) & 0xfff)
  out.put('<<12|')
  part((value >>> 24) & 15, sets.futexwakecmps, 24, 'FUTEX_OP_CMP_???')
  out.putChar('|')
  hash(out, value & 0xfff)
}

const futex: Presentation = scope => {
  const wakes = (frame: Frame): boolean =>
    (frame.view.getUint32(frame.args + 8, true) & 127) === sets.futexops.values.FUTEX_WAKE_OP
  return argumentsWith(scope, {}).map(shown => {
    if (shown.arg !== 'val3') return shown
    const other = usual(scope, 'val3')
    const print: Printer = (out, frame, at, bases) =>
      wakes(frame) ? wakeOperation(out, frame.view.getUint32(at, true), scope) : other(out, frame, at, bases)
    return { ...shown, print }
  })
}

/** The kernel takes no more at once; that there were to be more is all that is told of them. */
const mostWaiters = 128
const futexWaitv: Presentation = scope => {
  const list = usual(scope, 'waiters')
  const { type } = scope.args.find(a => a.name === 'waiters')!
  const of = type.kind === 'pointer' && type.to.kind === 'array' ? type.to.of : undefined
  const waiter = of?.kind === 'struct' ? structPrinter(of, scope) : undefined
  const bytes = layoutOf('futex_waitv', scope.arch).size
  return argumentsWith(scope, {
    waiters: (out, frame, at, bases) => {
      const address = readAddress(frame.view, at, scope.arch)
      const count = frame.view.getUint32(frame.args + 8, true)
      if (count <= mostWaiters || address === 0 || waiter === undefined) return list(out, frame, at, bases)
      if (!printArray(out, frame, address, count, bytes, waiter, bases, scope.style, mostWaiters))
        addressNumber(out, frame, at, 8)
    },
  })
}

export const ipcPresentations: Presentations = {
  shmget: creation('shmflg', sets.shm_resource_flags, true),
  msgget: creation('msgflg', sets.resource_flags),
  semget: creation('semflg', sets.resource_flags),
  shmctl: control,
  msgctl: control,
  semctl: control,
  msgsnd: message,
  msgrcv: message,
  futex,
  futex_waitv: futexWaitv,
}
