/** Builds one of the programs and traces it; its lines by stream, with what differs from run to run replaced. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run, sysglass } from '../tracers.ts'
import { normalise } from './normalise.ts'

const glass = join(dirname(sysglass), 'glass')
const here = fileURLToPath(new URL('.', import.meta.url))

/** Far more than it takes, also on a machine that does much else. */
const timeout = 110_000

export const programNames: readonly string[] = readdirSync(join(here, 'progs'))
  .filter(name => name.endsWith('.c'))
  .map(name => name.slice(0, -2))
  .sort()

/** A folder for programs and traces. */
export const newFolder = (): string => mkdtempSync(join(tmpdir(), 'sg-'))

/** Compiles a program; it works in `directory`. */
export function buildProgram(name: string, folder: string): { program: string; directory: string } {
  const directory = freeDirectory()
  const program = join(folder, name)
  execFileSync('cc', ['-w', '-O1', `-DDIRN="${directory}"`, '-o', program, join(here, 'progs', `${name}.c`)])
  return { program, directory }
}

/** `recorded`: through a recording, which must hold all that the notation wants. */
export async function traceProgram(
  name: string,
  folder: string,
  recorded: boolean,
  options: readonly string[] = [],
): Promise<Map<number, string[]>> {
  const { program, directory } = buildProgram(name, folder)
  const output = join(folder, `${name}.out`)
  const timeZone = { env: { TZ: 'UTC' }, timeout }
  if (!recorded) await run([sysglass, '--format=gvisor', '-f', ...options, '-o', output, program], timeZone)
  else {
    const recording = join(folder, `${name}.rec`)
    await run([sysglass, '--format=recording', '-f', ...options, '-o', recording, program], { timeout })
    await run([glass, 'replay', recording, '--format=gvisor', '-o', output], timeZone)
  }
  rmSync(directory, { recursive: true, force: true })
  return normalise(readFileSync(output, 'latin1').replaceAll(directory, '/tmp/gvp'))
}

/** A directory whose path is as long as the one that the texts know: lengths are results. */
function freeDirectory(): string {
  for (let n = Math.floor(Math.random() * 1296); ; n = (n + 1) % 1296) {
    const path = `/tmp/g${n.toString(36).padStart(2, '0')}`
    if (path === '/tmp/gvp') continue
    try {
      mkdirSync(path)
      return path
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
}
