/** ioctl: what the argument is hangs on the request. What is not listed is a number. */

import { ioctlSet } from '../../abi/ioctl-names.ts'
import * as sets from '../../abi/sets.ts'
import { call, fd, flags, hex, int, oneOf, part, select, syscalls } from '../../types/language.ts'
import { blockDeviceIoctls } from './block-devices.ts'
import { btrfsIoctls } from './btrfs.ts'
import { clockIoctls } from './clocks.ts'
import { consoleIoctls } from './consoles.ts'
import { deviceMapperIoctls } from './device-mapper.ts'
import { diskIoctls } from './disks.ts'
import { fileIoctls } from './files.ts'
import { flashIoctls } from './flash.ts'
import { gpioIoctls } from './gpio.ts'
import { inputDeviceIoctls, sizedInputIoctls } from './input-devices.ts'
import { interfaceIoctls } from './interfaces.ts'
import { kernelServiceIoctls } from './kernel-services.ts'
import { otherDeviceIoctls } from './other-devices.ts'
import { scsiIoctls } from './scsi.ts'
import { terminalIoctls } from './terminals.ts'
import { videoIoctls } from './video.ts'
import { virtualMachineIoctls } from './virtual-machines.ts'

/** Names of all requests. Several may have one number. */
export const requests = ioctlSet()

export const ioctlArguments = {
  ...blockDeviceIoctls,
  ...btrfsIoctls,
  ...clockIoctls,
  ...consoleIoctls,
  ...deviceMapperIoctls,
  ...diskIoctls,
  ...scsiIoctls,
  ...flashIoctls,
  ...gpioIoctls,
  ...inputDeviceIoctls,
  ...kernelServiceIoctls,
  ...otherDeviceIoctls,
  ...fileIoctls,
  ...interfaceIoctls,
  ...terminalIoctls,
  ...videoIoctls,
  ...virtualMachineIoctls,
}

const inputDevices = 0x45
/** Requests that are not listed, by their type. */
const others = select(
  part('request', 0xff00, 8),
  {
    [inputDevices]: select(part('request', 0xc0000000, 30), sizedInputIoctls, hex),
  },
  hex,
)

const returned = select(
  'request',
  {
    NS_GET_USERNS: fd,
    NS_GET_PARENT: fd,
    NS_GET_NSTYPE: flags(sets.setns_types),
    TIOCGPTPEER: fd,
    KVM_CREATE_VM: fd,
    KVM_CREATE_VCPU: fd,
  },
  int,
)

export const ioctlCalls = syscalls({
  ioctl: call({ fd, request: oneOf(requests), argp: select('request', ioctlArguments, others) }, returned),
})
