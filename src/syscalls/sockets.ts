/** Sockets: making, naming, connecting and configuring them. */
import * as sets from '../abi/sets.ts'
import {
  arg,
  array,
  be16,
  call,
  deref,
  fd,
  flags,
  inout,
  int,
  into,
  mixed,
  oneOf,
  out,
  select,
  special,
  syscalls,
  ulong,
} from '../types/language.ts'
import { level, optionToGet, optionToSet } from './sockopt/names.ts'
import { valueToGet, valueToSet } from './sockopt/values.ts'

const domain = oneOf(sets.addrfams)
const type = mixed(0xf, sets.socktypes, sets.sock_type_flags)
const protocol = select(
  'domain',
  {
    AF_INET: oneOf(sets.inet_protocols),
    AF_INET6: oneOf(sets.inet_protocols),
    AF_AX25: oneOf(sets.ax25_protocols),
    AF_NETLINK: oneOf(sets.netlink_protocols),
    AF_PACKET: be16,
    AF_IRDA: oneOf(sets.irda_protocols),
    AF_BLUETOOTH: oneOf(sets.bt_protocols),
    AF_CAN: oneOf(sets.can_protocols),
    AF_ISDN: oneOf(sets.isdn_protocols),
    AF_PHONET: oneOf(sets.phonet_protocols),
    AF_CAIF: oneOf(sets.caif_protocols),
    AF_NFC: oneOf(sets.nfc_protocols),
    AF_KCM: oneOf(sets.kcm_protocols),
    AF_SMC: oneOf(sets.smc_protocols),
  },
  ulong,
)
const addr = into(special('sockaddr', arg('addrlen')))
/** The room there is, then the length that the address has. */
const addrlen = inout(int)
const filledAddr = out(special('sockaddr', deref('addrlen')))

export const socketCalls = syscalls({
  socket: call({ domain, type, protocol }, fd),
  socketpair: call({ domain, type, protocol: ulong, sv: out(array(fd, 2)) }, int),
  bind: call({ sockfd: fd, addr, addrlen: int }, int),
  connect: call({ sockfd: fd, addr, addrlen: int }, int),
  listen: call({ sockfd: fd, backlog: int }, int),
  accept: call({ sockfd: fd, addr: filledAddr, addrlen }, fd),
  accept4: call({ sockfd: fd, addr: filledAddr, addrlen, flags: flags(sets.sock_type_flags) }, fd),
  getsockname: call({ sockfd: fd, addr: filledAddr, addrlen }, int),
  getpeername: call({ sockfd: fd, addr: filledAddr, addrlen }, int),
  shutdown: call({ sockfd: fd, how: oneOf(sets.shutdown_modes) }, int),
  setsockopt: call({ sockfd: fd, level, optname: optionToSet, optval: valueToSet, optlen: int }, int),
  getsockopt: call({ sockfd: fd, level, optname: optionToGet, optval: valueToGet, optlen: inout(int) }, int),
})
