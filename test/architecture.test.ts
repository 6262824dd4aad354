/** Which folder may import which: the list, and that it holds. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../src', import.meta.url))

/** From the bottom up: a folder may import those named, and those stand above it in this list. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  abi: [],
  libc: [],
  // Registers that a call does not take are not kept: the numbers of calls and of their arguments.
  record: ['abi'],
  types: ['abi', 'record'],
  syscalls: ['abi', 'types'],
  stacks: ['abi', 'record'],
  capture: ['record', 'types'],
  'capture/plans': ['abi', 'record', 'types', 'syscalls', 'capture'],
  'capture/notes': ['abi', 'libc', 'record', 'types', 'capture', 'capture/plans'],
  'capture/ptrace': [
    'abi',
    'libc',
    'record',
    'types',
    'syscalls',
    'stacks',
    'capture',
    'capture/plans',
    'capture/notes',
  ],
  'capture/ebpf': [
    'abi',
    'libc',
    'record',
    'types',
    'syscalls',
    'stacks',
    'capture',
    'capture/plans',
    'capture/notes',
    'capture/ptrace',
  ],
  filters: ['abi', 'record', 'types', 'syscalls', 'capture'],
  calls: ['abi', 'record', 'types', 'syscalls'],
  // Dialects see records alone: never a backend, so that a recording prints as the live trace did.
  dialects: [],
  'dialects/strace': ['abi', 'record', 'types', 'syscalls', 'stacks', 'dialects'],
  'dialects/gvisor': ['abi', 'record', 'types', 'syscalls', 'dialects', 'dialects/strace'],
  'dialects/json': ['abi', 'record', 'types', 'syscalls', 'calls', 'dialects', 'dialects/strace'],
  sinks: [],
  // gVisor's events go out through a socket, which node has no kind for.
  events: ['abi', 'libc', 'record', 'types', 'syscalls', 'calls', 'dialects/gvisor', 'sinks'],
  // It makes records of a Task's calls by the plans and the builder that captures have, and lines go where strace's go.
  stracer: [
    'abi',
    'record',
    'types',
    'syscalls',
    'capture/plans',
    'calls',
    'dialects',
    'dialects/strace',
    'dialects/gvisor',
    'sinks',
    'events',
  ],
  // Calls are made up from their declarations, and printed as a Task's are.
  explain: [
    'abi',
    'record',
    'types',
    'syscalls',
    'capture/plans',
    'dialects',
    'dialects/strace',
    'dialects/gvisor',
    'stracer',
  ],
  import: ['abi', 'record', 'types', 'syscalls', 'dialects/strace', 'dialects/gvisor', 'stracer'],
  analysis: ['abi', 'record', 'types', 'syscalls', 'calls', 'dialects', 'dialects/json'],
  redaction: ['abi', 'record', 'types', 'syscalls', 'filters', 'calls', 'analysis'],
  // Its page runs in a browser: it sees protocol.ts, and what of this folder runs there too.
  view: [
    'abi',
    'record',
    'types',
    'syscalls',
    'filters',
    'calls',
    'dialects',
    'dialects/strace',
    'dialects/gvisor',
    'dialects/json',
    'analysis',
  ],
  api: [
    'abi',
    'record',
    'types',
    'syscalls',
    'capture',
    'capture/ptrace',
    'filters',
    'calls',
    'stracer',
    'sinks',
  ],
  cli: ['*'],
  'index.ts': ['*'],
}
const folders = Object.keys(mayImport)

interface Import {
  readonly from: string
  readonly to: string
}

function imports(): Import[] {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  // Tests, and what only they use, may look anywhere.
  const own = files.filter(
    file => file.endsWith('.ts') && !/(\.test\.ts$|\.types\.ts$|(^|\/)test-)/.test(file),
  )
  return own.flatMap(from => {
    const text = readFileSync(join(root, from), 'utf8')
    return [...text.matchAll(/\b(?:from|import)[ (]'(\.[^']*)'/g)].map(match => ({
      from,
      to: relative(root, join(root, dirname(from), match[1]!)),
    }))
  })
}

/** The part of the list that a file belongs to: the longest that fits. */
const partOf = (file: string): string | undefined =>
  folders
    .filter(folder => file === folder || file.startsWith(`${folder}/`))
    .sort((a, b) => b.length - a.length)[0]

test('every folder of src stands in the list', () => {
  const unknown = imports().filter(({ from }) => partOf(from) === undefined)
  assert.deepEqual([...new Set(unknown.map(({ from }) => dirname(from)))], [])
})

test('the list goes from the bottom up', () => {
  for (const [index, [folder, lower]] of Object.entries(mayImport).entries())
    for (const name of lower)
      assert.ok(
        name === '*' || folders.indexOf(name) < index,
        `${folder} may not import ${name}: it stands below`,
      )
})

test('imports go down', () => {
  const wrong = imports().filter(({ from, to }) => {
    const [own, other] = [partOf(from) ?? '', partOf(to) ?? '']
    const allowed = mayImport[own] ?? []
    return own !== other && !(allowed.includes('*') ? other !== 'index.ts' : allowed.includes(other))
  })
  assert.deepEqual(
    wrong.map(({ from, to }) => `src/${from} imports src/${to}`),
    [],
  )
})

test('nothing leaves src, and nothing of the product imports a test', () => {
  const wrong = imports().filter(({ to }) => to.startsWith('..') || /\.test\.ts$|(^|\/)test-/.test(to))
  assert.deepEqual(wrong, [])
})
