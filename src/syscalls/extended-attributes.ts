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
  field,
  flags,
  growing,
  inout,
  int,
  into,
  is,
  min,
  out,
  path,
  ret,
  size,
  ssize,
  syscalls,
  type Type,
  text,
  uint,
} from '../types/language.ts'

const value = into(bytes(arg('size')))
/** A size of 0 asks for the size: nothing is written. */
const gotten = either(is('size', 0), address, out(bytes(ret)))
const create = flags(sets.xattrflags)
const at = flags(sets.xattrat_flags)
const valueArgs = <D extends Type<unknown>>(value: D) =>
  growing('xattr_args', { value, size: uint, flags: create }, arg('usize'), 16)
const given = into(valueArgs(into(bytes(field('size')))))
/** Without room for a value the kernel tells how long it is. */
const asked = inout(valueArgs(out(bytes(min(ret, field('size'))))))

export const extendedAttributeCalls = syscalls({
  setxattr: call({ path, name: text, value, size, flags: create }, int),
  lsetxattr: call({ path, name: text, value, size, flags: create }, int),
  fsetxattr: call({ fd, name: text, value, size, flags: create }, int),
  setxattrat: call({ dirfd, path, at_flags: at, name: text, args: given, usize: size }, int),
  getxattr: call({ path, name: text, value: gotten, size }, ssize),
  lgetxattr: call({ path, name: text, value: gotten, size }, ssize),
  fgetxattr: call({ fd, name: text, value: gotten, size }, ssize),
  getxattrat: call({ dirfd, path, at_flags: at, name: text, args: asked, usize: size }, ssize),
  listxattr: call({ path, list: gotten, size }, ssize),
  llistxattr: call({ path, list: gotten, size }, ssize),
  flistxattr: call({ fd, list: gotten, size }, ssize),
  listxattrat: call({ dirfd, path, at_flags: at, list: gotten, size }, ssize),
  removexattr: call({ path, name: text }, int),
  lremovexattr: call({ path, name: text }, int),
  fremovexattr: call({ fd, name: text }, int),
  removexattrat: call({ dirfd, path, at_flags: at, name: text }, int),
})
