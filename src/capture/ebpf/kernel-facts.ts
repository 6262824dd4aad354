/** What programs must know of the kernel that they run in: places in its structures, numbers of its types. */
import { readFileSync } from 'node:fs'
import { Btf } from './btf.ts'
import { type NotePlaces, notePlaces } from './file-places.ts'

export const tracepoints = [
  'sched_process_fork',
  'sched_process_exec',
  'sched_process_exit',
  'signal_deliver',
  'signal_generate',
  'task_rename',
] as const
export type Tracepoint = (typeof tracepoints)[number]

/** Where pt_regs holds a call's number, arguments and so on. */
export interface RegisterPlaces {
  readonly args: readonly number[]
  /** Of a 32-bit call; null where there are none that we know. */
  readonly compatArgs: readonly number[] | null
  readonly ip: number
  readonly sp: number
  /** Where a call leaves its result; -ENOSYS until it has one, on x86. */
  readonly result: number
  /** The call's number, 32 bits; -1 where a call has put other registers in place. */
  readonly number: number
}

export interface KernelFacts {
  readonly types: { readonly [name in Tracepoint]: number }
  readonly registers: RegisterPlaces
  /** Members of task_struct. */
  readonly task: {
    readonly pid: number
    readonly tgid: number
    readonly exitCode: number
    readonly comm: number
    readonly exitSignal: number
    /** How long it has run, up to when. */
    readonly ran: number
    readonly ranSince: number
    /** Signals that wait for it alone; what all threads of the process have in common. */
    readonly pending: number
    readonly signal: number
    /** What it is to do before it runs on: stop, or trap for a tracer. */
    readonly jobs: number
  }
  /** In signal_struct: what a process ends with. */
  readonly groupExitCode: number
  /** The numbers of a thread, one for each pid namespace that it is in: its struct pid, how many there are beside the first, and where and how large. */
  readonly pidNumbers: {
    readonly ofTask: number
    readonly level: number
    readonly numbers: number
    readonly bytes: number
  }
  /** A u32 of the current task whose bit 1 says that its call is one of a 32-bit program; null where there are none. */
  readonly status: number | null
  /** The kernel's function that gives a number back as a pointer to a pt_regs, by the ids of both types; null where there is none. */
  readonly cast: { readonly call: number; readonly type: number } | null
  /** The kernel's function that has a task run a function before it goes back to its program; null where there is none. */
  readonly taskWork: number | null
  /** sa_handler in k_sigaction. */
  readonly handler: number
  /** The way from a task to the socket behind a descriptor; null where a step of it is not known. */
  readonly sockets: SocketPlaces | null
  /** What notes of descriptors take; null when nobody asked for it. */
  readonly notes: NotePlaces | null
}

export interface SocketPlaces {
  /** Members: of task_struct, files_struct, fdtable (twice), file (twice), inode, socket, sock (twice), netlink_sock, sock, net. */
  readonly files: number
  readonly table: number
  readonly descriptors: number
  readonly count: number
  readonly inode: number
  readonly own: number
  readonly mode: number
  readonly sock: number
  readonly family: number
  readonly protocol: number
  readonly port: number
  readonly namespace: number
  readonly namespaceNumber: number
}

/** The kernel's description of its types. */
export const btfFile = '/sys/kernel/btf/vmlinux'

/** Reads them; a text that says what is missing, when something is. `withNotes`: also where files and their paths are. */
export function readKernelFacts(withNotes = false): KernelFacts | string {
  let btf: Btf
  try {
    btf = new Btf(readFileSync(btfFile))
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    return `this kernel does not describe its types (${code === 'ENOENT' ? `there is no ${btfFile}` : `${btfFile}: ${message}`})`
  }
  const missing: string[] = []
  const place = (struct: string, path: string): number => {
    const found = btf.member(btf.find('struct', struct), path)
    if (found === undefined) missing.push(`${struct}.${path}`)
    return found?.offset ?? 0
  }
  const types = Object.fromEntries(
    tracepoints.map(name => {
      const id = btf.find('typedef', `btf_trace_${name}`)
      if (id === 0) missing.push(`tracepoint ${name}`)
      return [name, id]
    }),
  ) as KernelFacts['types']
  const regs = (path: string): number => place('pt_regs', path)
  const isArm = process.arch === 'arm64'
  const facts: KernelFacts = {
    types,
    registers: isArm
      ? {
          // The first argument's register gets the result; a copy stays behind.
          args: [regs('orig_x0'), ...[1, 2, 3, 4, 5].map(i => regs('regs') + 8 * i)],
          compatArgs: null,
          ip: regs('pc'),
          sp: regs('sp'),
          result: regs('regs'),
          number: regs('syscallno'),
        }
      : {
          args: ['di', 'si', 'dx', 'r10', 'r8', 'r9'].map(regs),
          compatArgs: ['bx', 'cx', 'dx', 'si', 'di', 'bp'].map(regs),
          ip: regs('ip'),
          sp: regs('sp'),
          result: regs('ax'),
          number: regs('orig_ax'),
        },
    task: {
      pid: place('task_struct', 'pid'),
      tgid: place('task_struct', 'tgid'),
      exitCode: place('task_struct', 'exit_code'),
      comm: place('task_struct', 'comm'),
      exitSignal: place('task_struct', 'exit_signal'),
      ran: place('task_struct', 'se.sum_exec_runtime'),
      ranSince: place('task_struct', 'se.exec_start'),
      pending: place('task_struct', 'pending.signal'),
      signal: place('task_struct', 'signal'),
      jobs: place('task_struct', 'jobctl'),
    },
    groupExitCode: place('signal_struct', 'group_exit_code'),
    pidNumbers: {
      ofTask: place('task_struct', 'thread_pid'),
      level: place('pid', 'level'),
      numbers: place('pid', 'numbers') + place('upid', 'nr'),
      bytes: btf.size(btf.find('struct', 'upid')),
    },
    status: isArm ? null : place('task_struct', 'thread_info.status'),
    cast: castOf(btf),
    taskWork: taskWorkOf(btf),
    handler: place('k_sigaction', 'sa.sa_handler'),
    sockets: null,
    notes: null,
  }
  if (missing.length > 0) return `this kernel lacks ${missing.join(', ')}`
  const notes = withNotes ? notePlaces(btf) : null
  return typeof notes === 'string' ? notes : { ...facts, sockets: socketPlaces(btf), notes }
}

function castOf(btf: Btf): KernelFacts['cast'] {
  const call = btf.find('function', 'bpf_rdonly_cast')
  return call === 0 ? null : { call, type: btf.find('struct', 'pt_regs') }
}

/** Some kernels have it by another name, for what they add to its arguments themselves. */
function taskWorkOf(btf: Btf): number | null {
  const name = 'bpf_task_work_schedule_resume'
  return btf.find('function', `${name}_impl`) || btf.find('function', name) || null
}

function socketPlaces(btf: Btf): SocketPlaces | null {
  const members = {
    files: ['task_struct', 'files'],
    table: ['files_struct', 'fdt'],
    descriptors: ['fdtable', 'fd'],
    count: ['fdtable', 'max_fds'],
    inode: ['file', 'f_inode'],
    own: ['file', 'private_data'],
    mode: ['inode', 'i_mode'],
    sock: ['socket', 'sk'],
    family: ['sock', '__sk_common.skc_family'],
    protocol: ['sock', 'sk_protocol'],
    port: ['netlink_sock', 'portid'],
    namespace: ['sock', '__sk_common.skc_net.net'],
    namespaceNumber: ['net', 'ns.inum'],
  } as const
  const places: { [name: string]: number } = {}
  for (const [name, [struct, path]] of Object.entries(members)) {
    const member = btf.member(btf.find('struct', struct), path)
    if (member === undefined) return null
    places[name] = member.offset
  }
  return places as unknown as SocketPlaces
}
