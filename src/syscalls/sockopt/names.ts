/** Options of sockets by level: which set gives them their names. */
import * as sets from '../../abi/sets.ts'
import { oneOf, select, uint } from '../../types/language.ts'

const common = {
  SOL_UDP: oneOf(sets.sock_udp_options),
  SOL_SCTP: oneOf(sets.sock_sctp_options),
  SOL_RAW: oneOf(sets.sock_raw_options),
  SOL_IPX: oneOf(sets.sock_ipx_options),
  SOL_AX25: oneOf(sets.sock_ax25_options),
  SOL_PACKET: oneOf(sets.sock_packet_options),
  SOL_IRDA: oneOf(sets.sock_irda_options),
  SOL_LLC: oneOf(sets.sock_llc_options),
  SOL_DCCP: oneOf(sets.sock_dccp_options),
  SOL_TCP: oneOf(sets.sock_tcp_options),
  SOL_NETLINK: oneOf(sets.sock_netlink_options),
  SOL_TIPC: oneOf(sets.sock_tipc_options),
  SOL_RXRPC: oneOf(sets.sock_rxrpc_options),
  SOL_PPPOL2TP: oneOf(sets.sock_pppol2tp_options),
  SOL_BLUETOOTH: oneOf(sets.sock_bluetooth_options),
  SOL_PNPIPE: oneOf(sets.sock_pnp_options),
  SOL_RDS: oneOf(sets.sock_rds_options),
  SOL_IUCV: oneOf(sets.sock_iucv_options),
  SOL_CAIF: oneOf(sets.sock_caif_options),
  SOL_ALG: oneOf(sets.sock_alg_options),
  SOL_NFC: oneOf(sets.sock_nfcllcp_options),
  SOL_KCM: oneOf(sets.sock_kcm_options),
  SOL_TLS: oneOf(sets.sock_tls_options),
  SOL_XDP: oneOf(sets.sock_xdp_options),
  AF_VSOCK: oneOf(sets.sock_vsock_options),
  SOL_CAN_RAW: oneOf(sets.sock_can_raw_options),
} as const

export const level = oneOf(sets.socketlayers)

/** Some numbers are one option when set and another one when got. */
export const optionToSet = select(
  'level',
  {
    ...common,
    SOL_SOCKET: oneOf(sets.sock_options, sets.setsock_options),
    SOL_IP: oneOf(sets.sock_ip_options, sets.setsock_ip_options),
    SOL_IPV6: oneOf(sets.sock_ipv6_options, sets.setsock_ipv6_options),
  },
  uint,
)
export const optionToGet = select(
  'level',
  {
    ...common,
    SOL_SOCKET: oneOf(sets.sock_options, sets.getsock_options),
    SOL_IP: oneOf(sets.sock_ip_options, sets.getsock_ip_options),
    SOL_IPV6: oneOf(sets.sock_ipv6_options, sets.getsock_ipv6_options),
  },
  uint,
)
