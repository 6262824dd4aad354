/** What the benchmarks run: loops that do nothing but call, and programs that people trace. Made in a folder of their own. */
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface Workload {
  readonly name: string
  readonly argv: readonly string[]
  readonly cwd: string
  /** `per-call`: the program prints its own ns per call; `elapsed`: the time it takes counts. */
  readonly measure: 'per-call' | 'elapsed'
  /** Prepares a run: what the last one left behind goes. */
  readonly reset?: readonly string[]
}

/** Makes programs and repositories under `folder`; `scale` shortens the loops. */
export function makeWorkloads(folder: string, scale: number): Workload[] {
  const loop = compileLoop(folder)
  const calls = (n: number): string => String(Math.max(2000, Math.round(n * scale)))
  const pairs = (name: string, kind: 't' | 'p', workers: number, n: number, compute = 0): Workload => ({
    name,
    argv: [loop, kind, String(workers), calls(n), String(compute)],
    cwd: folder,
    measure: 'per-call',
  })
  const project = makeProject(join(folder, 'project'), 12, smallSource)
  return [
    pairs('loop, 1 thread', 't', 1, 60_000),
    pairs('loop, 2 threads', 't', 2, 40_000),
    pairs('loop, 8 threads', 't', 8, 40_000),
    pairs('loop, 2 processes', 'p', 2, 40_000),
    pairs('loop, 8 processes', 'p', 8, 40_000),
    pairs('2 threads that compute', 't', 2, 2_000, 1000),
    {
      name: 'git log',
      argv: ['git', '--no-pager', 'log', '--stat'],
      cwd: makeRepository(join(folder, 'repository')),
      measure: 'elapsed',
    },
    {
      name: 'make -j4',
      argv: ['make', '-s', '-j4'],
      cwd: project,
      measure: 'elapsed',
      reset: ['make', '-s', 'clean'],
    },
    { name: 'node start', argv: [process.execPath, '-e', '0'], cwd: folder, measure: 'elapsed' },
  ]
}

/** The loop of reads and writes; its path. */
export function compileLoop(folder: string): string {
  const loop = join(folder, 'loop')
  const source = fileURLToPath(new URL('loop.c', import.meta.url))
  execFileSync('cc', ['-O2', '-pthread', source, '-o', loop], { stdio: 'inherit' })
  return loop
}

/** A repository of a hundred commits; its path. */
function makeRepository(path: string): string {
  mkdirSync(path, { recursive: true })
  const git = (args: readonly string[], input?: string): void => {
    execFileSync('git', args, { cwd: path, input, stdio: ['pipe', 'ignore', 'inherit'] })
  }
  git(['init', '-q', '-b', 'main'])
  let stream = ''
  for (let n = 1; n <= 100; n++) {
    const message = `Change ${n}`
    const text = `line ${n}\n`.repeat(n)
    stream += `commit refs/heads/main\ncommitter A <a@example.org> ${1_700_000_000 + n} +0000\ndata ${message.length}\n${message}\n`
    stream += `M 100644 inline file-${n % 20}\ndata ${text.length}\n${text}\n`
  }
  git(['fast-import', '--quiet'], stream)
  git(['reset', '-q', '--hard'])
  return path
}

/** So many C files and a makefile; their folder. */
function makeProject(path: string, files: number, source: (name: string, n: number) => string): string {
  mkdirSync(path, { recursive: true })
  const names = Array.from({ length: files }, (_, n) => `part${n}`)
  for (const [n, name] of names.entries()) writeFileSync(join(path, `${name}.c`), source(name, n))
  writeFileSync(join(path, 'main.c'), 'int part0(int);\nint main(void) { return part0(1) < 0; }\n')
  const objects = ['main', ...names].map(name => `${name}.o`).join(' ')
  writeFileSync(
    join(path, 'Makefile'),
    `program: ${objects}\n\tcc -O2 -o $@ ${objects}\n%.o: %.c\n\tcc -O2 -c -o $@ $<\nclean:\n\trm -f *.o program\n`,
  )
  return path
}

/** One function: what takes time is starting the compiler. */
const smallSource = (name: string, n: number): string =>
  `#include <stdio.h>\nint ${name}(int x) { return printf("%d", x + ${n}); }\n`

/** What files of programs are like: many headers, and some code to optimize. */
function usualSource(name: string, n: number): string {
  const headers = [
    'stdio',
    'stdlib',
    'string',
    'math',
    'time',
    'unistd',
    'sys/socket',
    'netinet/in',
    'pthread',
  ]
  const functions = Array.from(
    { length: 12 },
    (_, i) => `static int f${i}(const char *text, int x) {
  char buffer[64];
  for (int i = 0; i < x; i++)
    if (strchr(text, i + ${n + i}) != NULL) x += snprintf(buffer, sizeof buffer, "%d %s", i * ${i + 1}, text);
  return x % ${i + 7} == 0 ? (int)strtol(buffer, NULL, 10) : x;
}
`,
  )
  const sum = functions.map((_, i) => `f${i}("${name}", x)`).join(' + ')
  return `${headers.map(h => `#include <${h}.h>\n`).join('')}${functions.join('')}int ${name}(int x) { return ${sum}; }\n`
}

/** A build that takes seconds, so that it shows what a trace costs while it runs; the one of twelve files shows its start. */
export const building = (folder: string): Workload => ({
  name: 'make -j4, 100 files',
  argv: ['make', '-s', '-j4'],
  cwd: makeProject(join(folder, 'building'), 100, usualSource),
  measure: 'elapsed',
  reset: ['make', '-s', 'clean'],
})

/** `npm ci` of what sysglass itself needs: from npm's cache, where it has it. */
export function installing(folder: string): Workload {
  const cwd = join(folder, 'install')
  mkdirSync(cwd)
  for (const name of ['package.json', 'package-lock.json'])
    copyFileSync(fileURLToPath(new URL(`../${name}`, import.meta.url)), join(cwd, name))
  return {
    name: 'npm ci',
    argv: ['npm', 'ci', '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund', '--silent'],
    cwd,
    measure: 'elapsed',
    reset: ['rm', '-rf', 'node_modules'],
  }
}
