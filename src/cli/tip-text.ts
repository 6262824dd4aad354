/** What --tips ends with: one thing that is worth knowing, and (full) a command line that shows it. */
import type { Tips } from './options/options.ts'

type Tip = readonly [text: string, example: string]

const tips: readonly Tip[] = [
  [
    '-y tells which file, and -yy which connection, stands behind a descriptor.',
    'sysglass -yy curl example.org',
  ],
  ['-k shows below each call how the program came to make it.', 'sysglass -k -e trace=openat ls'],
  [
    '-Z leaves only calls that failed: a missing file is found quickly.',
    'sysglass -f -Z -e trace=%file make',
  ],
  [
    'With -f and --seccomp-bpf the program stops only at calls that are traced.',
    'sysglass -f --seccomp-bpf -e trace=execve make',
  ],
  ['-P follows one path through all calls that touch it.', 'sysglass -f -P /etc/hosts ping -c1 localhost'],
  [
    '-e inject= makes calls fail, and shows what a program does about it.',
    'sysglass -e inject=write:error=ENOSPC:when=3+ cp a b',
  ],
  ['-c counts calls; with -w the time is that from call to return.', 'sysglass -c -w -f make'],
  [
    '--format=json writes a line for each call, for other programs to read.',
    'sysglass --format=json -o calls.json ls',
  ],
  ['--format=gvisor writes calls as the sentry of gVisor logs them.', 'sysglass --format=gvisor ls'],
  [
    'A recording can be printed later, with other options.',
    'glass record -o ls.rec ls; glass replay ls.rec -t',
  ],
]

/** The text of a tip, ended by a newline; empty where none is wanted. Numbers past the last begin anew. */
export function renderTip({ format, id }: Tips): string {
  if (format === 'none') return ''
  const number = (id === 'random' ? Math.floor(Math.random() * tips.length) : id) % tips.length
  const [text, example] = tips[number]!
  return `Tip ${number}: ${text}\n${format === 'full' ? `  $ ${example}\n` : ''}`
}
