/** koffi, loaded when native code is first called: a startup snapshot cannot hold it. */
import { createRequire } from 'node:module'
import type Koffi from 'koffi'

let koffi: typeof Koffi | undefined

export function loadKoffi(): typeof Koffi {
  koffi ??= createRequire(typeof __filename === 'string' ? __filename : import.meta.url)(
    'koffi',
  ) as typeof Koffi
  return koffi
}
