/** ioctls of devices of few requests each. */
import { beforeAndAfter, type ShownIoctls } from './shown.ts'

export const otherDeviceShown: ShownIoctls = {
  TEE_IOC_SHM_ALLOC: beforeAndAfter(['size', 'flags'], ['size', 'flags', 'id']),
  TEE_IOC_SHM_REGISTER: beforeAndAfter(['addr', 'length', 'flags'], ['length', 'flags', 'id']),
}
