/** Structures of asynchronous I/O that strace does not write field by field. */
import { aio_cmds, aio_iocb_flags } from '../../../abi/sets.ts'
import { layoutOf } from '../../../types/resolve.ts'
import { priorityValue } from '../presentations/scheduling.ts'
import { fieldsPrinter, type Printer, printer } from '../print.ts'
import type { StructPrinters } from '../registry.ts'
import { hexNumber, unsignedNumber } from '../scalars.ts'

const { IOCB_FLAG_RESFD, IOCB_FLAG_IOPRIO } = aio_iocb_flags.values
const { IOCB_CMD_PREADV, IOCB_CMD_PWRITEV } = aio_cmds.values
/** All that is shown of a request that is to be cancelled. */
const identity = ['aio_data', 'aio_key', 'aio_rw_flags', 'aio_lio_opcode', 'aio_reqprio', 'aio_fildes']
const usuallyZero = ['aio_key', 'aio_rw_flags', 'aio_reqprio', 'aio_flags', 'aio_resfd']

export const asyncIoStructs: StructPrinters = {
  /** Flags say that two of the fields mean something; the others of `usuallyZero` are shown when they are not. */
  iocb: (type, scope) => {
    const { fields } = layoutOf('iocb', scope.arch)
    const cancels = scope.args.some(a => a.name === 'iocb')
    const shown = cancels
      ? { ...type, fields: Object.fromEntries(identity.map(name => [name, type.fields[name]!])) }
      : type
    const aio_reqprio: Printer = (out, { view }, at) =>
      priorityValue(out, view.getUint16(at, true), scope.style, scope.arch)
    const usualBuffer = type.fields.aio_buf!
    const inside = { layout: layoutOf('iocb', scope.arch), fields: type.fields }
    const buffer = printer(usualBuffer, { ...scope, structs: [inside, ...scope.structs] }, 8)
    /** A vector that is nowhere: how many there were to be is told. */
    const aio_buf: Printer = (out, frame, at, bases) => {
      const opcode = frame.view.getUint16(at - fields.aio_buf!.offset + fields.aio_lio_opcode!.offset, true)
      const isVector = opcode === IOCB_CMD_PREADV || opcode === IOCB_CMD_PWRITEV
      if (!isVector || frame.view.getBigUint64(at, true) !== 0n) return buffer(out, frame, at, bases)
      out.put('0, aio_nbytes=')
      unsignedNumber(out, frame, at + 8, 8)
    }
    const aio_resfd: Printer = (out, frame, at) => hexNumber(out, frame, at, 4)
    const variant = (flags: number): Printer =>
      fieldsPrinter(
        shown,
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
    const variants = [0, 1, 2, 3].map(variant)
    return (out, frame, at, bases) =>
      variants[frame.view.getUint32(at + fields.aio_flags!.offset, true) & 3]!(out, frame, at, bases)
  },
}
