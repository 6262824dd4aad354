// Writes src/abi from the facts in data/abi and the names of structs that the sources ask for.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { root } from './abi/facts.ts'
import { ioctls } from './abi/ioctls.ts'
import { layouts } from './abi/layouts.ts'
import { errno, signals, syscalls } from './abi/numbers.ts'
import { sets } from './abi/sets.ts'

/** Path from the top of the repository, and text, of each generated file. */
export function generate(): Map<string, string> {
  return new Map([
    ['src/abi/syscalls.ts', syscalls()],
    ['src/abi/errno.ts', errno()],
    ['src/abi/signals.ts', signals()],
    ['src/abi/sets.ts', sets()],
    ['src/abi/layouts.ts', layouts()],
    ['src/abi/ioctls.ts', ioctls()],
  ])
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, text] of generate()) writeFileSync(root + path, text)
}
