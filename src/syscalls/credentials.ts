/** Who a process is, and what it may do: users, groups, capabilities. */
import * as sets from '../abi/sets.ts'
import {
  arg,
  array,
  call,
  flags,
  gid,
  int,
  into,
  longArray,
  oneOf,
  out,
  permissions,
  pid,
  ret,
  struct,
  syscalls,
  uid,
} from '../types/language.ts'

const capabilityHeader = struct('__user_cap_header_struct', { version: oneOf(sets.cap_version), pid })
/** From version 2 on there are two of them: the lower and the upper halves of each set. */
const capabilities = array(
  struct('__user_cap_data_struct', {
    effective: flags(sets.cap_mask0),
    permitted: flags(sets.cap_mask0),
    inheritable: flags(sets.cap_mask0),
  }),
  2,
)

/** NGROUPS_MAX: the kernel takes no more. */
const mostGroups = 65536

export const credentialCalls = syscalls({
  getuid: call({}, uid),
  geteuid: call({}, uid),
  getgid: call({}, gid),
  getegid: call({}, gid),
  setuid: call({ uid }, int),
  setgid: call({ gid }, int),
  setreuid: call({ ruid: uid, euid: uid }, int),
  setregid: call({ rgid: gid, egid: gid }, int),
  setresuid: call({ ruid: uid, euid: uid, suid: uid }, int),
  setresgid: call({ rgid: gid, egid: gid, sgid: gid }, int),
  getresuid: call({ ruid: out(uid), euid: out(uid), suid: out(uid) }, int),
  getresgid: call({ rgid: out(gid), egid: out(gid), sgid: out(gid) }, int),
  setfsuid: call({ fsuid: uid }, uid),
  setfsgid: call({ fsgid: gid }, gid),
  getgroups: call({ size: int, list: out(longArray(gid, ret, mostGroups)) }, int),
  setgroups: call({ size: int, list: into(longArray(gid, arg('size'), mostGroups)) }, int),
  capget: call({ hdrp: into(capabilityHeader), datap: out(capabilities) }, int),
  capset: call({ hdrp: into(capabilityHeader), datap: into(capabilities) }, int),
  umask: call({ mask: permissions }, permissions),
})
