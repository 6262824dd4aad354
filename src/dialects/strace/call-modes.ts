/**
 * The modes that calls are made in, as strace tells them: a program may use more than one. An x32 call is one of
 * amd64's, with a bit set in its number; those whose memory is laid out differently have numbers of their own.
 */
import type { ArchName } from '../../record/layout.ts'
import { callName } from '../../syscalls/index.ts'

/** In the order in which summaries come; the machine's own is first. */
export const callModes = ['64 bit', '32 bit', 'x32'] as const
export type CallMode = (typeof callModes)[number]

const x32Bit = 0x4000_0000
const firstOwn = 512
/** From 512 on (asm/unistd_x32.h). */
const ownCalls =
  'rt_sigaction rt_sigreturn ioctl readv writev recvfrom sendmsg recvmsg execve ptrace rt_sigpending rt_sigtimedwait rt_sigqueueinfo sigaltstack timer_create mq_notify kexec_load waitid set_robust_list get_robust_list vmsplice move_pages preadv pwritev rt_tgsigqueueinfo recvmmsg sendmmsg process_vm_readv process_vm_writev setsockopt getsockopt io_setup io_submit execveat preadv2 pwritev2'.split(
    ' ',
  )

/** What x32 never had, besides those that it has by numbers of its own. */
const onlyWide =
  'uselib _sysctl create_module get_kernel_syms query_module nfsservctl set_thread_area get_thread_area epoll_ctl_old epoll_wait_old vserver'.split(
    ' ',
  )
/** How a number of amd64's is named that is none of x32's, and called with x32's bit. */
const notInX32 = '#64'

/** -1, which skips a call, has all bits, and is no x32 call. */
const isX32 = (arch: ArchName, sysno: number): boolean =>
  arch === 'amd64' && sysno >= x32Bit && sysno < x32Bit + firstOwn + ownCalls.length

/** The architecture of the machine that runs programs of this one. */
export const ownArch = (arch: ArchName): ArchName => (arch === 'i386' ? 'amd64' : arch)

export const modeOf = (arch: ArchName, sysno: number): CallMode =>
  arch === 'i386' ? '32 bit' : isX32(arch, sysno) ? 'x32' : '64 bit'

/** A call's name in the mode that it is made in. */
export function nameInMode(arch: ArchName, sysno: number): string | undefined {
  if (!isX32(arch, sysno)) return callName(arch, sysno)
  const number = sysno - x32Bit
  if (number >= firstOwn) return ownCalls[number - firstOwn]
  const name = callName(arch, number)
  return name !== undefined && (ownCalls.includes(name) || onlyWide.includes(name)) ? name + notInX32 : name
}

/** What the name of a call in a mode says: which call it is, and whether that mode has it. */
export const calledIn = (nameInMode: string): { readonly name: string; readonly has: boolean } =>
  nameInMode.endsWith(notInX32)
    ? { name: nameInMode.slice(0, -notInX32.length), has: false }
    : { name: nameInMode, has: true }
