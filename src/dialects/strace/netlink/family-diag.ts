/** Questions about sockets of packets, of netlink and of SMC, and the answers. */
import * as sets from '../../../abi/sets.ts'
import { numbered, quoteHex } from '../addresses/raw.ts'
import { instructionBytes, printInstruction } from '../classic-bpf.ts'
import { nameTable, printValue } from '../names.ts'
import type { AttributeSet } from './attributes.ts'
import {
  cookie,
  dec,
  type Field,
  field,
  flags as flagsField,
  hex,
  inner,
  link,
  place,
  structure,
  value,
} from './fields.ts'
import { type Diagnosis, extensionBits, memory, shutdown, socketId } from './internet-diag.ts'
import { flags, listOf, numbers, u32 } from './values.ts'

const hardwareBytes = 32
const group = structure(12 + hardwareBytes, [
  link('pdmc_index', 0),
  dec('pdmc_count', 4, 4),
  dec('pdmc_type', 8, 2),
  dec('pdmc_alen', 10, 2),
  field('pdmc_addr', (out, { view, bytes }, at) =>
    quoteHex(out, bytes, at + 12, at + 12 + Math.min(view.getUint16(at + 10, true), hardwareBytes)),
  ),
])
const packetRing = numbers([
  'pdr_block_size',
  'pdr_block_nr',
  'pdr_frame_size',
  'pdr_frame_nr',
  'pdr_retire_tmo',
  'pdr_sizeof_priv',
  'pdr_features',
])

const p = sets.packet_diag_attrs.values
const ofPackets: AttributeSet = {
  names: sets.packet_diag_attrs,
  unknown: 'PACKET_DIAG_???',
  values: {
    [p.PACKET_DIAG_INFO]: structure(24, [
      link('pdi_index', 0),
      value('pdi_version', 4, 4, sets.af_packet_versions, 'TPACKET_???'),
      dec('pdi_reserve', 8, 4),
      dec('pdi_copy_thresh', 12, 4),
      dec('pdi_tstamp', 16, 4),
      flagsField('pdi_flags', 20, 4, sets.packet_diag_info_flags, 'PDI_???'),
    ]),
    [p.PACKET_DIAG_MCLIST]: listOf(12 + hardwareBytes, (out, raw, at, context) =>
      group(out, raw, at, 12 + hardwareBytes, context),
    ),
    [p.PACKET_DIAG_RX_RING]: packetRing,
    [p.PACKET_DIAG_TX_RING]: packetRing,
    [p.PACKET_DIAG_FANOUT]: u32,
    [p.PACKET_DIAG_UID]: u32,
    [p.PACKET_DIAG_MEMINFO]: memory,
    [p.PACKET_DIAG_FILTER]: listOf(instructionBytes, (out, raw, at, { style, arch }) =>
      printInstruction(out, raw, at, 'socket', style, arch),
    ),
  },
}
export const packetQuestion: Diagnosis = {
  bytes: 20,
  family: 'sdiag_family',
  attributes: undefined,
  fields: [
    hex('sdiag_protocol', 1, 1),
    dec('pdiag_ino', 4, 4),
    flagsField('pdiag_show', 8, 4, sets.packet_diag_show, 'PACKET_SHOW_???'),
    cookie('pdiag_cookie', 12),
  ],
}
export const packetAnswer: Diagnosis = {
  bytes: 16,
  family: 'pdiag_family',
  attributes: ofPackets,
  fields: [
    value('pdiag_type', 1, 1, sets.socktypes),
    value('pdiag_num', 2, 2, sets.ethernet_protocols),
    dec('pdiag_ino', 4, 4),
    cookie('pdiag_cookie', 8),
  ],
}

const netlinkRing = numbers(['ndr_block_size', 'ndr_block_nr', 'ndr_frame_size', 'ndr_frame_nr'])
const n = sets.netlink_diag_attrs.values
const ofNetlink: AttributeSet = {
  names: sets.netlink_diag_attrs,
  unknown: 'NETLINK_DIAG_???',
  values: {
    [n.NETLINK_DIAG_MEMINFO]: memory,
    [n.NETLINK_DIAG_GROUPS]: listOf(8, (out, { view }, at) => {
      const bits = view.getBigUint64(at, true)
      out.put(bits === 0n ? '0' : `0x${bits.toString(16)}`)
    }),
    [n.NETLINK_DIAG_RX_RING]: netlinkRing,
    [n.NETLINK_DIAG_TX_RING]: netlinkRing,
    [n.NETLINK_DIAG_FLAGS]: flags(sets.netlink_socket_flags, 4, 'NDIAG_FLAG_???'),
  },
}
/** What a question names when it wants the sockets of each protocol. */
const anyProtocol = { name: 'ndiag_protocols', kind: 'value', values: { NDIAG_PROTO_ALL: 255 } } as const
export const netlinkQuestion: Diagnosis = {
  bytes: 20,
  family: 'sdiag_family',
  attributes: undefined,
  fields: [
    field('sdiag_protocol', (out, { bytes }, at, { style, arch }) =>
      printValue(
        out,
        [nameTable(anyProtocol, arch), nameTable(sets.netlink_protocols, arch)],
        bytes[at + 1]!,
        0,
        style,
        'NETLINK_???',
      ),
    ),
    dec('ndiag_ino', 4, 4),
    flagsField('ndiag_show', 8, 4, sets.netlink_diag_show, 'NDIAG_SHOW_???'),
    cookie('ndiag_cookie', 12),
  ],
}
export const netlinkAnswer: Diagnosis = {
  bytes: 28,
  family: 'ndiag_family',
  attributes: ofNetlink,
  fields: [
    value('ndiag_type', 1, 1, sets.socktypes),
    value('ndiag_protocol', 2, 1, sets.netlink_protocols),
    value('ndiag_state', 3, 1, sets.netlink_states),
    dec('ndiag_portid', 4, 4),
    dec('ndiag_dst_portid', 8, 4),
    dec('ndiag_dst_group', 12, 4),
    dec('ndiag_ino', 16, 4),
    cookie('ndiag_cookie', 20),
  ],
}

const cursor = (name: string, offset: number): Field =>
  inner(name, offset, [dec('reserved', 0, 2), dec('wrap', 2, 2), dec('count', 4, 4)])
const linkBytes = 146
const linkOfGroup = structure(linkBytes, [
  dec('link_id', 0, 1),
  place('ibname', 1, 64),
  dec('ibport', 65, 1),
  place('gid', 66, 40),
  place('peer_gid', 106, 40),
])
/** Why a peer declined: the number is what its documents name. */
const decline = (name: string, offset: number): Field =>
  field(name, (out, { view }, at, { style, arch }) =>
    printValue(
      out,
      [nameTable(sets.smc_decl_codes, arch)],
      view.getUint32(at + offset, true),
      0,
      numbered(style),
      'SMC_CLC_DECL_???',
    ),
  )
const s = sets.smc_diag_attrs.values
const ofSharedMemory: AttributeSet = {
  names: sets.smc_diag_attrs,
  unknown: 'SMC_DIAG_???',
  values: {
    [s.SMC_DIAG_CONNINFO]: structure(76, [
      dec('token', 0, 4),
      dec('sndbuf_size', 4, 4),
      dec('rmbe_size', 8, 4),
      dec('peer_rmbe_size', 12, 4),
      cursor('rx_prod', 16),
      cursor('rx_cons', 24),
      cursor('tx_prod', 32),
      cursor('tx_cons', 40),
      hex('rx_prod_flags', 48, 1),
      hex('rx_conn_state_flags', 49, 1),
      hex('tx_prod_flags', 50, 1),
      hex('tx_conn_state_flags', 51, 1),
      cursor('tx_prep', 52),
      cursor('tx_sent', 60),
      cursor('tx_fin', 68),
    ]),
    [s.SMC_DIAG_LGRINFO]: structure(linkBytes + 1, [
      field('lnk', (out, raw, at, context) => {
        out.putByte(91)
        linkOfGroup(out, raw, at, linkBytes, context)
        out.putByte(93)
      }),
      value('role', linkBytes, 1, sets.smc_link_group_roles),
    ]),
    [s.SMC_DIAG_SHUTDOWN]: shutdown,
    [s.SMC_DIAG_DMBINFO]: structure(40, [
      dec('linkid', 0, 4),
      hex('peer_gid', 8, 8),
      hex('my_gid', 16, 8),
      hex('token', 24, 8),
      hex('peer_token', 32, 8),
    ]),
    [s.SMC_DIAG_FALLBACK]: structure(8, [decline('reason', 0), decline('peer_diagnosis', 4)]),
  },
}

const internet = 2
export const sharedMemoryQuestion: Diagnosis = {
  bytes: 52,
  family: 'diag_family',
  attributes: undefined,
  fields: [
    flagsField(
      'diag_ext',
      3,
      1,
      extensionBits(sets.smc_diag_extended_flags, 'smc_diag_bits'),
      '1<<SMC_DIAG_???',
    ),
    socketId(4, internet),
  ],
}
export const sharedMemoryAnswer: Diagnosis = {
  bytes: 64,
  family: 'diag_family',
  attributes: ofSharedMemory,
  fields: [
    value('diag_state', 1, 1, sets.smc_states),
    value('diag_fallback', 2, 1, sets.smc_diag_mode),
    dec('diag_shutdown', 3, 1),
    socketId(4, internet),
    dec('diag_uid', 52, 4),
    dec('diag_inode', 56, 8),
  ],
}
