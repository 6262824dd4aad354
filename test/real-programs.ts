/** Programs that people trace, and what they need: made in a folder of the test's own, with no network but the loopback. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { environment } from './tracers.ts'

export interface RealProgram {
  readonly name: string
  readonly command: readonly string[]
  readonly cwd?: string
  /** Made before every run, so that each finds the same. */
  readonly prepare?: () => void
  /** Several threads or processes, whose work mixes as it happens to. */
  readonly racy?: true
  /** What its output says otherwise in every run. */
  readonly output?: (text: string) => string
}

/** strace 6.1 has no names for what Linux 6.2 and later have added. */
const youngNames =
  /\bIFLA_(?:NETNS_IMMUTABLE|G[RS]O_IPV4_MAX_SIZE|DPLL_PIN|DEVLINK_PORT|MAX_PACING_OFFLOAD_HORIZON|HEADROOM|TAILROOM)\b|\b(?:0x[0-9a-f]+|\d+) \/\* IFLA_\?\?\? \*\//g

/** What varies between runs of these programs, and is no address, id or time that every trace has. */
export const sameEveryRun = (line: string): string =>
  line
    .replace(/\/tmp\/cc\w{6}\b/g, '/tmp/ccXXXXXX')
    // Sequence numbers begin with the time.
    .replace(/\bnlmsg_seq=\d{9,}/g, 'nlmsg_seq=TIME')
    // V8 chooses places for its heap by itself.
    .replace(/\b0x[0-9a-f]{9,12}\b/g, 'ADDRESS')
    .replace(/\bmmap\(0x[0-9a-f]+, (\d+, PROT_NONE)/, 'mmap(ADDRESS, $1')
    .replace(youngNames, 'IFLA_YOUNG')

const shell = (cwd: string, script: string): void => {
  execFileSync('/bin/sh', ['-euc', script], { cwd, env: environment, stdio: ['ignore', 'ignore', 'inherit'] })
}

/** Runs a command with no randomised addresses, where that is allowed (a container's seccomp filter may forbid it). */
function fixedAddresses(): string[] {
  const command = ['setarch', '-R']
  return spawnSync(command[0]!, [...command.slice(1), 'true']).status === 0 ? command : []
}

/** Makes the files and starts the server that the programs need. */
export async function realPrograms(folder: string): Promise<{ programs: RealProgram[]; close(): void }> {
  const place = (name: string): string => {
    const path = join(folder, name)
    mkdirSync(path)
    return path
  }
  const repository = place('repository')
  shell(
    repository,
    `git init -q .
     git config user.name Someone; git config user.email someone@example.org
     for i in 1 2 3 4 5 6 7 8; do echo "$i" > "file$i"; git add .; git commit -qm "Change $i"; done
     git gc -q
     echo more >> file1; echo new > untracked; git status`,
  )
  const project = place('project')
  for (let i = 0; i < 8; i++)
    writeFileSync(join(project, `f${i}.c`), `int f${i}(int x) { return x + ${i}; }\n`)
  writeFileSync(join(project, 'main.c'), 'int f1(int);\nint main(void) { return f1(-1); }\n')
  const objects = ['main', ...Array.from({ length: 8 }, (_, i) => `f${i}`)].map(name => `${name}.o`).join(' ')
  writeFileSync(join(project, 'Makefile'), `program: ${objects}\n\tcc -o $@ $^\n`)

  const dependency = place('dependency')
  writeFileSync(join(dependency, 'package.json'), '{"name":"dependency","version":"1.0.0","main":"index.js"}')
  writeFileSync(join(dependency, 'index.js'), 'module.exports = 1\n')
  const installed = place('package')
  shell(dependency, `npm pack --silent --pack-destination ${installed}`)
  writeFileSync(
    join(installed, 'package.json'),
    '{"name":"package","version":"1.0.0","dependencies":{"dependency":"file:dependency-1.0.0.tgz"}}',
  )
  shell(installed, 'npm install --package-lock-only --offline --silent --no-audit --no-fund')

  const server = createServer((_, response) => {
    // The same bytes every time: no date.
    response.sendDate = false
    response.end('hello from the loopback\n')
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo

  // What stands in PATH may be a script that looks for the interpreter.
  const python = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], {
    encoding: 'utf8',
  }).trim()
  const programs: RealProgram[] = [
    { name: 'ls', command: ['ls', '-l', '/usr/bin'] },
    { name: 'cat', command: ['cat', '/etc/passwd'] },
    { name: 'git log', command: ['git', 'log'], cwd: repository },
    { name: 'git status', command: ['git', 'status'], cwd: repository },
    {
      name: 'make',
      command: ['make', '-j4'],
      cwd: project,
      prepare: () => shell(project, 'rm -f *.o program'),
      racy: true,
    },
    // How many pools an arena of Python's allocator holds hangs on the address that mmap gives it.
    {
      name: 'python3',
      command: [...fixedAddresses(), python, '-B', '-c', 'import json, ssl; print(json.dumps({"a": 1}))'],
    },
    {
      name: 'node',
      command: [process.execPath, '-e', 'console.log(require("fs").readdirSync("/etc").length > 0)'],
      racy: true,
    },
    { name: 'curl', command: ['curl', '-sS', `http://127.0.0.1:${port}/`], racy: true },
    {
      name: 'npm ci',
      command: ['npm', 'ci', '--offline', '--no-audit', '--no-fund'],
      cwd: installed,
      prepare: () => rmSync(join(installed, 'node_modules'), { recursive: true, force: true }),
      racy: true,
      output: text => text.replace(/ in \d+m?s\b/g, ' in TIME'),
    },
  ]
  return { programs, close: () => server.close() }
}
