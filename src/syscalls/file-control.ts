/** fcntl and flock. */
import * as sets from '../abi/sets.ts'
import {
  absent,
  call,
  fd,
  flags,
  flags64,
  hex,
  int,
  into,
  long,
  mixed,
  offset,
  oneOf,
  oneOf64,
  out,
  pgid,
  pid,
  pidOrGroup,
  select,
  signal,
  struct,
  syscalls,
  tid,
} from '../types/language.ts'

/** Commands of machines of 32 bits, which fail on those of 64. */
const wideLocks = {
  name: 'fcntl64cmds',
  kind: 'value',
  prefix: 'F_',
  values: { F_GETLK64: 12, F_SETLK64: 13, F_SETLKW64: 14 },
} as const
const fileFlags = mixed(3, sets.open_access_modes, sets.open_mode_flags)
const lock = {
  l_type: oneOf(sets.lockfcmds),
  l_whence: oneOf(sets.whence_codes),
  l_start: offset,
  l_len: offset,
}
const set = into(struct('flock', lock))
const got = out(struct('flock', { ...lock, l_pid: pid }))
const owner = struct('f_owner_ex', {
  type: oneOf(sets.f_owner_types),
  pid: select({ field: 'type' }, { F_OWNER_TID: tid, F_OWNER_PID: pid, F_OWNER_PGRP: pgid }, int),
})
const hint = oneOf64(sets.rwh_write_life_hints)

const returned = select('cmd', { F_DUPFD: fd, F_DUPFD_CLOEXEC: fd, F_GETOWN: pidOrGroup }, int)

const commands = {
  F_DUPFD: long,
  F_DUPFD_CLOEXEC: long,
  F_DUPFD_QUERY: fd,
  F_GETFD: absent,
  F_SETFD: flags(sets.fdflags),
  F_GETFL: absent,
  F_SETFL: fileFlags,
  F_GETLK: got,
  F_SETLK: set,
  F_SETLKW: set,
  F_OFD_GETLK: got,
  F_OFD_SETLK: set,
  F_OFD_SETLKW: set,
  F_GETOWN: absent,
  F_SETOWN: pidOrGroup,
  F_GETOWN_EX: out(owner),
  F_SETOWN_EX: into(owner),
  F_GETSIG: absent,
  F_SETSIG: signal,
  F_GETLEASE: absent,
  F_SETLEASE: oneOf64(sets.lockfcmds),
  F_NOTIFY: flags64(sets.notifyflags),
  F_GETPIPE_SZ: absent,
  F_SETPIPE_SZ: long,
  F_GET_SEALS: absent,
  F_ADD_SEALS: flags64(sets.f_seals),
  F_GET_RW_HINT: out(hint),
  F_SET_RW_HINT: into(hint),
  F_GET_FILE_RW_HINT: out(hint),
  F_SET_FILE_RW_HINT: into(hint),
  F_CREATED_QUERY: absent,
}
/** As 32-bit programs have had it since files may be larger than 2 GB. */
const set64 = into(struct('flock64', lock))
const got64 = out(struct('flock64', { ...lock, l_pid: pid }))
const commands64 = {
  ...commands,
  F_GETLK64: got64,
  F_SETLK64: set64,
  F_SETLKW64: set64,
  F_OFD_GETLK: got64,
  F_OFD_SETLK: set64,
  F_OFD_SETLKW: set64,
}
const cmd = oneOf(sets.fcntlcmds, wideLocks)
export const fcntl64 = call({ fd, cmd, arg: select('cmd', commands64, hex) }, returned)

export const fileControlCalls = syscalls({
  fcntl: call({ fd, cmd, arg: select('cmd', commands, hex) }, returned),
  flock: call({ fd, operation: flags(sets.flockcmds) }, int),
})
