/** Names in directories: making, renaming, linking and removing them; where a process is. */
import * as sets from '../abi/sets.ts'
import {
  absent,
  bytes,
  call,
  dev,
  dirfd,
  either,
  fd,
  flags,
  has,
  type Int,
  int,
  mode,
  out,
  path,
  pathString,
  permissions,
  ret,
  size,
  special,
  ssize,
  syscalls,
  type Type,
  uint,
  unfollowedPath,
  when,
} from '../types/language.ts'

const dev32: Int & Type<bigint> = { ...dev, bits: 32 }
/** S_IFCHR and S_IFBLK share a bit that S_IFREG, S_IFLNK, S_IFSOCK (0x8000) and S_IFIFO (0x1000) do not go with. */
const nodeDevice = either(has('mode', 0x8000, 0x1000), absent, when(has('mode', 0x2000), dev32))

export const directoryCalls = syscalls({
  mkdir: call({ pathname: path, mode: permissions }, int),
  mkdirat: call({ dirfd, pathname: path, mode: permissions }, int),
  mknod: call({ pathname: path, mode, dev: nodeDevice }, int),
  mknodat: call({ dirfd, pathname: path, mode, dev: nodeDevice }, int),
  rmdir: call({ pathname: path }, int),
  unlink: call({ pathname: path }, int),
  unlinkat: call({ dirfd, pathname: path, flags: flags(sets.at_flags) }, int),
  rename: call({ oldpath: path, newpath: path }, int),
  renameat: call({ olddirfd: dirfd, oldpath: path, newdirfd: dirfd, newpath: path }, int),
  renameat2: call(
    { olddirfd: dirfd, oldpath: path, newdirfd: dirfd, newpath: path, flags: flags(sets.rename_flags) },
    int,
  ),
  link: call({ oldpath: path, newpath: path }, int),
  linkat: call(
    { olddirfd: dirfd, oldpath: path, newdirfd: dirfd, newpath: path, flags: flags(sets.at_flags) },
    int,
  ),
  symlink: call({ target: unfollowedPath, linkpath: path }, int),
  symlinkat: call({ target: unfollowedPath, newdirfd: dirfd, linkpath: path }, int),
  readlink: call({ pathname: path, buf: out(bytes(ret)), bufsiz: size }, ssize),
  readlinkat: call({ dirfd, pathname: path, buf: out(bytes(ret)), bufsiz: size }, ssize),
  getdents: call({ fd, dirp: out(special('dirents', ret)), count: uint }, int),
  getdents64: call({ fd, dirp: out(special('dirents64', ret)), count: uint }, ssize),

  chdir: call({ path }, int),
  fchdir: call({ fd }, int),
  chroot: call({ path }, int),
  getcwd: call({ buf: out(pathString), size }, int),
  umask: call({ mask: permissions }, permissions),
})
