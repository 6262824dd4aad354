/** Values of socket options. What is not listed is a number of four bytes, or bytes. */
import * as sets from '../../abi/sets.ts'
import {
  arg,
  array,
  be32,
  byte,
  bytes,
  deref,
  either,
  errno,
  field,
  gid,
  hex32,
  int,
  into,
  is,
  type Length,
  longArray,
  oneOf,
  out,
  peek,
  pid,
  select,
  special,
  struct,
  uid,
  uint,
  ushort,
} from '../../types/language.ts'
import { all } from '../same-type.ts'

/** An instruction of the older packet machine. */
const sockFilter = struct('sock_filter', { code: ushort, jt: byte, jf: byte, k: hex32 })
/** BPF_MAXINSNS: the kernel takes no longer program. */
const mostInstructions = 4096
const sockFprog = struct('sock_fprog', {
  len: ushort,
  filter: into(longArray(sockFilter, field('len'), mostInstructions)),
})

const linger = (length: Length) => struct('linger', { l_onoff: int, l_linger: int }, length)
const icmpFilter = (length: Length) => struct('icmp_filter', { data: hex32 }, length)
const rehash = oneOf(sets.sockopt_txrehash_vals)

/** Options of every socket that are numbers, whatever their length. */
const numbersOfSockets = [
  'SO_DEBUG',
  'SO_REUSEADDR',
  'SO_DONTROUTE',
  'SO_BROADCAST',
  'SO_SNDBUF',
  'SO_RCVBUF',
  'SO_KEEPALIVE',
  'SO_OOBINLINE',
  'SO_NO_CHECK',
  'SO_PRIORITY',
  'SO_BSDCOMPAT',
  'SO_REUSEPORT',
  'SO_PASSCRED',
  'SO_RCVLOWAT',
  'SO_SNDLOWAT',
  'SO_DETACH_FILTER',
  'SO_TIMESTAMP_OLD',
  'SO_ACCEPTCONN',
  'SO_SNDBUFFORCE',
  'SO_RCVBUFFORCE',
  'SO_PASSSEC',
  'SO_TIMESTAMPNS_OLD',
  'SO_MARK',
  'SO_TIMESTAMPING_OLD',
  'SO_RXQ_OVFL',
  'SO_WIFI_STATUS',
  'SO_PEEK_OFF',
  'SO_NOFCS',
  'SO_LOCK_FILTER',
  'SO_SELECT_ERR_QUEUE',
  'SO_BUSY_POLL',
  'SO_INCOMING_CPU',
  'SO_CNX_ADVICE',
  'SO_INCOMING_NAPI_ID',
  'SO_ZEROCOPY',
  'SO_TIMESTAMP_NEW',
  'SO_TIMESTAMPNS_NEW',
  'SO_TIMESTAMPING_NEW',
  'SO_DETACH_REUSEPORT_BPF',
  'SO_PREFER_BUSY_POLL',
  'SO_BUSY_POLL_BUDGET',
  'SO_RESERVE_MEM',
  'SO_RCVMARK',
] as const

const toSet = arg('optlen')
const multicast = struct('ip_mreq', { imr_multiaddr: be32, imr_interface: be32 })
const multicast6 = struct('ipv6_mreq', { ipv6mr_multiaddr: bytes(16), ipv6mr_ifindex: uint })
const group = struct('group_req', { gr_interface: uint, gr_group: special('sockaddr', 128) })
const membership = struct('packet_mreq', {
  mr_ifindex: uint,
  mr_type: oneOf(sets.packet_mreq_type),
  mr_alen: ushort,
  mr_address: bytes(8),
})
const ring = struct('tpacket_req', {
  tp_block_size: uint,
  tp_block_nr: uint,
  tp_frame_size: uint,
  tp_frame_nr: uint,
})
const anythingToSet = either(is('optlen', 4), into(int), into(bytes(toSet)))

export const valueToSet = select(
  'level',
  {
    SOL_SOCKET: select(
      'optname',
      {
        SO_LINGER: into(linger(toSet)),
        SO_ATTACH_FILTER: into(sockFprog),
        SO_ATTACH_REUSEPORT_CBPF: into(sockFprog),
        SO_TXREHASH: into(rehash),
        ...all(numbersOfSockets, into(int)),
      },
      anythingToSet,
    ),
    SOL_IP: select(
      'optname',
      {
        IP_ADD_MEMBERSHIP: into(multicast),
        IP_DROP_MEMBERSHIP: into(multicast),
        MCAST_JOIN_GROUP: into(group),
        MCAST_LEAVE_GROUP: into(group),
      },
      anythingToSet,
    ),
    SOL_IPV6: select(
      'optname',
      {
        IPV6_ADD_MEMBERSHIP: into(multicast6),
        IPV6_DROP_MEMBERSHIP: into(multicast6),
        IPV6_JOIN_ANYCAST: into(multicast6),
        IPV6_LEAVE_ANYCAST: into(multicast6),
        MCAST_JOIN_GROUP: into(group),
        MCAST_LEAVE_GROUP: into(group),
      },
      anythingToSet,
    ),
    SOL_PACKET: select(
      'optname',
      {
        PACKET_RX_RING: into(ring),
        PACKET_TX_RING: into(ring),
        PACKET_ADD_MEMBERSHIP: into(membership),
        PACKET_DROP_MEMBERSHIP: into(membership),
      },
      anythingToSet,
    ),
    SOL_RAW: select('optname', { ICMP_FILTER: into(icmpFilter(toSet)) }, anythingToSet),
    SOL_NETLINK: into(int),
  },
  anythingToSet,
)

const got = deref('optlen')
const anythingGot = either(is(peek('optlen'), 4), out(int), out(bytes(got)))
/** With less room than a number takes the kernel writes a part of it. */
const numberGot = either(is(peek('optlen'), 0, 1, 2, 3), out(bytes(got)), out(int))

export const valueToGet = select(
  'level',
  {
    SOL_SOCKET: select(
      'optname',
      {
        SO_LINGER: out(linger(got)),
        SO_PEERCRED: out(struct('ucred', { pid, uid, gid }, got)),
        SO_ERROR: out(errno),
        SO_TXREHASH: out(rehash),
        SO_GET_FILTER: out(longArray(sockFilter, got, mostInstructions)),
        ...all(numbersOfSockets, numberGot),
      },
      anythingGot,
    ),
    SOL_PACKET: select(
      'optname',
      {
        // Sockets with the first versions of a ring leave the last field out.
        PACKET_STATISTICS: out(
          struct('tpacket_stats_v3', { tp_packets: uint, tp_drops: uint, tp_freeze_q_cnt: uint }, got),
        ),
      },
      anythingGot,
    ),
    SOL_RAW: select('optname', { ICMP_FILTER: out(icmpFilter(got)) }, anythingGot),
    SOL_NETLINK: select(
      'optname',
      // Words of a bit set, of which only part may have been written.
      { NETLINK_LIST_MEMBERSHIPS: out(array(byte, got)) },
      anythingGot,
    ),
  },
  anythingGot,
)
