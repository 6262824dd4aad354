/** ioctls of the device mapper: of the one structure that all take, what a request uses, and what follows it. */
import * as sets from '../../../abi/sets.ts'
import type { Frame } from '../../../record/frame.ts'
import { deviceMapperHead } from '../../../syscalls/ioctl/device-mapper.ts'
import { readAddress } from '../../../types/evaluate.ts'
import { layoutOf } from '../../../types/resolve.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import type { Printer, PrintScope } from '../print.ts'
import { hexNumber } from '../scalars.ts'
import { bare, fieldsPrinter, picked } from '../structures.ts'
import { type Following, followingPrinter } from './device-mapper-data.ts'
import type { ShownIoctl, ShownIoctls } from './shown.ts'

/** What a request takes and gives after the structure. `status`: it tells counts of the device. */
interface Use {
  /** It is about one device, by its number, name or UUID. */
  readonly device?: false
  readonly start?: true
  readonly takes?: Following
  readonly gives?: Following
  readonly event?: true | 'unless suspending'
  readonly status?: true
}
const uses: { readonly [request: string]: Use } = {
  DM_VERSION: {},
  DM_REMOVE_ALL: { device: false },
  DM_LIST_DEVICES: { device: false, start: true, gives: 'names' },
  DM_LIST_VERSIONS: { device: false, start: true, gives: 'versions' },
  DM_DEV_CREATE: { status: true },
  DM_DEV_REMOVE: { event: true },
  DM_DEV_RENAME: { start: true, takes: 'string', event: true, status: true },
  DM_DEV_SUSPEND: { event: 'unless suspending', status: true },
  DM_DEV_STATUS: { status: true },
  DM_DEV_WAIT: { start: true, event: true, gives: 'status', status: true },
  DM_DEV_SET_GEOMETRY: { start: true, takes: 'string' },
  DM_DEV_ARM_POLL: {},
  DM_TABLE_LOAD: { start: true, takes: 'load', status: true },
  DM_TABLE_CLEAR: { status: true },
  DM_TABLE_DEPS: { start: true, gives: 'dependencies', status: true },
  DM_TABLE_STATUS: { start: true, gives: 'status', status: true },
  DM_TARGET_MSG: { start: true, takes: 'message', status: true },
}

const { DM_SUSPEND_FLAG } = sets.dm_flags.values
/** The interface's major version. */
const ourVersion = 4

const request = (scope: PrintScope, name: string): ShownIoctl => {
  const use = uses[name]!
  const { fields } = layoutOf(deviceMapperHead.layout, scope.arch)
  const size = fields.data!.offset
  const only = (field: string): Printer => bare(fieldsPrinter(picked(deviceMapperHead, [field]), scope))
  const each = Object.fromEntries(Object.keys(deviceMapperHead.fields).map(field => [field, only(field)]))
  const number = ({ view }: Frame, at: number, field: string): number =>
    view.getUint32(at + fields[field]!.offset, true)
  const empty = ({ bytes }: Frame, at: number, field: string): boolean => {
    const { offset } = fields[field]!
    return bytes.subarray(at + offset, at + offset + (field === 'dev' ? 8 : 1)).every(b => b === 0)
  }
  const holdsItsSize = (frame: Frame, at: number): boolean =>
    number(frame, at, 'data_size') >= fields.data_size!.offset
  const { verbose } = scope.style
  const [taken, given] = [use.takes, use.gives].map(kind =>
    kind === undefined || !verbose ? undefined : followingPrinter(kind, scope),
  )
  const show = (out: TextBuffer, frame: Frame, at: number, base: number, after: boolean): void => {
    let some = false
    const field = (one: string): void => {
      if (some) out.put(', ')
      some = true
      each[one]!(out, frame, at, [])
    }
    out.put('[{')
    field('version')
    if (number(frame, at, 'version') !== ourVersion)
      return out.put(' /* unsupported device mapper ABI version */}]')
    field('data_size')
    if (number(frame, at, 'data_size') < fields.data!.offset) return out.put(' /* data_size too small */}]')
    if (use.start) field('data_start')
    if (use.device !== false)
      for (const name of ['dev', 'name', 'uuid']) if (!empty(frame, at, name)) field(name)
    const isSuspending = (number(frame, at, 'flags') & DM_SUSPEND_FLAG) !== 0
    if (after && use.status) for (const name of ['target_count', 'open_count', 'event_nr']) field(name)
    if (!after && use.takes === 'load') field('target_count')
    if (!after && (use.event === true || (use.event !== undefined && !isSuspending))) field('event_nr')
    field('flags')
    const more = after ? use.gives : use.takes
    out.putChar('}')
    const targets = number(frame, at, 'target_count')
    if (more !== undefined && (targets > 0 || (more !== 'load' && more !== 'status'))) {
      const [start, end] = [number(frame, at, 'data_start'), number(frame, at, 'data_size')]
      const print = after ? given : taken
      out.put(', ')
      if (print === undefined) out.put('...')
      else print(out, frame, { base, start, size: end, targets })
    }
    out.putChar(']')
  }
  return {
    print: (out, frame, at) => {
      const address = readAddress(frame.view, at, scope.arch)
      const have = address === 0 ? 0 : frame.availableAtEnter(address)
      // A size that does not even hold itself says that this is something else.
      if (have < size || !holdsItsSize(frame, frame.at)) hexNumber(out, frame, at, 8)
      else {
        frame.asEntered = true
        show(out, frame, frame.at, address, false)
        frame.asEntered = false
      }
    },
    after: (out, frame, at) => {
      const address = readAddress(frame.view, at, scope.arch)
      if (address === 0 || frame.availableAtEnter(address) < size || !holdsItsSize(frame, frame.at)) return
      if (frame.available(address) < size) return
      out.put(' => ')
      show(out, frame, frame.at, address, true)
    },
  }
}

export const deviceMapperShown: ShownIoctls = Object.fromEntries(
  Object.keys(uses).map(name => [name, request]),
)
