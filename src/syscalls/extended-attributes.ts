/** Extended attributes. */
import * as sets from '../abi/sets.ts'
import {
  address,
  arg,
  bytes,
  call,
  dirfd,
  either,
  fd,
  flags,
  growing,
  int,
  into,
  is,
  out,
  path,
  ret,
  size,
  ssize,
  syscalls,
  text,
  uint,
} from '../types/language.ts'

const value = into(bytes(arg('size')))
/** A size of 0 asks for the size: nothing is written. */
const gotten = either(is('size', 0), address, out(bytes(ret)))
const create = flags(sets.xattrflags)
const at = flags(sets.xattrat_flags)
const valueArgs = into(growing('xattr_args', { value: address, size: uint, flags: create }, arg('usize'), 16))

export const extendedAttributeCalls = syscalls({
  setxattr: call({ path, name: text, value, size, flags: create }, int),
  lsetxattr: call({ path, name: text, value, size, flags: create }, int),
  fsetxattr: call({ fd, name: text, value, size, flags: create }, int),
  setxattrat: call({ dirfd, path, at_flags: at, name: text, args: valueArgs, usize: size }, int),
  getxattr: call({ path, name: text, value: gotten, size }, ssize),
  lgetxattr: call({ path, name: text, value: gotten, size }, ssize),
  fgetxattr: call({ fd, name: text, value: gotten, size }, ssize),
  getxattrat: call({ dirfd, path, at_flags: at, name: text, args: valueArgs, usize: size }, ssize),
  listxattr: call({ path, list: gotten, size }, ssize),
  llistxattr: call({ path, list: gotten, size }, ssize),
  flistxattr: call({ fd, list: gotten, size }, ssize),
  listxattrat: call({ dirfd, path, at_flags: at, list: gotten, size }, ssize),
  removexattr: call({ path, name: text }, int),
  lremovexattr: call({ path, name: text }, int),
  fremovexattr: call({ fd, name: text }, int),
  removexattrat: call({ dirfd, path, at_flags: at, name: text }, int),
})
