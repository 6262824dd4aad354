/**
 * The C library's functions that capture needs. Pointers are plain numbers (user addresses are below 2^53), which
 * koffi passes faster than bigints; they come from NativeMemory only. A call costs 0.2 to 0.5 µs.
 */
import koffi from 'koffi'

// The symbols that node itself is linked with: the same line serves glibc and musl.
const lib = koffi.load(null)
const bind = <F extends (...args: never[]) => unknown>(prototype: string): F =>
  lib.func(prototype) as unknown as F

/** The errno of the last call of this thread; valid only right after one that failed. */
export const errno = (): number => koffi.errno()

export const setErrno = (value: number): void => {
  koffi.errno(value)
}

/** Returns a number, or a bigint where PEEKDATA finds more than 2^53. */
export const ptrace = bind<(request: number, tid: number, address: number, data: number | bigint) => number>(
  'long ptrace(long request, int tid, uint64_t address, uint64_t data)',
)
export const wait4 = bind<(pid: number, status: number, options: number, rusage: number) => number>(
  'int wait4(int pid, uint64_t status, int options, uint64_t rusage)',
)
export const process_vm_readv = bind<
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
)
export const process_vm_writev = bind<
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
)

export const kill = bind<(pid: number, signal: number) => number>('int kill(int pid, int signal)')
export const tgkill = bind<(pid: number, tid: number, signal: number) => number>(
  'int tgkill(int pid, int tid, int signal)',
)
export const getpid = bind<() => number>('int getpid()')
export const getpagesize = bind<() => number>('int getpagesize()')

export const sched_getaffinity = bind<(tid: number, bytes: number, mask: number) => number>(
  'int sched_getaffinity(int tid, size_t bytes, uint64_t mask)',
)
export const sched_setaffinity = bind<(tid: number, bytes: number, mask: number) => number>(
  'int sched_setaffinity(int tid, size_t bytes, uint64_t mask)',
)
export const sched_getcpu = bind<() => number>('int sched_getcpu()')

export const readlink = bind<(path: number, buffer: number, bytes: number) => number>(
  'long readlink(uint64_t path, uint64_t buffer, size_t bytes)',
)
export const getxattr = bind<(path: number, name: number, value: number, bytes: number) => number>(
  'long getxattr(uint64_t path, uint64_t name, uint64_t value, size_t bytes)',
)
export const open = bind<(path: number, flags: number, mode: number) => number>(
  'int open(uint64_t path, int flags, int mode)',
)
export const pread = bind<(fd: number, buffer: number, bytes: number, offset: number) => number>(
  'long pread(int fd, uint64_t buffer, size_t bytes, long offset)',
)
export const write = bind<(fd: number, buffer: number, bytes: number) => number>(
  'long write(int fd, uint64_t buffer, size_t bytes)',
)
export const fcntl = bind<(fd: number, command: number, argument: number) => number>(
  'int fcntl(int fd, int command, int argument)',
)
export const ioctl = bind<(fd: number, request: number, argument: number) => number>(
  'int ioctl(int fd, unsigned long request, unsigned long argument)',
)
export const getsockopt = bind<
  (fd: number, level: number, option: number, value: number, length: number) => number
>('int getsockopt(int fd, int level, int option, uint64_t value, uint64_t length)')
export const getsockname = bind<(fd: number, address: number, length: number) => number>(
  'int getsockname(int fd, uint64_t address, uint64_t length)',
)
export const getpeername = bind<(fd: number, address: number, length: number) => number>(
  'int getpeername(int fd, uint64_t address, uint64_t length)',
)
export const inet_ntop = bind<(family: number, address: number, text: number, bytes: number) => number>(
  'uint64_t inet_ntop(int family, uint64_t address, uint64_t text, unsigned int bytes)',
)
/** For calls that not every C library has a function for. */
export const syscall = bind<(number: number, a: number, b: number, c: number) => number>(
  'long syscall(long number, long a, long b, long c)',
)
export const close = bind<(fd: number) => number>('int close(int fd)')
export const memfd_create = bind<(name: number, flags: number) => number>(
  'int memfd_create(uint64_t name, unsigned int flags)',
)
export const prctl = bind<(option: number, a: number, b: number, c: number, d: number) => number>(
  'int prctl(int option, unsigned long a, unsigned long b, unsigned long c, unsigned long d)',
)

/** These return the error number instead of setting errno. */
export const posix_spawn = bind<
  (pid: number, path: number, actions: number, attributes: number, argv: number, envp: number) => number
>(
  'int posix_spawn(uint64_t pid, uint64_t path, uint64_t actions, uint64_t attributes, uint64_t argv, uint64_t envp)',
)
export const posix_spawn_file_actions_init = bind<(actions: number) => number>(
  'int posix_spawn_file_actions_init(uint64_t actions)',
)
export const posix_spawn_file_actions_adddup2 = bind<(actions: number, from: number, to: number) => number>(
  'int posix_spawn_file_actions_adddup2(uint64_t actions, int from, int to)',
)
export const posix_spawn_file_actions_addclose = bind<(actions: number, fd: number) => number>(
  'int posix_spawn_file_actions_addclose(uint64_t actions, int fd)',
)
export const posix_spawn_file_actions_destroy = bind<(actions: number) => number>(
  'int posix_spawn_file_actions_destroy(uint64_t actions)',
)
export const posix_spawnattr_init = bind<(attributes: number) => number>(
  'int posix_spawnattr_init(uint64_t attributes)',
)
export const posix_spawnattr_setflags = bind<(attributes: number, flags: number) => number>(
  'int posix_spawnattr_setflags(uint64_t attributes, short flags)',
)
export const posix_spawnattr_setsigmask = bind<(attributes: number, set: number) => number>(
  'int posix_spawnattr_setsigmask(uint64_t attributes, uint64_t set)',
)
export const posix_spawnattr_setsigdefault = bind<(attributes: number, set: number) => number>(
  'int posix_spawnattr_setsigdefault(uint64_t attributes, uint64_t set)',
)
export const posix_spawnattr_setpgroup = bind<(attributes: number, group: number) => number>(
  'int posix_spawnattr_setpgroup(uint64_t attributes, int group)',
)
export const posix_spawnattr_destroy = bind<(attributes: number) => number>(
  'int posix_spawnattr_destroy(uint64_t attributes)',
)

export const connect = bind<(fd: number, address: number, bytes: number) => number>(
  'int connect(int fd, uint64_t address, unsigned int bytes)',
)
export const poll = bind<(fds: number, count: number, milliseconds: number) => number>(
  'int poll(uint64_t fds, unsigned long count, int milliseconds)',
)
export const socketpair = bind<(domain: number, type: number, protocol: number, fds: number) => number>(
  'int socketpair(int domain, int type, int protocol, uint64_t fds)',
)
/** Returns only when it fails. */
export const execve = bind<(path: number, argv: number, envp: number) => number>(
  'int execve(uint64_t path, uint64_t argv, uint64_t envp)',
)
export const socket = bind<(domain: number, type: number, protocol: number) => number>(
  'int socket(int domain, int type, int protocol)',
)
export const send = bind<(fd: number, buffer: number, bytes: number, flags: number) => number>(
  'long send(int fd, uint64_t buffer, size_t bytes, int flags)',
)
export const recv = bind<(fd: number, buffer: number, bytes: number, flags: number) => number>(
  'long recv(int fd, uint64_t buffer, size_t bytes, int flags)',
)
