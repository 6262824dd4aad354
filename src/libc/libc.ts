/**
 * The C library's functions that capture needs. Pointers are plain numbers (user addresses are below 2^53), which
 * koffi passes faster than bigints; they come from NativeMemory only. A call costs 0.2 to 0.5 µs.
 */
import { loadKoffi } from './load-koffi.ts'

let library: ReturnType<ReturnType<typeof loadKoffi>['load']> | undefined

/** The function of a prototype. It is looked up when it is first called: few captures need all, and looking them all up is felt at a start. */
const bind = <F extends (...args: never[]) => unknown>(prototype: string): F => {
  const name = /(\w+)\(/.exec(prototype)![1]!
  const first = (...args: never[]): unknown => {
    // The symbols that node itself is linked with: the same line serves glibc and musl.
    library ??= loadKoffi().load(null)
    const found = library.func(prototype) as unknown as F
    ;(libc as { [name: string]: unknown })[name] = found
    return found(...args)
  }
  return first as F
}

export const libc = {
  /** The errno of the last call of this thread; valid only right after one that failed. */
  errno: (): number => loadKoffi().errno(),

  setErrno: (value: number): void => {
    loadKoffi().errno(value)
  },

  /** Returns a number, or a bigint where PEEKDATA finds more than 2^53. */
  ptrace: bind<(request: number, tid: number, address: number, data: number | bigint) => number>(
    'long ptrace(long request, int tid, uint64_t address, uint64_t data)',
  ),
  wait4: bind<(pid: number, status: number, options: number, rusage: number) => number>(
    'int wait4(int pid, uint64_t status, int options, uint64_t rusage)',
  ),
  process_vm_readv: bind<
    (
      tid: number,
      local: number,
      localCount: number,
      remote: number,
      remoteCount: number,
      flags: number,
    ) => number
  >(
    'long process_vm_readv(int tid, uint64_t local, unsigned long n, uint64_t remote, unsigned long m, unsigned long flags)',
  ),
  process_vm_writev: bind<
    (
      tid: number,
      local: number,
      localCount: number,
      remote: number,
      remoteCount: number,
      flags: number,
    ) => number
  >(
    'long process_vm_writev(int tid, uint64_t local, unsigned long n, uint64_t remote, unsigned long m, unsigned long flags)',
  ),

  kill: bind<(pid: number, signal: number) => number>('int kill(int pid, int signal)'),
  tgkill: bind<(pid: number, tid: number, signal: number) => number>(
    'int tgkill(int pid, int tid, int signal)',
  ),
  clock_gettime: bind<(clock: number, time: number) => number>('int clock_gettime(int clock, uint64_t time)'),
  getpid: bind<() => number>('int getpid()'),
  getpagesize: bind<() => number>('int getpagesize()'),

  sigaction: bind<(signal: number, action: number, before: number) => number>(
    'int sigaction(int signal, uint64_t action, uint64_t before)',
  ),
  setitimer: bind<(which: number, value: number, before: number) => number>(
    'int setitimer(int which, uint64_t value, uint64_t before)',
  ),

  sched_getaffinity: bind<(tid: number, bytes: number, mask: number) => number>(
    'int sched_getaffinity(int tid, size_t bytes, uint64_t mask)',
  ),
  sched_setaffinity: bind<(tid: number, bytes: number, mask: number) => number>(
    'int sched_setaffinity(int tid, size_t bytes, uint64_t mask)',
  ),
  sched_getcpu: bind<() => number>('int sched_getcpu()'),

  readlink: bind<(path: number, buffer: number, bytes: number) => number>(
    'long readlink(uint64_t path, uint64_t buffer, size_t bytes)',
  ),
  getxattr: bind<(path: number, name: number, value: number, bytes: number) => number>(
    'long getxattr(uint64_t path, uint64_t name, uint64_t value, size_t bytes)',
  ),
  open: bind<(path: number, flags: number, mode: number) => number>(
    'int open(uint64_t path, int flags, int mode)',
  ),
  pread: bind<(fd: number, buffer: number, bytes: number, offset: number) => number>(
    'long pread(int fd, uint64_t buffer, size_t bytes, long offset)',
  ),
  write: bind<(fd: number, buffer: number, bytes: number) => number>(
    'long write(int fd, uint64_t buffer, size_t bytes)',
  ),
  fcntl: bind<(fd: number, command: number, argument: number) => number>(
    'int fcntl(int fd, int command, int argument)',
  ),
  ioctl: bind<(fd: number, request: number, argument: number) => number>(
    'int ioctl(int fd, unsigned long request, unsigned long argument)',
  ),
  getsockopt: bind<(fd: number, level: number, option: number, value: number, length: number) => number>(
    'int getsockopt(int fd, int level, int option, uint64_t value, uint64_t length)',
  ),
  getsockname: bind<(fd: number, address: number, length: number) => number>(
    'int getsockname(int fd, uint64_t address, uint64_t length)',
  ),
  getpeername: bind<(fd: number, address: number, length: number) => number>(
    'int getpeername(int fd, uint64_t address, uint64_t length)',
  ),
  inet_ntop: bind<(family: number, address: number, text: number, bytes: number) => number>(
    'uint64_t inet_ntop(int family, uint64_t address, uint64_t text, unsigned int bytes)',
  ),
  /** For calls that not every C library has a function for. */
  syscall: bind<(number: number, a: number, b: number, c: number, d: number) => number>(
    'long syscall(long number, long a, long b, long c, long d)',
  ),
  _exit: bind<(status: number) => void>('void _exit(int status)'),
  signal: bind<(signal: number, handler: number) => number>('uint64_t signal(int signal, uint64_t handler)'),
  close: bind<(fd: number) => number>('int close(int fd)'),
  memfd_create: bind<(name: number, flags: number) => number>(
    'int memfd_create(uint64_t name, unsigned int flags)',
  ),
  prctl: bind<(option: number, a: number, b: number, c: number, d: number) => number>(
    'int prctl(int option, unsigned long a, unsigned long b, unsigned long c, unsigned long d)',
  ),

  /** These return the error number instead of setting errno. */
  posix_spawn: bind<
    (pid: number, path: number, actions: number, attributes: number, argv: number, envp: number) => number
  >(
    'int posix_spawn(uint64_t pid, uint64_t path, uint64_t actions, uint64_t attributes, uint64_t argv, uint64_t envp)',
  ),
  posix_spawn_file_actions_init: bind<(actions: number) => number>(
    'int posix_spawn_file_actions_init(uint64_t actions)',
  ),
  posix_spawn_file_actions_adddup2: bind<(actions: number, from: number, to: number) => number>(
    'int posix_spawn_file_actions_adddup2(uint64_t actions, int from, int to)',
  ),
  posix_spawn_file_actions_addclose: bind<(actions: number, fd: number) => number>(
    'int posix_spawn_file_actions_addclose(uint64_t actions, int fd)',
  ),
  posix_spawn_file_actions_destroy: bind<(actions: number) => number>(
    'int posix_spawn_file_actions_destroy(uint64_t actions)',
  ),
  posix_spawnattr_init: bind<(attributes: number) => number>('int posix_spawnattr_init(uint64_t attributes)'),
  posix_spawnattr_setflags: bind<(attributes: number, flags: number) => number>(
    'int posix_spawnattr_setflags(uint64_t attributes, short flags)',
  ),
  posix_spawnattr_setsigmask: bind<(attributes: number, set: number) => number>(
    'int posix_spawnattr_setsigmask(uint64_t attributes, uint64_t set)',
  ),
  posix_spawnattr_setsigdefault: bind<(attributes: number, set: number) => number>(
    'int posix_spawnattr_setsigdefault(uint64_t attributes, uint64_t set)',
  ),
  posix_spawnattr_setpgroup: bind<(attributes: number, group: number) => number>(
    'int posix_spawnattr_setpgroup(uint64_t attributes, int group)',
  ),
  posix_spawnattr_destroy: bind<(attributes: number) => number>(
    'int posix_spawnattr_destroy(uint64_t attributes)',
  ),

  connect: bind<(fd: number, address: number, bytes: number) => number>(
    'int connect(int fd, uint64_t address, unsigned int bytes)',
  ),
  poll: bind<(fds: number, count: number, milliseconds: number) => number>(
    'int poll(uint64_t fds, unsigned long count, int milliseconds)',
  ),
  socketpair: bind<(domain: number, type: number, protocol: number, fds: number) => number>(
    'int socketpair(int domain, int type, int protocol, uint64_t fds)',
  ),
  /** Returns only when it fails. */
  execve: bind<(path: number, argv: number, envp: number) => number>(
    'int execve(uint64_t path, uint64_t argv, uint64_t envp)',
  ),
  socket: bind<(domain: number, type: number, protocol: number) => number>(
    'int socket(int domain, int type, int protocol)',
  ),
  send: bind<(fd: number, buffer: number, bytes: number, flags: number) => number>(
    'long send(int fd, uint64_t buffer, size_t bytes, int flags)',
  ),
  recv: bind<(fd: number, buffer: number, bytes: number, flags: number) => number>(
    'long recv(int fd, uint64_t buffer, size_t bytes, int flags)',
  ),
}
