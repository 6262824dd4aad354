/** Which form the values of socket options have, by level and number. */
import * as sets from '../../abi/sets.ts'
import {
  anything,
  atLeast,
  failure,
  fields,
  group,
  icmpFilter,
  linger,
  membership,
  multicast,
  multicast6,
  number,
  numberGot,
  type OptionValue,
  program,
  programGot,
  rehash,
  ring,
  words,
} from './socket-options.ts'

interface Level {
  readonly options: { readonly [number: number]: OptionValue }
  readonly otherwise: OptionValue
}
type Levels = { readonly [level: number]: Level }

const layer = sets.socketlayers.values
const so = sets.sock_options.values
const ip = sets.sock_ip_options.values
const ip6 = sets.sock_ipv6_options.values
const packet = sets.sock_packet_options.values
const { ICMP_FILTER } = sets.sock_raw_options.values
const { NETLINK_LIST_MEMBERSHIPS } = sets.sock_netlink_options.values

/** Options that are numbers, however long the value is said to be. */
const numbers: readonly number[] = [
  so.SO_DEBUG,
  so.SO_REUSEADDR,
  so.SO_DONTROUTE,
  so.SO_BROADCAST,
  so.SO_SNDBUF,
  so.SO_RCVBUF,
  so.SO_KEEPALIVE,
  so.SO_OOBINLINE,
  so.SO_NO_CHECK,
  so.SO_PRIORITY,
  so.SO_BSDCOMPAT,
  so.SO_REUSEPORT,
  so.SO_PASSCRED,
  so.SO_RCVLOWAT,
  so.SO_SNDLOWAT,
  so.SO_DETACH_FILTER,
  so.SO_TIMESTAMP_OLD,
  so.SO_ACCEPTCONN,
  so.SO_SNDBUFFORCE,
  so.SO_RCVBUFFORCE,
  so.SO_PASSSEC,
  so.SO_TIMESTAMPNS_OLD,
  so.SO_MARK,
  so.SO_TIMESTAMPING_OLD,
  so.SO_RXQ_OVFL,
  so.SO_WIFI_STATUS,
  so.SO_PEEK_OFF,
  so.SO_NOFCS,
  so.SO_LOCK_FILTER,
  so.SO_SELECT_ERR_QUEUE,
  so.SO_BUSY_POLL,
  so.SO_INCOMING_CPU,
  so.SO_CNX_ADVICE,
  so.SO_INCOMING_NAPI_ID,
  so.SO_ZEROCOPY,
  so.SO_TIMESTAMP_NEW,
  so.SO_TIMESTAMPNS_NEW,
  so.SO_TIMESTAMPING_NEW,
  so.SO_DETACH_REUSEPORT_BPF,
  so.SO_PREFER_BUSY_POLL,
  so.SO_BUSY_POLL_BUDGET,
  so.SO_RESERVE_MEM,
  so.SO_RCVMARK,
]

const toSet: Levels = {
  [layer.SOL_SOCKET]: {
    options: {
      ...Object.fromEntries(numbers.map(n => [n, number])),
      [so.SO_LINGER]: atLeast(8, linger),
      [sets.setsock_options.values.SO_ATTACH_FILTER]: program,
      [so.SO_ATTACH_REUSEPORT_CBPF]: program,
      [so.SO_TXREHASH]: atLeast(4, rehash),
    },
    otherwise: anything,
  },
  [layer.SOL_IP]: {
    options: {
      [ip.IP_ADD_MEMBERSHIP]: multicast,
      [ip.IP_DROP_MEMBERSHIP]: multicast,
      [ip.MCAST_JOIN_GROUP]: group,
      [ip.MCAST_LEAVE_GROUP]: group,
    },
    otherwise: anything,
  },
  [layer.SOL_IPV6]: {
    options: {
      [ip6.IPV6_ADD_MEMBERSHIP]: multicast6,
      [ip6.IPV6_DROP_MEMBERSHIP]: multicast6,
      [ip6.IPV6_JOIN_ANYCAST]: multicast6,
      [ip6.IPV6_LEAVE_ANYCAST]: multicast6,
      [ip6.MCAST_JOIN_GROUP]: group,
      [ip6.MCAST_LEAVE_GROUP]: group,
    },
    otherwise: anything,
  },
  [layer.SOL_PACKET]: {
    options: {
      [packet.PACKET_ADD_MEMBERSHIP]: membership,
      [packet.PACKET_DROP_MEMBERSHIP]: membership,
      [packet.PACKET_RX_RING]: atLeast(16, ring, true),
      [packet.PACKET_TX_RING]: atLeast(16, ring, true),
    },
    otherwise: anything,
  },
  [layer.SOL_RAW]: { options: { [ICMP_FILTER]: icmpFilter }, otherwise: anything },
  [layer.SOL_NETLINK]: { options: {}, otherwise: number },
}

const toGet: Levels = {
  [layer.SOL_SOCKET]: {
    options: {
      ...Object.fromEntries(numbers.map(n => [n, numberGot])),
      [so.SO_LINGER]: linger,
      [so.SO_PEERCRED]: fields('pid', 'uid', 'gid'),
      [so.SO_ERROR]: failure,
      [so.SO_TXREHASH]: rehash,
      [sets.getsock_options.values.SO_GET_FILTER]: programGot,
    },
    otherwise: anything,
  },
  [layer.SOL_PACKET]: {
    options: { [packet.PACKET_STATISTICS]: fields('tp_packets', 'tp_drops', 'tp_freeze_q_cnt') },
    otherwise: anything,
  },
  [layer.SOL_RAW]: { options: { [ICMP_FILTER]: icmpFilter }, otherwise: anything },
  [layer.SOL_NETLINK]: { options: { [NETLINK_LIST_MEMBERSHIPS]: words }, otherwise: anything },
}

const of = (levels: Levels, level: number, option: number): OptionValue =>
  levels[level]?.options[option] ?? levels[level]?.otherwise ?? anything

export const valueToSet = (level: number, option: number): OptionValue => of(toSet, level, option)
export const valueToGet = (level: number, option: number): OptionValue => of(toGet, level, option)
