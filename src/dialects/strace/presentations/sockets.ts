/** How arguments of calls on sockets look where their types do not say it. */
import * as sets from '../../../abi/sets.ts'
import type { Frame } from '../../../record/frame.ts'
import { readAddress } from '../../../types/evaluate.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import { nameTable, printValue } from '../names.ts'
import type { Presentation, Presentations, ShownArgument } from '../presentations.ts'
import type { Printer, PrintScope } from '../print.ts'
import { addressNumber } from '../scalars.ts'
import { valueToGet, valueToSet } from '../socket-option-tables.ts'
import { programGot } from '../socket-options.ts'
import { addressBytes, printAddress } from '../specials/sockaddr.ts'
import type { Style } from '../style.ts'
import { argumentsWith, usual } from './arguments.ts'

/** Protocols in network byte order, and those whose names few would know without the number. */
const socket: Presentation = scope => {
  const { style, arch } = scope
  const other = usual(scope, 'protocol')
  const link = [nameTable(sets.ethernet_protocols, arch)]
  const both: Style = { ...style, constants: 'verbose' }
  const radio = [nameTable(sets.ax25_protocols, arch)]
  // strace 6.1 looks into the table beside its own.
  const can = [nameTable(sets.can_protocols, arch)]
  const { AF_AX25, AF_IRDA, AF_PACKET } = sets.addrfams.values
  const protocol: Printer = (out, frame, at, bases) => {
    const domain = frame.view.getUint32(frame.args, true)
    if (domain === AF_PACKET) {
      out.put('htons(')
      printValue(out, link, frame.view.getUint16(at, false), 0, style)
      out.putChar(')')
    } else if (domain === AF_IRDA)
      printValue(out, can, frame.view.getUint32(at, true), 0, style, 'IRDAPROTO_???')
    else if (domain === AF_AX25) printValue(out, radio, frame.view.getUint32(at, true), 0, both, 'AX25_P_???')
    else other(out, frame, at, bases)
  }
  return argumentsWith(scope, { protocol })
}

/** The room for an address at the enter, and its length at the exit; undefined where they cannot be known. */
function lengthBefore(frame: Frame, address: number): number | undefined {
  return address !== 0 && frame.availableAtEnter(address) >= 4
    ? frame.view.getInt32(frame.at, true)
    : undefined
}
function lengthAfter(frame: Frame, address: number): number | undefined {
  const place = frame.failed || frame.result < 0 ? -1 : frame.find(address, 4)
  return place < 0 ? undefined : frame.view.getInt32(place, true)
}

/** `[16]`, or `[128 => 16]`. */
function changedLength(out: TextBuffer, before: number, after: number | undefined): void {
  out.put(after === undefined || after === before ? `[${before}]` : `[${before} => ${after}]`)
}

/** An address that the kernel writes and its length, which are arguments `first` and `first + 1`. */
export function filledAddress(
  scope: PrintScope,
  names: readonly [string, string],
  first: number,
): ShownArgument[] {
  const { arch } = scope
  const argument = (frame: Frame, index: number): number =>
    readAddress(frame.view, frame.args + index * 8, arch)
  const known = (frame: Frame): boolean =>
    argument(frame, first) !== 0 && lengthBefore(frame, argument(frame, first + 1)) !== undefined
  const addr: Printer = (out, frame, at) => {
    const room = lengthBefore(frame, argument(frame, first + 1))
    const after = lengthAfter(frame, argument(frame, first + 1))
    const size = room === undefined || after === undefined ? 0 : Math.min(room, after)
    const shown = Math.min(size, addressBytes)
    const place = known(frame) && size >= 2 ? frame.find(argument(frame, first), shown) : -1
    if (place < 0) addressNumber(out, frame, at, 8)
    else printAddress(out, frame, place, shown, scope)
  }
  const length: Printer = (out, frame, at) => {
    const room = known(frame) ? lengthBefore(frame, argument(frame, first + 1)) : undefined
    if (room === undefined) addressNumber(out, frame, at, 8)
    else changedLength(out, room, lengthAfter(frame, argument(frame, first + 1)))
  }
  return [
    { label: '', arg: names[0], print: addr, waits: known },
    { label: '', arg: names[1], print: length, waits: known },
  ]
}

/** accept, getsockname and the like: an address comes back as arguments 1 and 2. */
const named: Presentation = scope => {
  const [sockfd, ...rest] = argumentsWith(scope, { addr: null, addrlen: null })
  return [sockfd!, ...filledAddress(scope, ['addr', 'addrlen'], 1), ...rest]
}

const setsockopt: Presentation = scope => {
  const optval: Printer = (out, frame, at) => {
    const { view, args } = frame
    const address = readAddress(view, at, scope.arch)
    const print = valueToSet(view.getUint32(args + 8, true), view.getUint32(args + 16, true))
    const unread = scope.style.unread || address === 0
    if (unread || !print(out, frame, address, view.getInt32(args + 32, true), scope))
      addressNumber(out, frame, at, 8)
  }
  return argumentsWith(scope, { optval })
}

const getsockopt: Presentation = scope => {
  const room = (frame: Frame): number | undefined =>
    lengthBefore(frame, readAddress(frame.view, frame.args + 32, scope.arch))
  const known = (frame: Frame): boolean => room(frame) !== undefined
  const optval: Printer = (out, frame, at) => {
    const { view, args } = frame
    const address = readAddress(view, at, scope.arch)
    const after = lengthAfter(frame, readAddress(view, args + 32, scope.arch))
    const print = valueToGet(view.getUint32(args + 8, true), view.getUint32(args + 16, true))
    // The length of a program counts instructions, not the bytes that there is room for.
    const isProgram = print === programGot
    const most = room(frame) ?? 0
    const size = after === undefined || most <= 0 ? 0 : isProgram ? after : Math.min(most, after)
    const unread = scope.style.unread || address === 0 || size <= 0
    if (unread || !print(out, frame, address, size, scope)) addressNumber(out, frame, at, 8)
  }
  const optlen: Printer = (out, frame, at) => {
    const before = room(frame)
    if (before === undefined) addressNumber(out, frame, at, 8)
    else changedLength(out, before, lengthAfter(frame, readAddress(frame.view, at, scope.arch)))
  }
  return argumentsWith(scope, { optval, optlen }).map(shown =>
    shown.arg === 'optval' || shown.arg === 'optlen' ? { ...shown, waits: known } : shown,
  )
}

export const socketPresentations: Presentations = {
  socket,
  setsockopt,
  getsockopt,
  accept: named,
  accept4: named,
  getsockname: named,
  getpeername: named,
}
