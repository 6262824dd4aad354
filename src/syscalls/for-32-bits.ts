/** Calls of 64-bit programs as 32-bit programs have them: under other names, with other structures. */
import { absent, type Call, type Int } from '../types/language.ts'

/** Other names of calls that 64-bit programs have: with ids of 32 bits, with times of 64. */
export const otherNames: { readonly [name: string]: string } = {
  chown32: 'chown',
  lchown32: 'lchown',
  fchown32: 'fchown',
  getuid32: 'getuid',
  getgid32: 'getgid',
  geteuid32: 'geteuid',
  getegid32: 'getegid',
  setreuid32: 'setreuid',
  setregid32: 'setregid',
  getgroups32: 'getgroups',
  setgroups32: 'setgroups',
  setresuid32: 'setresuid',
  getresuid32: 'getresuid',
  setresgid32: 'setresgid',
  getresgid32: 'getresgid',
  setuid32: 'setuid',
  setgid32: 'setgid',
  setfsuid32: 'setfsuid',
  setfsgid32: 'setfsgid',
  fcntl64: 'fcntl',
  sendfile64: 'sendfile',
  truncate64: 'truncate',
  ftruncate64: 'ftruncate',
  fadvise64_64: 'fadvise64',
  _newselect: 'select',
  ugetrlimit: 'getrlimit',
  clock_gettime64: 'clock_gettime',
  clock_settime64: 'clock_settime',
  clock_adjtime64: 'clock_adjtime',
  clock_getres_time64: 'clock_getres',
  clock_nanosleep_time64: 'clock_nanosleep',
  timer_gettime64: 'timer_gettime',
  timer_settime64: 'timer_settime',
  timerfd_gettime64: 'timerfd_gettime',
  timerfd_settime64: 'timerfd_settime',
  utimensat_time64: 'utimensat',
  pselect6_time64: 'pselect6',
  ppoll_time64: 'ppoll',
  io_pgetevents_time64: 'io_pgetevents',
  recvmmsg_time64: 'recvmmsg',
  mq_timedsend_time64: 'mq_timedsend',
  mq_timedreceive_time64: 'mq_timedreceive',
  semtimedop_time64: 'semtimedop',
  rt_sigtimedwait_time64: 'rt_sigtimedwait',
  futex_time64: 'futex',
  sched_rr_get_interval_time64: 'sched_rr_get_interval',
}

/** Structures that 32-bit programs had before their times and limits had 64 bits. */
const olderLayouts: { readonly [layout: string]: string } = {
  __kernel_timespec: 'timespec',
  __kernel_itimerspec: 'itimerspec',
  rlimit64: 'rlimit',
  __kernel_timex: 'timex',
  __kernel_timex_timeval: 'timeval',
}
/** Calls that were there too late for those. */
const isNewer = (name: string): boolean => /64$/.test(name) || newer.has(name)
const newer: ReadonlySet<string> = new Set(['prlimit64', 'epoll_pwait2', 'io_uring_register', 'futex_waitv'])

/** Calls from when ids of users and groups had 16 bits. */
const withShortIds: ReadonlySet<string> = new Set(
  ['chown', 'lchown', 'fchown', 'getgroups', 'setgroups', 'getresuid', 'getresgid'].concat(
    ['uid', 'gid', 'reuid', 'regid', 'resuid', 'resgid', 'fsuid', 'fsgid'].map(ids => `set${ids}`),
  ),
)

/** Numbers of 64 bits, which take two registers: the lower half comes first. */
const halved: { readonly [call: string]: readonly string[] } = {
  pread64: ['offset'],
  pwrite64: ['offset'],
  preadv: ['offset'],
  pwritev: ['offset'],
  preadv2: ['offset'],
  pwritev2: ['offset'],
  truncate64: ['length'],
  ftruncate64: ['length'],
  readahead: ['offset'],
  fallocate: ['offset', 'len'],
  sync_file_range: ['offset', 'nbytes'],
  fadvise64: ['offset'],
  fadvise64_64: ['offset', 'len'],
  lookup_dcookie: ['cookie'],
  fanotify_mark: ['mask'],
}

const made = new Map<string, Call>()

/** A declaration as it is for 32-bit programs. */
export function for32Bits(name: string, declaration: Call): Call {
  let older = made.get(name)
  if (older === undefined) {
    older = isNewer(name) ? declaration : (changed(declaration, olderLayout) as Call)
    if (withShortIds.has(name)) older = { ...older, args: changed(older.args, shortId) as Call['args'] }
    const wide = halved[name]
    if (wide !== undefined) older = inHalves(older, wide)
    made.set(name, older)
  }
  return older
}

/** The same declaration with two arguments in the place of each that is wide. */
function inHalves(declaration: Call, wide: readonly string[]): Call {
  const args: { [name: string]: unknown } = {}
  for (const [name, type] of Object.entries(declaration.args)) {
    // The upper half that calls of 64-bit programs have without looking at it.
    if (name === 'pos_h') continue
    if (wide.includes(name)) {
      args[name] = Object.freeze({ ...(type as unknown as Int), halves: 'low' })
      args[`${name}_high`] = absent
    } else args[name] = type
  }
  return Object.freeze({ ...declaration, args: args as Call['args'] })
}

/** The same data with another in the place of each part of it. */
function changed(part: unknown, change: (part: object) => object): unknown {
  if (Array.isArray(part)) return part.map(item => changed(item, change))
  if (typeof part !== 'object' || part === null) return part
  if (isNameSet(part)) return part
  const copy = Object.fromEntries(Object.entries(part).map(([key, value]) => [key, changed(value, change)]))
  return Object.freeze(change(copy))
}

function olderLayout(part: object): object {
  const layout = olderLayouts[String((part as { readonly layout?: unknown }).layout)]
  return layout === undefined ? part : { ...part, layout }
}

function shortId(part: object): object {
  const { role } = part as { readonly role?: unknown }
  return role === 'uid' || role === 'gid' ? { ...part, bits: 16 } : part
}

/** Sets stay what they are: others know them by identity. */
const isNameSet = (part: object): boolean => 'values' in part && 'name' in part
