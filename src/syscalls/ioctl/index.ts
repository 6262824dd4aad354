/** ioctl: what the argument is hangs on the request. What is not listed is a number. */
import { ioctlSet } from '../../abi/ioctl-names.ts'
import { address, call, fd, hex, int, oneOf, part, select, syscalls } from '../../types/language.ts'
import { blockDeviceIoctls } from './block-devices.ts'
import { clockIoctls } from './clocks.ts'
import { diskIoctls } from './disks.ts'
import { fileIoctls } from './files.ts'
import { flashIoctls } from './flash.ts'
import { inputDeviceIoctls, sizedInputIoctls } from './input-devices.ts'
import { interfaceIoctls } from './interfaces.ts'
import { kernelServiceIoctls } from './kernel-services.ts'
import { otherDeviceIoctls } from './other-devices.ts'
import { terminalIoctls } from './terminals.ts'

/** Names of all requests. Several may have one number. */
export const requests = ioctlSet()

export const ioctlArguments = {
  ...blockDeviceIoctls,
  ...clockIoctls,
  ...diskIoctls,
  ...flashIoctls,
  ...inputDeviceIoctls,
  ...kernelServiceIoctls,
  ...otherDeviceIoctls,
  ...fileIoctls,
  ...interfaceIoctls,
  ...terminalIoctls,
}

/** Requests to network devices that are not listed: all of them point at something. */
const others = select(
  part('request', 0xff00, 8),
  { 69: select(part('request', 0xc0000000, 30), { ...sizedInputIoctls, 3: address }, hex), 137: address },
  hex,
)

export const ioctlCalls = syscalls({
  ioctl: call({ fd, request: oneOf(requests), argp: select('request', ioctlArguments, others) }, int),
})
