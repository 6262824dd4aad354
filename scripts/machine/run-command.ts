import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** Runs a command to its end; what it wrote. Throws when it fails. */
export const run = (command: string, args: readonly string[], options: object = {}): string =>
  execFileSync(command, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 1 << 28,
    ...options,
  })

/** Throws when one of these commands is not on this machine. */
export function needCommands(commands: readonly string[], packages: string): void {
  const folders = (process.env.PATH ?? '').split(':')
  const missing = commands.filter(command => !folders.some(folder => existsSync(join(folder, command))))
  if (missing.length > 0) throw new Error(`no ${missing.join(', no ')}: apt-get install ${packages}`)
}
