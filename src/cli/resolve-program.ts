/** Which file a command name stands for, and the environment that it gets. */
import { accessSync, constants, statSync } from 'node:fs'
import { constants as os } from 'node:os'
import { errnoTexts } from '../abi/errno.ts'
import { Bound } from '../types/plan.ts'
import type { EnvironmentChange } from './options/options.ts'

/** latin1 strings stand for bytes; file system calls take the bytes. */
export const pathBytes = (path: string): Buffer => Buffer.from(path, 'latin1')

export const nameTooLong: string = errnoTexts[os.errno.ENAMETOOLONG]!

export type Resolved = { readonly file: string } | { readonly message: string }

/** Finds a program as execvp would; an error is worded as strace words it. */
export function resolveProgram(name: string, environment: readonly string[]): Resolved {
  if (name.length >= Bound.path) return { message: `exec: ${nameTooLong}` }
  if (name.includes('/')) return stat(name, name)
  const path = environment.find(v => v.startsWith('PATH='))?.slice(5)
  for (const dir of path === undefined ? [] : path.split(':')) {
    const file = dir === '' ? name : `${dir}${dir.endsWith('/') ? '' : '/'}${name}`
    try {
      if (!statSync(pathBytes(file)).isFile()) continue
      accessSync(pathBytes(file), constants.X_OK)
      return { file }
    } catch {
      // Not here; the next directory may have it.
    }
  }
  return { message: `Can't stat '${name}': No such file or directory` }
}

function stat(file: string, name: string): Resolved {
  try {
    statSync(pathBytes(file))
    return { file }
  } catch (error) {
    return { message: `Can't stat '${name}': ${errorText(error)}` }
  }
}

/** The C library's text of a node error. */
export function errorText(error: unknown): string {
  const { errno, code } = error as NodeJS.ErrnoException
  return errnoTexts[-(errno ?? 0)] ?? code ?? String(error)
}

/** Whether what is written would overwrite what is read. */
export function isSameFile(file: string, output: string | null): boolean {
  if (output === null) return false
  try {
    const [a, b] = [statSync(pathBytes(file)), statSync(pathBytes(output))]
    return a.isFile() && a.ino === b.ino && a.dev === b.dev
  } catch {
    return false
  }
}

/** The program's environment: ours with the -E changes, in order. */
export function changeEnvironment(
  environment: readonly string[],
  changes: readonly EnvironmentChange[],
): string[] {
  let result = [...environment]
  for (const { name, value } of changes) {
    const at = result.findIndex(v => v.startsWith(`${name}=`))
    if (value === null) result = result.filter(v => !v.startsWith(`${name}=`))
    else if (at >= 0) result[at] = `${name}=${value}`
    else result.push(`${name}=${value}`)
  }
  return result
}
