/** Where fields of the kernel's structures stand: src/abi's facts for the architecture at hand. */
import { layoutOf } from '../../types/resolve.ts'
import type { GvisorArch } from './eras.ts'

export interface Layout {
  readonly size: number
  /** The offset of a field; of one inside another structure by `outer.inner`. */
  at(field: string): number
}

export function layout(name: string, arch: GvisorArch): Layout {
  const { size, fields } = layoutOf(name, arch)
  return {
    size,
    at(field) {
      const place = fields[field]
      if (place === undefined) throw new Error(`struct ${name} has no field ${field}`)
      return place.offset
    },
  }
}
