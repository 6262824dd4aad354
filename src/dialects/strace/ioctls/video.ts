/** ioctls of video devices: what is asked, and what the device tells beside it or in its place. */
import * as sets from '../../../abi/sets.ts'
import type { Frame } from '../../../record/frame.ts'
import { readAddress } from '../../../types/evaluate.ts'
import type { Struct } from '../../../types/language.ts'
import { layoutOf } from '../../../types/resolve.ts'
import { pointeePrinter } from '../pointees.ts'
import type { Pointee, PrintScope } from '../print.ts'
import { hexNumber } from '../scalars.ts'
import { picked } from '../structures.ts'
import { arrow, type ShownIoctl, type ShownIoctls, structOf, through, told } from './shown.ts'

const { V4L2_BUF_TYPE_VIDEO_OVERLAY, V4L2_BUF_TYPE_VIDEO_OUTPUT_OVERLAY } = sets.v4l2_buf_types.values
const overlays: readonly number[] = [V4L2_BUF_TYPE_VIDEO_OVERLAY, V4L2_BUF_TYPE_VIDEO_OUTPUT_OVERLAY]

const without = (type: Struct, ...names: readonly string[]): Struct =>
  picked(
    type,
    Object.keys(type.fields).filter(name => !names.includes(name)),
  )

/** A format that the device may change: what of it came of the call. strace does not show overlays again. */
const formatSet = (scope: PrintScope, request: string): ShownIoctl => {
  const type = structOf(request)
  const after = pointeePrinter(without(type, 'type'), scope)
  const typeAt = layoutOf(type.layout, scope.arch).fields.type!.offset
  return {
    print: through(pointeePrinter(type, scope), 'entered'),
    after: arrow((out, frame, address, bases) => {
      if (frame.available(address) < typeAt + 4) return false
      if (overlays.includes(frame.view.getUint32(frame.at + typeAt, true))) return false
      const start = out.length
      // Of other types nothing is told.
      return after(out, frame, address, bases) && out.length > start + 2
    }),
  }
}

/** `count=4 => 2`: a number that comes back changed in the same braces, last. */
const changed =
  (field: string, signed = false) =>
  (scope: PrintScope, request: string): ShownIoctl => {
    const type = structOf(request)
    const all = pointeePrinter(type, scope)
    const { offset } = layoutOf(type.layout, scope.arch).fields[field]!
    return {
      waits: true,
      print: (out, frame, at, bases) => {
        const start = out.length
        through(all, 'entered')(out, frame, at, bases)
        const address = readAddress(frame.view, at, scope.arch)
        if (frame.failed || out.bytes[start] !== 123 || frame.available(address) < offset + 4) return
        out.length--
        const place = frame.at + offset
        out.put(` => ${signed ? frame.view.getInt32(place, true) : frame.view.getUint32(place, true)}}`)
      },
    }
  }

/** What is known before the call, and all of it when it did not fail. */
const buffer =
  (...asked: readonly string[]) =>
  (scope: PrintScope, request: string): ShownIoctl => {
    const type = structOf(request)
    const whole = pointeePrinter(asked.length === 1 ? type : without(type, 'timestamp'), scope)
    const before = pointeePrinter(picked(type, asked), scope)
    const all: Pointee = (out, frame, address, bases) => {
      if (!whole(out, frame, address, bases)) return false
      out.length--
      out.put(', ...}')
      return true
    }
    return {
      waits: true,
      print: (out, frame, at, bases) => through(frame.failed ? before : all, 'now')(out, frame, at, bases),
    }
  }

/** All but one field is the device's to tell, if the call does not fail. */
const toldBut =
  (asked: string) =>
  (scope: PrintScope, request: string): ShownIoctl =>
    told(...Object.keys(structOf(request).fields).filter(name => name !== asked))(scope, request)

/** Video standards, of which strace writes the bits. */
const standards = (gets: boolean) => (): ShownIoctl => ({
  waits: gets,
  print: through((out, frame, address) => {
    if (address === 0 || (gets && frame.failed) || frame.available(address) < 8) return false
    out.putChar('[')
    hexNumber(out, frame, frame.at, 8)
    out.putChar(']')
    return true
  }, 'now'),
})

/** A tuner that is set: what is told of it besides. */
const tunerSet = (scope: PrintScope, request: string): ShownIoctl => {
  const type = structOf(request)
  return {
    print: through(pointeePrinter(type, scope), 'entered'),
    after: arrow(pointeePrinter(without(type, 'index'), scope)),
  }
}

/** Whether a list of controls could be read to its end. */
const wholeList = (type: Struct, scope: PrintScope) => {
  const { fields, size } = layoutOf(type.layout, scope.arch)
  const each = layoutOf('v4l2_ext_control', scope.arch).size
  return (frame: Frame, address: number): boolean => {
    if (frame.available(address) < size) return false
    const { at, view } = frame
    const count = view.getUint32(at + fields.count!.offset, true)
    const list = readAddress(view, at + fields.controls!.offset, scope.arch)
    return count === 0 || (list !== 0 && frame.available(list) >= count * each)
  }
}

/** Several controls at once. `sets`: their values are the program's, and come back. */
const controls =
  (setting: boolean) =>
  (scope: PrintScope, request: string): ShownIoctl => {
    const type = structOf(request)
    const readable = wholeList(type, scope)
    const countAt = layoutOf(type.layout, scope.arch).fields.count!.offset
    const none = (frame: Frame, address: number): boolean =>
      frame.available(address) >= countAt + 4 && frame.view.getUint32(frame.at + countAt, true) === 0
    const shown = (...fields: readonly string[]): Pointee => {
      const some = pointeePrinter(picked(type, fields), scope)
      const fewer = pointeePrinter(
        picked(
          type,
          fields.filter(name => name !== 'controls' && name !== 'error_idx'),
        ),
        scope,
      )
      return (out, frame, address, bases) => (none(frame, address) ? fewer : some)(out, frame, address, bases)
    }
    /** Which of them was wrong is told of a call that failed. */
    const withError = (...fields: readonly string[]): Pointee => {
      const [done, failed] = [shown(...fields), shown(...fields, 'error_idx')]
      return (out, frame, address, bases) => (frame.failed ? failed : done)(out, frame, address, bases)
    }
    if (!setting) return { waits: true, print: through(withError('ctrl_class', 'count', 'controls'), 'now') }
    const after = withError('controls')
    return {
      print: through(shown('ctrl_class', 'count', 'controls'), 'entered'),
      afterFailed: true,
      after: arrow(
        (out, frame, address, bases) =>
          address !== 0 &&
          !none(frame, address) &&
          readable(frame, address) &&
          after(out, frame, address, bases),
      ),
    }
  }

/** Buffers to be made; how many were made, the result tells. */
const created = (scope: PrintScope, request: string): ShownIoctl => ({
  print: through(pointeePrinter(without(structOf(request), 'index'), scope), 'entered'),
})

export const videoShown: ShownIoctls = {
  VIDIOC_ENUM_FMT: told('flags', 'description', 'pixelformat'),
  VIDIOC_G_FMT: toldBut('type'),
  VIDIOC_S_FMT: formatSet,
  VIDIOC_TRY_FMT: formatSet,
  VIDIOC_REQBUFS: changed('count'),
  VIDIOC_QUERYBUF: buffer('type', 'index'),
  VIDIOC_QBUF: buffer('type', 'index'),
  VIDIOC_DQBUF: buffer('type'),
  VIDIOC_G_PARM: toldBut('type'),
  VIDIOC_S_PARM: formatSet,
  VIDIOC_G_STD: standards(true),
  VIDIOC_S_STD: standards(false),
  VIDIOC_ENUMSTD: told('name', 'frameperiod', 'framelines'),
  VIDIOC_ENUMINPUT: told('name', 'type'),
  VIDIOC_G_CTRL: told('value'),
  VIDIOC_S_CTRL: changed('value', true),
  VIDIOC_G_TUNER: toldBut('index'),
  VIDIOC_S_TUNER: tunerSet,
  VIDIOC_QUERYCTRL: toldBut('id'),
  VIDIOC_CROPCAP: toldBut('type'),
  VIDIOC_G_CROP: toldBut('type'),
  VIDIOC_G_EXT_CTRLS: controls(false),
  VIDIOC_S_EXT_CTRLS: controls(true),
  VIDIOC_TRY_EXT_CTRLS: controls(true),
  VIDIOC_ENUM_FRAMESIZES: told('type', 'discrete', 'stepwise'),
  VIDIOC_ENUM_FRAMEINTERVALS: told('type', 'discrete', 'stepwise'),
  VIDIOC_CREATE_BUFS: created,
  VIDIOC_QUERY_EXT_CTRL: toldBut('id'),
}
