/**
 * strace's -D: the process that was called becomes the program, and its tracer is somebody else, in the background.
 *
 * The tracer is a second run of the same command, which finds in its environment whom to trace. This process turns into
 * the launcher, which waits until it is traced. That is why the tracer is started first, and why they have a pair of
 * sockets between them: one end closes when either side fails.
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { addrfams, fcntlcmds, fdflags, prctl_options, sock_type_flags, socktypes } from '../../abi/sets.ts'
import { libc } from '../../libc/libc.ts'
import { NativeMemory } from '../../libc/native-memory.ts'
import type { CaptureError, CaptureOptions } from '../backend.ts'
import {
  backgroundElf,
  launcherElf,
  launchSettings,
  memfdOf,
  spawnElf,
  spawnError,
  withoutProc,
} from './launcher.ts'
import { thisMachine } from './machine-code.ts'
import { Errno } from './ptrace-constants.ts'
import { programFilter } from './seccomp-filter.ts'

/** The variable that tells the second run whom to trace, and by which descriptor: `pid fd`. */
const waitingVariable = 'SYSGLASS_WAITING'

/** Becomes the program of these options, traced by a process of its own. Returns only what went wrong. */
export function becomeProgram(options: CaptureOptions, apart: 'group' | 'session' | null): CaptureError {
  const machine = thisMachine()
  const program = options.program!
  if (machine === undefined) return spawnError('unsupported', Errno.ENOSYS, `no launcher for ${process.arch}`)
  if (!existsSync('/proc/self')) return withoutProc
  const inherited = options.inherited?.fds ?? [0, 1, 2]
  const memory = new NativeMemory(16)
  const type = socktypes.values.SOCK_SEQPACKET | sock_type_flags.values.SOCK_CLOEXEC
  if (libc.socketpair(addrfams.values.AF_UNIX, type, 0, memory.address) !== 0)
    return spawnError('spawn', libc.errno(), 'socketpair')
  const [ours, theirs] = [memory.view.getInt32(0, true), memory.view.getInt32(4, true)]

  // Where Yama lets only ancestors trace. Which process it will be we do not know.
  libc.prctl(prctl_options.values.PR_SET_PTRACER, -1, 0, 0, 0)
  const command = [process.execPath, ...own('cmdline')]
  const environment = [...own('environ'), `${waitingVariable}=${libc.getpid()} ${theirs}`]
  const child = spawnElf(backgroundElf(machine, apart), command, environment, actions => {
    libc.posix_spawn_file_actions_adddup2(actions, theirs, theirs)
    // The program's, and what the options may name; but a pipeline must not wait for the tracer.
    for (const fd of inherited) if (fd > 1) libc.posix_spawn_file_actions_adddup2(actions, fd, fd)
  })
  if (typeof child !== 'number') return child
  libc.wait4(child, 0, 0, 0)
  libc.close(theirs)

  const file = launcherElf(machine, {
    ...launchSettings(program, options, programFilter(options)),
    gate: ours,
  })
  const argv = [program.file, ...program.argv]
  const room = file.length + 1024 + NativeMemory.sizeOfTexts(argv) + NativeMemory.sizeOfTexts(program.envp)
  const texts = new NativeMemory(room)
  const fd = memfdOf(file, texts)
  if (typeof fd !== 'number') return fd
  const [path, vector, envp] = [
    texts.takeText(`/proc/self/fd/${fd}`),
    texts.takeTexts(argv),
    texts.takeTexts(program.envp),
  ]
  const kept = new Set([...inherited, ours])
  for (const open of readdirSync('/proc/self/fd').map(Number))
    libc.fcntl(open, fcntlcmds.values.F_SETFD, kept.has(open) ? 0 : fdflags.values.FD_CLOEXEC)
  libc.execve(path, vector, envp)
  return spawnError('spawn', libc.errno(), 'execve')
}

/** Our own command line or environment, byte for byte. */
function own(file: 'cmdline' | 'environ'): string[] {
  const texts = readFileSync(`/proc/self/${file}`, 'latin1').split('\0')
  if (texts.at(-1) === '') texts.pop()
  return texts
}
