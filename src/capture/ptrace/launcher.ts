/**
 * Starts the program stopped, so that it can be seized before its first instruction.
 *
 * child_process cannot do it: libuv waits for its children itself, and would eat their ptrace stops. So a small
 * executable, made here as machine code in a memfd, is spawned instead. It stops itself, and once seized and woken
 * it puts right what node changed for itself, installs the filter, becomes the user, and executes the program.
 */

import {
  cap,
  fcntlcmds,
  memfd_create_flags,
  msg_flags,
  prctl_options,
  resources,
  seccomp_filter_flags,
  seccomp_ops,
  sigprocmaskcmds,
} from '../../abi/sets.ts'
import { libc } from '../../libc/libc.ts'
import { NativeMemory } from '../../libc/native-memory.ts'
import type { CaptureError, CaptureOptions, Inherited, Program, User } from '../backend.ts'
import { hasCapability } from './capabilities.ts'
import { codeWriter, type Machine, thisMachine } from './machine-code.ts'
import { Errno, Signal } from './ptrace-constants.ts'
import { bytes32, bytes64, TinyElf } from './tiny-elf.ts'

const { PR_SET_NAME, PR_SET_NO_NEW_PRIVS, PR_SET_PDEATHSIG } = prctl_options.values
/** signal(7)'s handlers that are none. */
const SIG_DFL = 0
const SIG_IGN = 1

export interface LaunchSettings {
  readonly user?: User | undefined
  readonly inherited?: Inherited | undefined
  readonly cwd?: string | undefined
  /** struct sock_filter[], 8 bytes each. */
  readonly filter: Uint8Array | null
  /** It waits at this descriptor (of a SOCK_SEQPACKET pair) for its tracer, instead of stopping itself, and comes from node as it is. */
  readonly gate?: number
  /** Needed to install a filter without CAP_SYS_ADMIN. */
  readonly noNewPrivileges: boolean
}

/** The launcher as an executable file. */
export function launcherElf(machine: Machine, settings: LaunchSettings): Uint8Array {
  const elf = new TinyElf()
  const writer = codeWriter(machine)
  const step = (...args: Parameters<typeof writer.call>) => {
    writer.call(...args)
    writer.exitOnError()
  }

  writer.call('prctl', PR_SET_NAME, elf.data(Buffer.from('sysglass\0')))
  if (settings.gate === undefined) {
    // Whoever dies before it has let us go on must not leave us stopped for good.
    writer.call('prctl', PR_SET_PDEATHSIG, Signal.SIGKILL)
    writer.call('getppid')
    writer.exitUnless(libc.getpid())
    writer.call('getpid')
    writer.callOnResult('kill', Signal.SIGSTOP)
    writer.call('prctl', PR_SET_PDEATHSIG, 0)
  } else {
    writer.call('write', settings.gate, elf.data([0]), 1)
    // We have no memory to write to, and need none: this tells how long the packet is, and 0 when there is nobody any more.
    writer.call('recvfrom', settings.gate, 0, 0, msg_flags.values.MSG_TRUNC, 0, 0)
    writer.exitUnless(1)
    writer.call('close', settings.gate)
  }

  const { inherited } = settings
  const [ignored, blocked, pending] = [
    BigInt(inherited?.ignoredSignals ?? 0),
    BigInt(inherited?.blockedSignals ?? 0),
    BigInt(inherited?.pendingSignals ?? 0),
  ]
  if (blocked !== 0n || settings.gate !== undefined)
    writer.call('rt_sigprocmask', sigprocmaskcmds.values.SIG_SETMASK, elf.data(mask64(blocked)), 0, 8)
  // struct sigaction, as the kernel has it.
  const [ignore, usual] = [SIG_IGN, SIG_DFL].map(handler =>
    elf.data([...bytes64(handler), ...new Uint8Array(24)]),
  ) as [number, number]
  for (let signal = 1; signal <= 64; signal++) {
    const isIgnored = has(ignored, signal)
    if (isIgnored || settings.gate !== undefined)
      writer.call('rt_sigaction', signal, isIgnored ? ignore : usual, 0, 8)
    if (has(pending, signal) && has(blocked, signal)) {
      writer.call('getpid')
      writer.callOnResult('kill', signal)
    }
  }

  const limit = inherited?.nofile
  if (limit)
    writer.call(
      'prlimit64',
      0,
      resources.values.RLIMIT_NOFILE,
      elf.data([...bytes64(limit.soft), ...bytes64(limit.hard)]),
      0,
    )

  // Before the user is changed: it takes CAP_SYS_ADMIN, or else no_new_privs, which would void set-user-ID programs.
  if (settings.filter) {
    if (settings.noNewPrivileges) step('prctl', PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    const instructions = elf.data(settings.filter)
    const program = elf.data([...bytes64(settings.filter.length / 8), ...bytes64(instructions)]) // struct sock_fprog
    // Without the flag, kernels before 5.16 slow a filtered program down against speculation attacks.
    const { SECCOMP_FILTER_FLAG_SPEC_ALLOW } = seccomp_filter_flags.values
    step('seccomp', seccomp_ops.values.SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW, program)
  }

  if (settings.user) {
    const { uid, gid, groups } = settings.user
    step('setgroups', groups.length, elf.data(groups.flatMap(bytes32)))
    step('setresgid', gid, gid, gid)
    step('setresuid', uid, uid, uid)
  }

  // As the user that the program is run by: it may not see all that we do.
  if (settings.cwd !== undefined) step('chdir', elf.data(Buffer.from(`${settings.cwd}\0`, 'latin1')))

  writer.execveFromStack()
  // Who waits for a child of ours wants to know why; who waits for us, that it failed.
  if (settings.gate === undefined) writer.exitOnError()
  else writer.call('exit_group', 1)
  return elf.build(machine, writer.code)
}

/**
 * An executable that starts another program in the background: argv[0], with argv + 1, as the child of a child that is
 * gone. With `group` it leads a process group of its own, with `session` a session.
 */
export function backgroundElf(machine: Machine, apart: 'group' | 'session' | null): Uint8Array {
  const elf = new TinyElf()
  const writer = codeWriter(machine)
  writer.call('clone', Signal.SIGCHLD, 0, 0, 0, 0) // fork, where there is one
  writer.exitUnless(0)
  if (apart === 'group') writer.call('setpgid', 0, 0)
  if (apart === 'session') writer.call('setsid')
  writer.execveFromStack()
  writer.exitOnError()
  return elf.build(machine, writer.code)
}

/** An executable that sleeps until it is killed, and dies with the thread that started it. */
export function doorbellElf(machine: Machine, parent: number): Uint8Array {
  const elf = new TinyElf()
  const writer = codeWriter(machine)
  writer.call('prctl', PR_SET_PDEATHSIG, Signal.SIGKILL)
  writer.call('getppid')
  writer.exitUnless(parent) // The parent died before the line above.
  writer.sleepForever()
  return elf.build(machine, writer.code)
}

/** Starts the launcher for `program`; its pid. It stops itself soon; nothing has waited for it yet. */
export function spawnLauncher(
  program: Program,
  options: CaptureOptions,
  filter: Uint8Array | null,
): number | CaptureError {
  const machine = thisMachine()
  if (machine === undefined) return spawnError('unsupported', Errno.ENOSYS, `no launcher for ${process.arch}`)
  const settings = launchSettings(program, options, filter)
  const inherited = (options.inherited?.fds ?? [0, 1, 2]).filter(
    fd => libc.fcntl(fd, fcntlcmds.values.F_GETFD, 0) >= 0,
  )
  return spawnElf(launcherElf(machine, settings), [program.file, ...program.argv], program.envp, actions => {
    // posix_spawn's dup2 of a descriptor onto itself clears close-on-exec in the child only.
    for (const fd of inherited) libc.posix_spawn_file_actions_adddup2(actions, fd, fd)
    // Node opens /dev/null where a standard descriptor was closed.
    for (const fd of [0, 1, 2])
      if (!inherited.includes(fd)) libc.posix_spawn_file_actions_addclose(actions, fd)
    program.stdio?.forEach((fd, i) => {
      libc.posix_spawn_file_actions_adddup2(actions, fd, i)
    })
  })
}

/** What a launcher is to do for these options. */
export const launchSettings = (
  program: Program,
  options: CaptureOptions,
  filter: Uint8Array | null,
): LaunchSettings => ({
  user: options.user,
  inherited: options.inherited,
  cwd: program.cwd,
  filter,
  noNewPrivileges: filter !== null && !hasCapability(cap.values.CAP_SYS_ADMIN),
})

/** Starts a doorbell: a child whose death ends a wait. Its pid. */
export function spawnDoorbell(): number | CaptureError {
  const machine = thisMachine()
  if (machine === undefined) return spawnError('unsupported', Errno.ENOSYS, `no doorbell for ${process.arch}`)
  return spawnElf(doorbellElf(machine, libc.getpid()), ['sysglass-doorbell'], [], null)
}

/** spawn.h of the C libraries. */
const POSIX_SPAWN_SETPGROUP = 2
const POSIX_SPAWN_SETSIGDEF = 4
const POSIX_SPAWN_SETSIGMASK = 8
/** More than glibc's and musl's posix_spawnattr_t (336), posix_spawn_file_actions_t (80) and sigset_t (128). */
const structBytes = 512

/**
 * Spawns `file` with default signals and nothing blocked. Without `describeFiles` it gets no descriptors, a process group of
 * its own and blocks all signals, so that neither ^C nor ^Z on the terminal reaches it.
 */
export function spawnElf(
  file: Uint8Array,
  argv: readonly string[],
  envp: readonly string[],
  describeFiles: ((actions: number) => void) | null,
): number | CaptureError {
  const memory = new NativeMemory(
    8 * structBytes + file.length + NativeMemory.sizeOfTexts(argv) + NativeMemory.sizeOfTexts(envp),
  )
  const take = () => memory.address + memory.take(structBytes)
  const [pid, actions, attributes, allSignals, noSignals] = [take(), take(), take(), take(), take()]
  memory.bytes.fill(0xff, allSignals - memory.address, allSignals - memory.address + 128)

  const fd = memfdOf(file, memory)
  if (typeof fd !== 'number') return fd

  libc.posix_spawn_file_actions_init(actions)
  libc.posix_spawnattr_init(attributes)
  libc.posix_spawnattr_setsigdefault(attributes, allSignals)
  libc.posix_spawnattr_setsigmask(attributes, describeFiles ? noSignals : allSignals)
  libc.posix_spawnattr_setflags(
    attributes,
    POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | (describeFiles ? 0 : POSIX_SPAWN_SETPGROUP),
  )
  describeFiles?.(actions)
  const path = memory.takeText(`/proc/self/fd/${fd}`)
  const failed = libc.posix_spawn(
    pid,
    path,
    actions,
    attributes,
    memory.takeTexts(argv),
    memory.takeTexts(envp),
  )
  libc.posix_spawn_file_actions_destroy(actions)
  libc.posix_spawnattr_destroy(attributes)
  libc.close(fd)
  if (failed === Errno.ENOENT) return withoutProc
  return failed === 0
    ? memory.view.getInt32(pid - memory.address, true)
    : spawnError('spawn', failed, 'posix_spawn')
}

/** A file without a name that can be executed; its descriptor is close-on-exec. `memory` has room for its content. */
export function memfdOf(file: Uint8Array, memory: NativeMemory): number | CaptureError {
  const fd = executableMemfd(memory)
  if (fd < 0) return spawnError('spawn', libc.errno(), 'memfd_create')
  const content = memory.take(file.length)
  memory.bytes.set(file, content)
  if (libc.write(fd, memory.address + content, file.length) === file.length) return fd
  const error = spawnError('spawn', libc.errno(), 'write to a memfd')
  libc.close(fd)
  return error
}

function executableMemfd(memory: NativeMemory): number {
  const { MFD_CLOEXEC, MFD_EXEC } = memfd_create_flags.values
  const name = memory.takeText('sysglass')
  const fd = libc.memfd_create(name, MFD_CLOEXEC | MFD_EXEC)
  // Kernels before 6.3 do not know MFD_EXEC: there every memfd is executable.
  return fd < 0 && libc.errno() === Errno.EINVAL ? libc.memfd_create(name, MFD_CLOEXEC) : fd
}

const has = (signals: bigint, signal: number): boolean => ((signals >> BigInt(signal - 1)) & 1n) === 1n
/** A signal mask as its eight bytes. */
const mask64 = (signals: bigint): number[] =>
  Array.from({ length: 8 }, (_, i) => Number((signals >> BigInt(8 * i)) & 0xffn))

export const spawnError = (error: 'unsupported' | 'spawn', errno: number, message: string): CaptureError => ({
  error,
  errno,
  pid: 0,
  message,
})

/** A file in memory has no other path. */
export const withoutProc: CaptureError = spawnError(
  'spawn',
  0,
  'programs cannot be started where /proc is not mounted',
)
