/** Which file a command name stands for. */
import { accessSync, constants, statSync } from 'node:fs'
import { constants as os } from 'node:os'
import { resolve } from 'node:path'
import { encodeText } from '../types/text.ts'
import { TraceError } from './trace-error.ts'

/** Finds a program as execvp would in the directory that it will start in; throws when there is none. */
export function findProgram(name: string, path: string | undefined, cwd: string): string {
  if (name.includes('/')) {
    const file = resolve(cwd, name)
    const problem = unusable(file)
    if (problem !== 0) throw new TraceError('program', `cannot start ${name}`, problem)
    return file
  }
  let problem: number = os.errno.ENOENT
  for (const dir of (path ?? '/usr/local/bin:/usr/bin:/bin').split(':')) {
    const file = resolve(cwd, dir, name)
    const found = unusable(file)
    if (found === 0) return file
    // One that may not be executed is told of, unless a later directory has one that may.
    if (found === os.errno.EACCES) problem = found
  }
  throw new TraceError('program', `cannot start ${name}`, problem)
}

/** The errno that says why a file cannot be executed, 0 when it can. */
function unusable(file: string): number {
  try {
    const bytes = Buffer.from(encodeText(file))
    if (!statSync(bytes).isFile()) return os.errno.EACCES
    accessSync(bytes, constants.X_OK)
    return 0
  } catch (error) {
    return Math.abs((error as NodeJS.ErrnoException).errno ?? os.errno.ENOENT)
  }
}
