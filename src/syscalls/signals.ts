/** Signals: what is done about them, which are held back, sending and waiting. */
import * as sets from '../abi/sets.ts'
import {
  address,
  arg,
  call,
  either,
  fd,
  flags,
  flags64,
  fromStack,
  has,
  int,
  into,
  is,
  long,
  oneOf,
  oneOf64,
  out,
  pid,
  pidOrGroup,
  signal,
  size,
  special,
  struct,
  syscalls,
  tid,
  unused,
  when,
} from '../types/language.ts'
import { timespec } from './time-structures.ts'

const sigset = special('sigset', 8)
const siginfo = special('siginfo', 128)
const actionFields = (sa_mask: typeof sigset) => ({
  sa_handler: oneOf64(sets.sa_handler_values),
  sa_mask,
  sa_flags: flags64(sets.sigact_flags),
  sa_restorer: when(has({ field: 'sa_flags' }, 'SA_RESTORER'), address),
})
const action = struct('kernel_sigaction', actionFields(sigset))
/** A set of the first 32 signals in one word. */
export const oldSet = special('sigset', 4)
const oldAction = struct('old_sigaction', actionFields(oldSet))
const stack = struct('sigaltstack', {
  ss_sp: address,
  ss_flags: flags(sets.sigaltstack_flags),
  ss_size: size,
})

/** Where a signal's frame keeps the mask that was set before, seen from the stack pointer (uc_sigmask). */
const savedMask = { amd64: 296, arm64: 168, i386: 248 }
/** Of a frame without siginfo (sc_mask). */
const oldSavedMask = { i386: 80 }

/** Of 32-bit programs, when there were no more than 32 signals. */
export const oldSignalCalls = syscalls({
  sigaction: call({ signum: signal, act: into(oldAction), oldact: out(oldAction) }, int),
  sigreturn: fromStack(call({ frame: unused }, long), oldSavedMask, oldSet),
})

export const signalCalls = syscalls({
  rt_sigaction: call({ signum: signal, act: into(action), oldact: out(action), sigsetsize: size }, int),
  rt_sigprocmask: call(
    { how: oneOf(sets.sigprocmaskcmds), set: into(sigset), oldset: out(sigset), sigsetsize: size },
    int,
  ),
  rt_sigpending: call(
    {
      set: either(is('sigsetsize', 0), address, out(special('sigset', arg('sigsetsize')))),
      sigsetsize: size,
    },
    int,
  ),
  rt_sigsuspend: call({ mask: into(sigset), sigsetsize: size }, int),
  rt_sigtimedwait: call(
    { set: into(sigset), info: out(siginfo), timeout: into(timespec), sigsetsize: size },
    signal,
  ),
  rt_sigqueueinfo: call({ tgid: pid, sig: signal, info: into(siginfo) }, int),
  rt_tgsigqueueinfo: call({ tgid: pid, tid, sig: signal, info: into(siginfo) }, int),
  rt_sigreturn: fromStack(call({ frame: unused }, long), savedMask, sigset),
  restart_syscall: call({}, long),
  sigaltstack: call({ ss: into(stack), old_ss: out(stack) }, int),
  kill: call({ pid: pidOrGroup, sig: signal }, int),
  tkill: call({ tid, sig: signal }, int),
  tgkill: call({ tgid: pid, tid, sig: signal }, int),
  pause: call({}, int),
  signalfd: call({ fd, mask: into(sigset), sizemask: size }, fd),
  signalfd4: call({ fd, mask: into(sigset), sizemask: size, flags: flags(sets.sfd_flags) }, fd),
})
