/** The machine as a whole: its names, its state, switching it off; and x86's segments and ports. */
import * as sets from '../abi/sets.ts'
import {
  absent,
  address,
  arg,
  array,
  bytes,
  call,
  chars,
  flags,
  hex,
  inoutAlways,
  int,
  into,
  is,
  long,
  mixed,
  oneOf,
  out,
  path,
  ret,
  select,
  shortString,
  size,
  ssize,
  struct,
  syscalls,
  uint,
  ulong,
  ushort,
  when,
} from '../types/language.ts'
import { userDesc } from './segments.ts'

const name = chars()
const utsname = struct('new_utsname', {
  sysname: name,
  nodename: name,
  release: name,
  version: name,
  machine: name,
  domainname: name,
})
const sysinfo = struct('sysinfo', {
  uptime: ulong,
  loads: array(ulong, 3),
  totalram: ulong,
  freeram: ulong,
  sharedram: ulong,
  bufferram: ulong,
  totalswap: ulong,
  freeswap: ulong,
  procs: ushort,
  totalhigh: ulong,
  freehigh: ulong,
  mem_unit: uint,
})

/** Actions of syslog that look at neither buffer nor length. */
const alone = {
  SYSLOG_ACTION_CLOSE: absent,
  SYSLOG_ACTION_OPEN: absent,
  SYSLOG_ACTION_CLEAR: absent,
  SYSLOG_ACTION_CONSOLE_OFF: absent,
  SYSLOG_ACTION_CONSOLE_ON: absent,
  SYSLOG_ACTION_SIZE_UNREAD: absent,
  SYSLOG_ACTION_SIZE_BUFFER: absent,
}
const log = out(bytes(ret))

export const systemCalls = syscalls({
  uname: call({ buf: out(utsname) }, int),
  sysinfo: call({ info: out(sysinfo) }, int),
  sethostname: call({ name: into(bytes(arg('len'))), len: uint }, int),
  setdomainname: call({ name: into(bytes(arg('len'))), len: uint }, int),
  personality: call({ persona: mixed(0xff, sets.personality_types, sets.personality_flags) }, hex),
  getrandom: call({ buf: out(bytes(ret)), buflen: size, flags: flags(sets.getrandom_flags) }, ssize),
  syslog: call(
    {
      type: oneOf(sets.syslog_action_type),
      bufp: select(
        'type',
        { ...alone, SYSLOG_ACTION_READ: log, SYSLOG_ACTION_READ_ALL: log, SYSLOG_ACTION_READ_CLEAR: log },
        address,
      ),
      len: select('type', alone, int),
    },
    int,
  ),
  reboot: call(
    {
      magic: oneOf(sets.bootflags1),
      magic2: oneOf(sets.bootflags2),
      cmd: oneOf(sets.bootflags3),
      arg: when(is('cmd', 'LINUX_REBOOT_CMD_RESTART2'), into(shortString(255))),
    },
    int,
  ),
  swapon: call({ path, swapflags: flags(sets.swap_flags) }, int),
  swapoff: call({ path }, int),
  vhangup: call({}, int),

  modify_ldt: call({ func: int, ptr: inoutAlways(userDesc), bytecount: ulong }, long),
  set_thread_area: call({ u_info: inoutAlways(userDesc) }, int),
  get_thread_area: call({ u_info: inoutAlways(userDesc) }, int),
  iopl: call({ level: int }, int),
  ioperm: call({ from: hex, num: hex, turn_on: int }, int),
})
