/** Sockets and network interfaces. */
import * as sets from '../../abi/sets.ts'
import {
  array,
  chars,
  field,
  flags,
  hex,
  hex32,
  inout,
  int,
  into,
  out,
  shortString,
  special,
  struct,
  times,
} from '../../types/language.ts'

const name = { 'ifr_ifrn.ifrn_name': chars() }
const ifreq = {
  address: struct('ifreq', { ...name, 'ifr_ifru.ifru_addr': special('sockaddr', 16) }),
  number: struct('ifreq', { ...name, 'ifr_ifru.ifru_ivalue': int }),
  flags: struct('ifreq', { ...name, 'ifr_ifru.ifru_flags': flags(sets.iffflags) }),
  name: struct('ifreq', { ...name, 'ifr_ifru.ifru_newname': chars() }),
  map: struct('ifreq', {
    ...name,
    'ifr_ifru.ifru_map': struct('ifmap', {
      mem_start: hex,
      mem_end: hex,
      base_addr: hex32,
      irq: hex32,
      dma: hex32,
      port: hex32,
    }),
  }),
}
/** Addresses of all interfaces, as many as the buffer holds. */
const ifconf = struct('ifconf', {
  ifc_len: int,
  'ifc_ifcu.ifcu_req': out(array(ifreq.address, times(field('ifc_len'), 1 / 40))),
})

export const interfaceIoctls = {
  SIOCATMARK: out(int),
  FIOGETOWN: out(int),
  FIOSETOWN: into(int),
  SIOCGPGRP: out(int),
  SIOCSPGRP: into(int),
  SIOCOUTQNSD: out(int),
  SIOCGIFENCAP: out(int),
  SIOCSIFENCAP: into(int),

  SIOCGIFADDR: inout(ifreq.address),
  SIOCSIFADDR: into(ifreq.address),
  SIOCGIFDSTADDR: inout(ifreq.address),
  SIOCSIFDSTADDR: into(ifreq.address),
  SIOCGIFBRDADDR: inout(ifreq.address),
  SIOCSIFBRDADDR: into(ifreq.address),
  SIOCGIFNETMASK: inout(ifreq.address),
  SIOCSIFNETMASK: into(ifreq.address),
  SIOCGIFHWADDR: inout(ifreq.address),
  SIOCSIFHWADDR: into(ifreq.address),
  SIOCSIFHWBROADCAST: into(ifreq.address),
  SIOCADDMULTI: into(ifreq.address),
  SIOCDELMULTI: into(ifreq.address),
  SIOCGIFFLAGS: inout(ifreq.flags),
  SIOCSIFFLAGS: into(ifreq.flags),
  SIOCGIFMETRIC: inout(ifreq.number),
  SIOCSIFMETRIC: into(ifreq.number),
  SIOCGIFMTU: inout(ifreq.number),
  SIOCSIFMTU: into(ifreq.number),
  SIOCGIFTXQLEN: inout(ifreq.number),
  SIOCSIFTXQLEN: into(ifreq.number),
  SIOCGIFINDEX: inout(ifreq.number),
  SIOCGIFNAME: inout(ifreq.number),
  SIOCSIFNAME: into(ifreq.name),
  SIOCGIFSLAVE: inout(ifreq.name),
  SIOCSIFSLAVE: into(ifreq.name),
  SIOCGIFMAP: inout(ifreq.map),
  SIOCSIFMAP: into(ifreq.map),
  SIOCGIFCONF: inout(ifconf),

  SIOCBRADDBR: into(shortString(16)),
  SIOCBRDELBR: into(shortString(16)),
  SIOCBRADDIF: into(ifreq.number),
  SIOCBRDELIF: into(ifreq.number),
}
