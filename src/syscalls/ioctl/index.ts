/** ioctl: what the argument is hangs on the request. What is not listed is a number. */
import { ioctlSet } from '../../abi/ioctl-names.ts'
import { call, fd, hex, int, oneOf, select, syscalls } from '../../types/language.ts'
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

export const ioctlCalls = syscalls({
  ioctl: call({ fd, request: oneOf(requests), argp: select('request', ioctlArguments, hex) }, int),
})
