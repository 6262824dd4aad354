/** koffi, loaded when native code is first called. */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import type Koffi from 'koffi'

/** What is used of it, all of which is its native part. */
type Native = Pick<typeof Koffi, 'address' | 'errno' | 'load' | 'view'>

let koffi: Native | undefined

export function loadKoffi(): Native {
  koffi ??= load(createRequire(typeof __filename === 'string' ? __filename : import.meta.url))
  return koffi
}

/**
 * The package looks for its native part in several ways, which have node load more than that part itself does: a quarter of what node
 * takes to start. Where the C library can only be glibc, which file it is needs no search.
 */
function load(require: NodeJS.Require): Native {
  const { arch } = process
  if (!existsSync(`/lib/ld-musl-${arch === 'arm64' ? 'aarch64' : 'x86_64'}.so.1`))
    try {
      return require(`@koromix/koffi-linux-${arch}/linux_${arch}/koffi.node`)
    } catch {
      // Another layout of the package: it knows itself.
    }
  return require('koffi')
}
