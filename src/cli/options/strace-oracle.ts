import { spawnSync } from 'node:child_process'

/** The strace that is installed, asked how it reads a command line: for tests and for deriving data. */

export interface Answer {
  readonly stdout: string
  readonly stderr: string
  readonly code: number | null
}

export function askStrace(args: readonly string[], argv0 = 'strace'): Answer {
  const { stdout, stderr, status } = spawnSync('strace', args, {
    argv0,
    encoding: 'latin1',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 20_000,
  })
  return { stdout: stdout ?? '', stderr: stderr ?? '', code: status }
}

/** Null if the oracle is here, else why it is not: other versions word things differently. */
export function oracleMissing(): string | null {
  const { stdout } = askStrace(['-V'])
  if (stdout.startsWith('strace -- version 6.1\n')) return null
  return stdout === '' ? 'no strace is installed' : `strace 6.1 is needed, not ${stdout.split('\n')[0]}`
}

type Instruction = readonly [name: string, ...operands: string[]]

/** AUDIT_ARCH_X86_64 and AUDIT_ARCH_I386. */
const auditArch = { 64: 0xc000003e, 32: 0x40000003 }

/**
 * The numbers below `limit` of the calls that strace would trace with these options, from the seccomp filter that it
 * makes and, asked for debugging output, prints. The filter also catches what strace must see for its own needs
 * (execve and, of 32-bit programs, socketcall and ipc) and all numbers that are too high for its tables.
 */
export function tracedNumbers(args: readonly string[], bits: 32 | 64, limit: number): Set<number> {
  const all = ['-d', '-f', '--seccomp-bpf', '-o', '/dev/null', ...args, '/bin/true']
  const { stderr } = askStrace(all)
  const program = stderr.split('\n').flatMap((line): Instruction[] => {
    const parts = /^strace: (?:STMT|JUMP)\((\w+)(?:, (.*))?\)$/.exec(line)
    return parts === null ? [] : [[parts[1]!, ...(parts[2]?.split(', ') ?? [])]]
  })
  // A filter that every call passes is none.
  if (stderr.includes('there are no syscalls to filter'))
    return new Set(Array.from({ length: limit }, (_, number) => number))
  if (program.length === 0)
    throw new Error(`no filter from strace ${args.join(' ')}: ${stderr.slice(0, 400)}`)
  const traced = new Set<number>()
  for (let number = 0; number < limit; number++)
    if (isTraced(program, auditArch[bits], number)) traced.add(number)
  return traced
}

/** Runs a classic BPF program as strace prints it. */
function isTraced(program: readonly Instruction[], arch: number, number: number): boolean {
  let [a, x] = [0, 0]
  for (let at = 0; ; ) {
    const [name, ...operands] = program[at++]!
    const immediate = Number(operands.at(-1))
    const jump = (taken: boolean) => {
      at += Number(operands[taken ? 0 : 1])
    }
    switch (name) {
      case 'BPF_LDWABS':
        a = operands[0] === 'data->arch' ? arch : number
        break
      case 'BPF_LDWIMM':
        a = immediate
        break
      case 'BPF_AND':
        a = (a & immediate) >>> 0
        break
      case 'BPF_RSH':
        a >>>= immediate
        break
      case 'BPF_LSH':
        a = (a << (operands[0] === 'X' ? x : immediate)) >>> 0
        break
      case 'BPF_TAX':
        x = a
        break
      case 'BPF_TXA':
        a = x
        break
      case 'BPF_JA':
        at += immediate
        break
      case 'BPF_JEQ':
        jump(a === immediate)
        break
      case 'BPF_JGE':
        jump(a >= immediate)
        break
      case 'BPF_JSET':
        jump((a & immediate) !== 0)
        break
      case 'BPF_RET':
        return operands[0] === 'SECCOMP_RET_TRACE'
      default:
        throw new Error(`unknown instruction ${name}`)
    }
  }
}
