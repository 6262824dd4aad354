/** ioctl: what the argument is hangs on the request. What is not listed is a number. */
import { ioctlSet } from '../../abi/ioctl-names.ts'
import { address, call, fd, hex, int, oneOf, part, select, syscalls } from '../../types/language.ts'
import { blockDeviceIoctls } from './block-devices.ts'
import { fileIoctls } from './files.ts'
import { interfaceIoctls } from './interfaces.ts'
import { terminalIoctls } from './terminals.ts'

/** Names of all requests. Several may have one number. */
export const requests = ioctlSet()

export const ioctlArguments = {
  ...blockDeviceIoctls,
  ...fileIoctls,
  ...interfaceIoctls,
  ...terminalIoctls,
}

/** Requests to network devices that are not listed: all of them point at something. */
const others = select(part('request', 0xff00, 8), { 137: address }, hex)

export const ioctlCalls = syscalls({
  ioctl: call({ fd, request: oneOf(requests), argp: select('request', ioctlArguments, others) }, int),
})
