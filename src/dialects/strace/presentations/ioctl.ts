/** ioctl: the request by its names, and the argument by the request. */

import { ioctlNames } from '../../../abi/ioctl-names.ts'
import type { Frame } from '../../../record/frame.ts'
import { madeByNumber } from '../../../types/resolve.ts'
import { waiting } from '../call-printer.ts'
import { blockDeviceShown } from '../ioctls/block-devices.ts'
import { btrfsShown } from '../ioctls/btrfs.ts'
import { clockShown } from '../ioctls/clocks.ts'
import { consoleShown } from '../ioctls/consoles.ts'
import { deviceMapperShown } from '../ioctls/device-mapper.ts'
import { diskShown } from '../ioctls/disks.ts'
import { fileShown } from '../ioctls/files.ts'
import { flashShown } from '../ioctls/flash.ts'
import { gpioShown } from '../ioctls/gpio.ts'
import { inputDeviceShown } from '../ioctls/input-devices.ts'
import { interfaceShown } from '../ioctls/interfaces.ts'
import { kernelServiceShown } from '../ioctls/kernel-services.ts'
import { keyboardShown } from '../ioctls/keyboards.ts'
import { otherDeviceShown } from '../ioctls/other-devices.ts'
import { printRequest } from '../ioctls/request.ts'
import { scsiShown } from '../ioctls/scsi.ts'
import { argumentOf, type ShownIoctl, type ShownIoctls } from '../ioctls/shown.ts'
import { sizedInput } from '../ioctls/sized-input.ts'
import { undecoded } from '../ioctls/undecoded.ts'
import { videoShown } from '../ioctls/video.ts'
import { virtualMachineShown } from '../ioctls/virtual-machines.ts'
import type { Presentation, Presentations } from '../presentations.ts'
import { addressNumber } from '../scalars.ts'
import { usual } from './arguments.ts'

const families: ShownIoctls = {
  ...undecoded,
  ...blockDeviceShown,
  ...btrfsShown,
  ...clockShown,
  ...consoleShown,
  ...deviceMapperShown,
  ...diskShown,
  ...fileShown,
  ...flashShown,
  ...gpioShown,
  ...inputDeviceShown,
  ...interfaceShown,
  ...keyboardShown,
  ...kernelServiceShown,
  ...otherDeviceShown,
  ...scsiShown,
  ...videoShown,
  ...virtualMachineShown,
}

const requestAt = 8
const unread: ShownIoctl = { print: (out, frame, at) => addressNumber(out, frame, at, 8) }

const ioctl: Presentation = scope => {
  const { arch, style } = scope
  const listed = madeByNumber(
    request => ioctlNames(request, arch).findLast(name => Object.hasOwn(families, name)),
    name => (style.unread && argumentOf(name)?.kind === 'pointer' ? unread : families[name]!(scope, name)),
  )
  // Requests with a size in them are as many as there are sizes: made when they are seen, and not kept.
  const of = ({ view, args }: Frame): ShownIoctl | undefined => {
    const request = view.getUint32(args + requestAt, true)
    return listed(request) ?? sizedInput(request, scope)
  }
  const other = usual(scope, 'argp')
  const waitsByType = waiting(scope.args.find(a => a.name === 'argp')!.type, scope)
  return [
    { label: '', arg: 'fd' },
    {
      label: '',
      arg: 'request',
      print: (out, { view }, at) => printRequest(out, view.getUint32(at, true), arch, style),
    },
    {
      label: '',
      arg: 'argp',
      print: (out, frame, at, bases) => (of(frame)?.print ?? other)(out, frame, at, bases),
      waits: (frame, bases) => {
        const own = of(frame)
        return own?.print === undefined ? waitsByType(frame, bases) : own.waits === true
      },
    },
    {
      label: '',
      arg: 'argp',
      print: (out, frame, at, bases) => {
        const own = of(frame)
        if (!frame.failed || own?.afterFailed) own?.after?.(out, frame, at, bases)
      },
      waits: frame => of(frame)?.after !== undefined,
      joined: true,
    },
  ]
}

export const ioctlPresentations: Presentations = { ioctl }
