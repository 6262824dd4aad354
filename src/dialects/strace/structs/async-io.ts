/** Structures of asynchronous I/O that strace does not write field by field. */
import { aio_cmds, aio_iocb_flags } from '../../../abi/sets.ts'
import type { Frame } from '../../../record/frame.ts'
import type { Struct } from '../../../types/language.ts'
import { layoutOf } from '../../../types/resolve.ts'
import { priorityParts } from '../presentations/scheduling.ts'
import { type Printer, printer } from '../print.ts'
import type { StructPrinters } from '../registry.ts'
import { addressNumber, hexNumber, unsignedNumber } from '../scalars.ts'
import { fieldsPrinter, picked } from '../structures.ts'

const { IOCB_FLAG_RESFD, IOCB_FLAG_IOPRIO } = aio_iocb_flags.values
const { IOCB_CMD_PREAD, IOCB_CMD_PWRITE, IOCB_CMD_PREADV, IOCB_CMD_PWRITEV, IOCB_CMD_POLL } = aio_cmds.values
/** Requests of which what stands behind the descriptor is shown. */
const withBuffer: readonly number[] = [
  IOCB_CMD_PREAD,
  IOCB_CMD_PWRITE,
  IOCB_CMD_PREADV,
  IOCB_CMD_PWRITEV,
  IOCB_CMD_POLL,
]
/** All that is shown of a request that is to be cancelled, or of which no more is known. */
const identity = ['aio_data', 'aio_key', 'aio_rw_flags', 'aio_lio_opcode', 'aio_reqprio', 'aio_fildes']
const usuallyZero = ['aio_key', 'aio_rw_flags', 'aio_reqprio', 'aio_flags', 'aio_resfd']

export const asyncIoStructs: StructPrinters = {
  /** Flags say that two of the fields mean something; the others of `usuallyZero` are shown when they are not. */
  iocb: (type, scope) => {
    const { fields } = layoutOf('iocb', scope.arch)
    const cancels = scope.args.some(a => a.name === 'iocb')
    const { constants } = scope.style
    const aio_reqprio: Printer = (out, frame, at) => {
      if (constants !== 'abbrev') hexNumber(out, frame, at, 2)
      if (constants === 'raw') return
      if (constants === 'verbose') out.put(' /* ')
      priorityParts(out, frame.view.getUint16(at, true), scope.style, scope.arch)
      if (constants === 'verbose') out.put(' */')
    }
    const usualBuffer = type.fields.aio_buf!
    const inside = { layout: layoutOf('iocb', scope.arch), fields: type.fields }
    const buffer = printer(usualBuffer, { ...scope, structs: [inside, ...scope.structs] }, 8)
    const opcodeOf = (frame: Frame, request: number): number =>
      frame.view.getUint16(request + fields.aio_lio_opcode!.offset, true)
    /** Of a vector that cannot be so long, the length is told. */
    const aio_buf: Printer = (out, frame, at, bases) => {
      const opcode = opcodeOf(frame, at - fields.aio_buf!.offset)
      const isVector = opcode === IOCB_CMD_PREADV || opcode === IOCB_CMD_PWRITEV
      if (isVector && frame.view.getBigInt64(at + 8, true) < 0n) {
        hexNumber(out, frame, at, 8)
        out.put(', aio_nbytes=')
        return unsignedNumber(out, frame, at + 8, 8)
      }
      if (isVector && frame.view.getBigUint64(at, true) === 0n) addressNumber(out, frame, at, 8)
      else buffer(out, frame, at, bases)
    }
    const aio_resfd: Printer = (out, frame, at) => hexNumber(out, frame, at, 4)
    const variant = (flags: number, type: Struct): Printer =>
      fieldsPrinter(
        type,
        scope,
        undefined,
        {
          aio_buf,
          ...(flags & IOCB_FLAG_IOPRIO ? { aio_reqprio } : {}),
          ...(flags & IOCB_FLAG_RESFD ? {} : { aio_resfd }),
        },
        usuallyZero.filter(
          name =>
            !(name === 'aio_reqprio' && flags & IOCB_FLAG_IOPRIO) &&
            !(name === 'aio_resfd' && flags & IOCB_FLAG_RESFD),
        ),
      )
    const short = picked(type, identity)
    const few = [0, 1, 2, 3].map(flags => variant(flags, short))
    const all = cancels ? few : [0, 1, 2, 3].map(flags => variant(flags, type))
    return (out, frame, at, bases) => {
      const variants = withBuffer.includes(opcodeOf(frame, at)) ? all : few
      variants[frame.view.getUint32(at + fields.aio_flags!.offset, true) & 3]!(out, frame, at, bases)
    }
  },
}
