import type { CaptureOptions } from '../backend.ts'

/** Options that record everything, for tests to vary. */
export const everything: CaptureOptions = {
  attach: [],
  follow: true,
  calls: { amd64: null, arm64: null, i386: null },
  filterInKernel: false,
  signals: null,
  dataLimit: 33,
  environment: false,
  fdPaths: false,
  sockets: false,
  devices: false,
  threadNames: false,
  systemTime: false,
  pin: 'never',
}
