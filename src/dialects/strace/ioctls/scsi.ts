/** SCSI commands (SG_IO): what is asked for, and after the call what came of it, in the same braces. */
import * as sets from '../../../abi/sets.ts'
import type { Frame } from '../../../record/frame.ts'
import { readUnsigned } from '../../../record/numbers.ts'
import { commandStruct, requestStruct } from '../../../syscalls/ioctl/scsi.ts'
import { readAddress } from '../../../types/evaluate.ts'
import type { Struct } from '../../../types/language.ts'
import { layoutOf } from '../../../types/resolve.ts'
import { nameTable, printFlags, printValue } from '../names.ts'
import type { Printer, PrintScope } from '../print.ts'
import { addressNumber } from '../scalars.ts'
import { printIovecs } from '../sequences.ts'
import { printBytes } from '../strings.ts'
import { bare, fieldsPrinter, picked } from '../structures.ts'
import { type ShownIoctl, type ShownIoctls, through } from './shown.ts'

/** A number of a structure that stands at `start`. */
type Field = (frame: Frame, start: number) => number
/** What a pointer leads to: so many bytes, in so many pieces where that is not 0. */
interface Buffer {
  readonly length: Field
  readonly pieces?: Field
}
/** What is shown of a structure before the call and after it. `label`: the field that tells which structure it is. */
interface Halves {
  readonly label: string
  readonly type: Struct
  readonly before: Printer
  readonly after: Printer
}

class Command {
  readonly #type: Struct
  readonly #scope: PrintScope

  constructor(type: Struct, scope: PrintScope) {
    this.#type = type
    this.#scope = scope
  }

  field(name: string): Field {
    const { offset, size } = layoutOf(this.#type.layout, this.#scope.arch).fields[name]!
    return (frame, start) => readUnsigned(frame.view, start + offset, size)
  }

  /** `a=1, b=2`. */
  list(names: readonly string[], buffers: { readonly [field: string]: Buffer } = {}): Printer {
    const own = Object.fromEntries(
      Object.entries(buffers).map(([name, buffer]) => [name, this.#buffer(buffer)]),
    )
    return bare(fieldsPrinter(picked(this.#type, names), this.#scope, undefined, own))
  }

  #buffer({ length, pieces }: Buffer): Printer {
    const { style, arch, structs } = this.#scope
    return (out, frame, at, bases) => {
      const start = bases[structs.length]!
      const bytes = length(frame, start)
      const count = pieces?.(frame, start) ?? 0
      const pointer = layoutOf(this.#type.layout, arch).size === oldBytesOf32 ? 4 : 8
      const address = readUnsigned(frame.view, at, pointer)
      const shown =
        count > 0
          ? printIovecs(out, frame, address, count, bytes, style)
          : printBytes(out, frame, address, bytes, style.stringLimit, { ...style, escape: 'all' })
      if (!shown) addressNumber(out, frame, at, pointer)
    }
  }
}
/** The older structure of 32-bit programs is the one whose pointers are short. */
const oldBytesOf32 = 64

/** Of a transfer, what the device moved. */
const moved =
  (length: Field, rest: Field): Field =>
  (frame, start) => {
    const all = length(frame, start)
    const left = rest(frame, start) | 0
    return left > 0 && left <= all ? all - left : all
  }

const { SG_DXFER_TO_DEV, SG_DXFER_FROM_DEV, SG_DXFER_TO_FROM_DEV } = sets.sg_io_dxfer_direction.values

/** The older structure. Which way the data goes says whether it is shown before the call, after it, or both. */
function oldCommand(type: Struct, scope: PrintScope): Halves {
  const command = new Command(type, scope)
  const direction = command.field('dxfer_direction')
  const length = command.field('dxfer_len')
  const pieces = command.field('iovec_count')
  const received = moved(length, command.field('resid'))
  const lead = command.list(
    ['dxfer_direction', 'cmd_len', 'cmdp', 'mx_sb_len', 'iovec_count', 'dxfer_len', 'timeout', 'flags'],
    { cmdp: { length: command.field('cmd_len') } },
  )
  const sent = command.list(['dxferp'], { dxferp: { length, pieces } })
  const got = command.list(['dxferp'], { dxferp: { length: received, pieces } })
  const status = command.list(
    [
      ...['status', 'masked_status', 'msg_status', 'sb_len_wr', 'sbp'],
      ...['host_status', 'driver_status', 'resid', 'duration', 'info'],
    ],
    { sbp: { length: command.field('sb_len_wr') } },
  )
  return {
    label: "interface_id='S'",
    type,
    before: (out, frame, at, bases) => {
      lead(out, frame, at, bases)
      const way = direction(frame, at) | 0
      if (way !== SG_DXFER_TO_DEV && way !== SG_DXFER_TO_FROM_DEV) return
      out.put(', ')
      sent(out, frame, at, bases)
    },
    after: (out, frame, at, bases) => {
      const way = direction(frame, at) | 0
      const some = received(frame, at) > 0
      if (way === SG_DXFER_FROM_DEV || (way === SG_DXFER_TO_FROM_DEV && some)) {
        out.put(way === SG_DXFER_FROM_DEV ? ', ' : ' => ')
        got(out, frame, at, bases)
      }
      out.put(', ')
      status(out, frame, at, bases)
    },
  }
}

/** The newer structure, that has a buffer for each direction. */
function newCommand(type: Struct, scope: PrintScope): Halves {
  const command = new Command(type, scope)
  const lead = command.list(
    [
      ...['protocol', 'subprotocol', 'request_len', 'request', 'request_tag', 'request_attr'],
      ...['request_priority', 'request_extra', 'max_response_len'],
      ...['dout_iovec_count', 'dout_xfer_len', 'din_iovec_count', 'din_xfer_len', 'dout_xferp'],
      ...['timeout', 'flags', 'usr_ptr'],
    ],
    {
      request: { length: command.field('request_len') },
      dout_xferp: { length: command.field('dout_xfer_len'), pieces: command.field('dout_iovec_count') },
    },
  )
  const length = command.field('response_len')
  const answer = command.list(['response_len', 'response', 'din_xferp'], {
    response: { length },
    din_xferp: {
      length: moved(command.field('din_xfer_len'), command.field('din_resid')),
      pieces: command.field('din_iovec_count'),
    },
  })
  const status = command.list([
    ...['driver_status', 'transport_status', 'device_status', 'retry_delay', 'info', 'duration'],
    ...['response_len', 'din_resid', 'dout_resid', 'generated_tag'],
  ])
  return {
    label: "guard='Q'",
    type,
    before: lead,
    after: (out, frame, at, bases) => {
      out.put(', ')
      answer(out, frame, at, bases)
      out.put(', ')
      status(out, frame, at, bases)
    },
  }
}

const wordBytes = 4

/** The first word says which structure it is; another one is all that is shown. */
const command = (scope: PrintScope): ShownIoctl => {
  const { arch } = scope
  const kinds = new Map([
    [0x53, oldCommand(commandStruct, scope)],
    [0x51, newCommand(requestStruct, scope)],
  ])
  return {
    print: through((out, frame, address, bases) => {
      const have = address === 0 ? 0 : frame.available(address)
      if (have < wordBytes) return false
      const { at, view } = frame
      const kind = kinds.get(view.getUint32(at, true))
      if (kind === undefined) {
        out.put(`[${view.getUint32(at, true)}]`)
        return true
      }
      out.put(`{${kind.label}, `)
      if (have < layoutOf(kind.type.layout, arch).size) out.put(`0x${(address + wordBytes).toString(16)}`)
      else kind.before(out, frame, at, bases)
      return true
    }, 'entered'),
    afterFailed: true,
    after: (out, frame, argument, bases) => {
      const address = readAddress(frame.view, argument, arch)
      const asked = frame.availableAtEnter(address) < wordBytes ? 0 : frame.view.getUint32(frame.at, true)
      const kind = kinds.get(asked)
      if (address === 0 || kind === undefined) return
      if (frame.available(address) >= layoutOf(kind.type.layout, arch).size)
        kind.after(out, frame, frame.at, bases)
      out.putChar('}')
    },
  }
}

const { SG_SCSI_RESET_NO_ESCALATE } = sets.sg_scsi_reset.values

/** What to reset, and whether to go on to more when that fails. */
const reset = ({ style, arch }: PrintScope): ShownIoctl => {
  const names = nameTable(sets.sg_scsi_reset, arch)
  return {
    print: through((out, frame, address) => {
      if (address === 0 || frame.available(address) < wordBytes) return false
      const value = frame.view.getUint32(frame.at, true)
      const what = (value & ~SG_SCSI_RESET_NO_ESCALATE) >>> 0
      out.putChar('[')
      if (what === value) printValue(out, [names], value, 0, style)
      else {
        printFlags(out, [names], SG_SCSI_RESET_NO_ESCALATE, 0, style)
        out.putChar('|')
        printValue(out, [names], what, 0, style)
      }
      out.putChar(']')
      return true
    }, 'entered'),
  }
}

export const scsiShown: ShownIoctls = { SG_IO: command, SG_SCSI_RESET: reset }
