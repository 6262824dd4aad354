/** Why a line of ours may differ from what runsc printed. */

type Rewrite = {
  readonly program?: string
  readonly pattern: RegExp
  readonly to: string
  readonly why: string
}

/** Differences of era between December 2022 and today, and names that the kernels give: made alike on both sides. */
const rewrites: readonly Rewrite[] = [
  {
    pattern: /anon_inode:\[inotifyfd:\d+\]|anon_inode:inotify\b/g,
    to: 'anon_inode:[inotify]',
    why: 'the name of inotify descriptors',
  },
  {
    program: '23_mmap',
    pattern: /\bMAP_FIXED_NOREPLACE(?:\|0xffe00000)?(?=,)|(?<=\|)0x100000\b|\b0xfff00000\b/g,
    to: 'MAP_FIXED_NOREPLACE',
    why: 'the flag has a name today only',
  },
  {
    pattern: /(socket\(AF_INET6?, [^,]*, )(?:IPPROTO_ICMPV6|0x3a)\)/g,
    to: '$1IPPROTO_ICMPV6)',
    why: 'the protocol has a name today only',
  },
  {
    pattern: /(SOL_SOCKET, )(?:SO_ACCEPTCONN|0x1e)\b/g,
    to: '$1SO_ACCEPTCONN',
    why: 'the option has a name today only',
  },
  {
    pattern: /\{Family: AF_PACKET, (?:family addr format unknown|Addr: [^}]*)\}/g,
    to: '{Family: AF_PACKET, #}',
    why: 'such addresses are decoded today only',
  },
  {
    program: '10_poll',
    pattern: /(Events: )POLLERR\|POLLHUP(?=,)/g,
    to: '$10x0',
    why: "the gVisor of 2022 wrote the events that it adds itself back into the program's list",
  },
  {
    program: '10_poll',
    pattern: /(Events: [A-Z|]*?)\|POLLERR\|POLLHUP(?=[,|])/g,
    to: '$1',
    why: 'the same',
  },
  {
    program: '05_stat',
    pattern: /(\/dev\/null, .*?)uid=\d+, gid=\d+/g,
    to: '$1uid=#, gid=#',
    why: 'whose /dev/null is depends on the container',
  },
]

/** Exit lines whose result differs because the two kernels do: program, stream, line of the golden text, why. */
export const kernelDifferences: readonly (readonly [
  program: string,
  stream: number,
  line: number,
  why: string,
])[] = [
  ['02_iov', 0, 61, 'gVisor errno=38, Linux EINVAL'],
  ['03_path', 0, 169, 'gVisor errno=22, Linux EPERM'],
  ['04_fd', 0, 91, 'gVisor errno=38, Linux EXDEV'],
  ['04_fd', 0, 105, 'gVisor errno=22, Linux 0'],
  ['06_time', 0, 33, 'gVisor errno=1, Linux EINVAL'],
  ['06_time', 0, 35, 'gVisor errno=1, Linux EINVAL'],
  ['06_time', 0, 43, 'gVisor errno=38, Linux EFAULT'],
  ['08_signal', 0, 9, 'Linux clears flags of sigaction that it does not know'],
  ['08_signal', 0, 87, 'gVisor errno=3, Linux EPERM'],
  ['09_pause', 0, 5, 'gVisor 0, Linux EINTR'],
  ['09_pause', 0, 11, 'gVisor 0, Linux EINTR'],
  ['09_pause', 0, 17, 'gVisor 0, Linux EINTR'],
  ['09_pause', 0, 23, 'gVisor 0, Linux EINTR'],
  ['09_pause', 0, 29, 'gVisor 0, Linux EINTR'],
  ['14_sock_inet', 0, 51, 'gVisor errno=22, Linux EPROTONOSUPPORT'],
  ['14_sock_inet', 0, 53, 'gVisor errno=93, Linux ESOCKTNOSUPPORT'],
  ['14_sock_inet', 0, 57, 'gVisor 5, Linux EACCES'],
  ['14_sock_inet', 0, 63, 'gVisor errno=1, Linux 0x5'],
  ['16_sockopt', 0, 13, 'gVisor 0, Linux ENOPROTOOPT'],
  ['16_sockopt', 0, 17, 'gVisor 0, Linux ENOPROTOOPT'],
  ['16_sockopt', 0, 75, 'gVisor errno=92, Linux EOPNOTSUPP'],
  ['17_fork', 0, 33, 'gVisor 0, Linux EINVAL'],
  ['17_fork', 0, 35, 'gVisor errno=95, Linux EBADF'],
  ['17_fork', 0, 41, 'gVisor errno=38, Linux EINVAL'],
  ['17_fork', 4, 3, 'Linux never returns from a kill of oneself'],
  ['19_futex', 0, 7, 'gVisor errno=110, Linux EINVAL'],
  ['20_exec', 0, 13, 'gVisor errno=14, Linux ENOENT'],
  ['20_exec', 0, 15, 'gVisor errno=14, Linux ENOENT'],
  ['20_exec', 1, 47, 'gVisor errno=38, Linux 0'],
  ['22_ptrace', 1, 1, 'gVisor 0, Linux EPERM'],
  ['23_mmap', 0, 27, 'gVisor errno=22, Linux EBADF'],
  ['23_mmap', 0, 29, 'gVisor errno=22, Linux EBADF'],
  ['23_mmap', 0, 35, 'gVisor errno=9, Linux EINVAL'],
  ['23_mmap', 0, 37, 'gVisor errno=22, Linux EBADF'],
  ['25_edges', 0, 19, 'gVisor errno=14, Linux 0'],
  ['25_edges', 0, 25, 'gVisor 0, Linux EFAULT'],
  ['25_edges', 0, 37, 'gVisor errno=14, Linux 0'],
  ['25_edges', 0, 43, 'gVisor 0, Linux EFAULT'],
  ['25_edges', 0, 87, 'gVisor errno=38, Linux EINVAL'],
]

/** Streams of which only the first lines are compared. */
export const partial: {
  readonly [programAndStream: string]: { readonly lines: number; readonly why: string }
} = {
  '20_exec/1': { lines: 2, why: "after execve it is the dynamic loader's calls, which are the machine's" },
  '21_misc/1': { lines: 2, why: 'the same' },
}

export const alike = (program: string, line: string): string =>
  rewrites.reduce(
    (text, rule) =>
      rule.program === undefined || rule.program === program ? text.replace(rule.pattern, rule.to) : text,
    line,
  )
