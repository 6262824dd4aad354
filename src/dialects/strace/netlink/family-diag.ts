/** Questions about sockets of packets, of netlink and of SMC, and the answers. */
import * as sets from '../../../abi/sets.ts'
import { numbered, quoteHex } from '../addresses/raw.ts'
import { instructionBytes, printInstruction } from '../classic-bpf.ts'
import { nameTable, printValue } from '../names.ts'
import type { AttributeSet } from './attributes.ts'
import { type Field, field } from './fields.ts'
import { type Diagnosis, extensionBits, memory, shutdown, socketId } from './internet-diag.ts'
import { membersOf } from './members.ts'
import { flags, listOf, numbers, u32 } from './values.ts'

const inGroup = membersOf('packet_diag_mclist')
const group = inGroup.structure([
  inGroup.link('pdmc_index'),
  inGroup.dec('pdmc_count'),
  inGroup.dec('pdmc_type'),
  inGroup.dec('pdmc_alen'),
  inGroup.of('pdmc_addr', ({ offset, size }) =>
    field('pdmc_addr', (out, { view, bytes }, at) => {
      const length = Math.min(view.getUint16(at + inGroup.at('pdmc_alen'), true), size)
      quoteHex(out, bytes, at + offset, at + offset + length)
    }),
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

const info = membersOf('packet_diag_info')
const p = sets.packet_diag_attrs.values
const ofPackets: AttributeSet = {
  names: sets.packet_diag_attrs,
  unknown: 'PACKET_DIAG_???',
  values: {
    [p.PACKET_DIAG_INFO]: info.structure([
      info.link('pdi_index'),
      info.value('pdi_version', sets.af_packet_versions, 'TPACKET_???'),
      info.dec('pdi_reserve'),
      info.dec('pdi_copy_thresh'),
      info.dec('pdi_tstamp'),
      info.flags('pdi_flags', sets.packet_diag_info_flags, 'PDI_???'),
    ]),
    [p.PACKET_DIAG_MCLIST]: listOf(inGroup, (out, raw, at, context) =>
      group(out, raw, at, inGroup.bytes, context),
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
const askedOfPackets = membersOf('packet_diag_req')
export const packetQuestion: Diagnosis = {
  members: askedOfPackets,
  family: 'sdiag_family',
  attributes: undefined,
  fields: [
    askedOfPackets.hex('sdiag_protocol'),
    askedOfPackets.dec('pdiag_ino'),
    askedOfPackets.flags('pdiag_show', sets.packet_diag_show, 'PACKET_SHOW_???'),
    askedOfPackets.cookie('pdiag_cookie'),
  ],
}
const toldOfPackets = membersOf('packet_diag_msg')
export const packetAnswer: Diagnosis = {
  members: toldOfPackets,
  family: 'pdiag_family',
  attributes: ofPackets,
  fields: [
    toldOfPackets.value('pdiag_type', sets.socktypes),
    toldOfPackets.value('pdiag_num', sets.ethernet_protocols),
    toldOfPackets.dec('pdiag_ino'),
    toldOfPackets.cookie('pdiag_cookie'),
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
const askedOfNetlink = membersOf('netlink_diag_req')
export const netlinkQuestion: Diagnosis = {
  members: askedOfNetlink,
  family: 'sdiag_family',
  attributes: undefined,
  fields: [
    askedOfNetlink.of('sdiag_protocol', ({ offset }) =>
      field('sdiag_protocol', (out, { bytes }, at, { style, arch }) =>
        printValue(
          out,
          [nameTable(anyProtocol, arch), nameTable(sets.netlink_protocols, arch)],
          bytes[at + offset]!,
          0,
          style,
          'NETLINK_???',
        ),
      ),
    ),
    askedOfNetlink.dec('ndiag_ino'),
    askedOfNetlink.flags('ndiag_show', sets.netlink_diag_show, 'NDIAG_SHOW_???'),
    askedOfNetlink.cookie('ndiag_cookie'),
  ],
}
const toldOfNetlink = membersOf('netlink_diag_msg')
export const netlinkAnswer: Diagnosis = {
  members: toldOfNetlink,
  family: 'ndiag_family',
  attributes: ofNetlink,
  fields: [
    toldOfNetlink.value('ndiag_type', sets.socktypes),
    toldOfNetlink.value('ndiag_protocol', sets.netlink_protocols),
    toldOfNetlink.value('ndiag_state', sets.netlink_states),
    toldOfNetlink.dec('ndiag_portid'),
    toldOfNetlink.dec('ndiag_dst_portid'),
    toldOfNetlink.dec('ndiag_dst_group'),
    toldOfNetlink.dec('ndiag_ino'),
    toldOfNetlink.cookie('ndiag_cookie'),
  ],
}

const inCursor = membersOf('smc_diag_cursor')
const cursor = [inCursor.dec('reserved'), inCursor.dec('wrap'), inCursor.dec('count')]
const inLink = membersOf('smc_diag_linkinfo')
const linkOfGroup = inLink.structure([
  inLink.dec('link_id'),
  inLink.text('ibname'),
  inLink.dec('ibport'),
  inLink.text('gid'),
  inLink.text('peer_gid'),
])
/** Why a peer declined: the number is what its documents name. */
const fallback = membersOf('smc_diag_fallback')
const decline = (name: string): Field =>
  fallback.of(name, ({ offset }) =>
    field(name, (out, { view }, at, { style, arch }) =>
      printValue(
        out,
        [nameTable(sets.smc_decl_codes, arch)],
        view.getUint32(at + offset, true),
        0,
        numbered(style),
        'SMC_CLC_DECL_???',
      ),
    ),
  )
const connection = membersOf('smc_diag_conninfo')
const linkGroup = membersOf('smc_diag_lgrinfo')
const buffer = membersOf('smcd_diag_dmbinfo')
const s = sets.smc_diag_attrs.values
const ofSharedMemory: AttributeSet = {
  names: sets.smc_diag_attrs,
  unknown: 'SMC_DIAG_???',
  values: {
    [s.SMC_DIAG_CONNINFO]: connection.structure([
      connection.dec('token'),
      connection.dec('sndbuf_size'),
      connection.dec('rmbe_size'),
      connection.dec('peer_rmbe_size'),
      connection.inner('rx_prod', cursor),
      connection.inner('rx_cons', cursor),
      connection.inner('tx_prod', cursor),
      connection.inner('tx_cons', cursor),
      connection.hex('rx_prod_flags'),
      connection.hex('rx_conn_state_flags'),
      connection.hex('tx_prod_flags'),
      connection.hex('tx_conn_state_flags'),
      connection.inner('tx_prep', cursor),
      connection.inner('tx_sent', cursor),
      connection.inner('tx_fin', cursor),
    ]),
    [s.SMC_DIAG_LGRINFO]: linkGroup.structure([
      field('lnk', (out, raw, at, context) => {
        out.putChar('[')
        linkOfGroup(out, raw, at, inLink.bytes, context)
        out.putChar(']')
      }),
      linkGroup.value('role', sets.smc_link_group_roles),
    ]),
    [s.SMC_DIAG_SHUTDOWN]: shutdown,
    [s.SMC_DIAG_DMBINFO]: buffer.structure(
      [
        buffer.dec('linkid'),
        buffer.hex('peer_gid'),
        buffer.hex('my_gid'),
        buffer.hex('token'),
        buffer.hex('peer_token'),
      ],
      'peer_token',
    ),
    [s.SMC_DIAG_FALLBACK]: fallback.structure([decline('reason'), decline('peer_diagnosis')]),
  },
}

const internet = 2
const askedOfSharedMemory = membersOf('smc_diag_req')
export const sharedMemoryQuestion: Diagnosis = {
  members: askedOfSharedMemory,
  family: 'diag_family',
  attributes: undefined,
  fields: [
    askedOfSharedMemory.flags(
      'diag_ext',
      extensionBits(sets.smc_diag_extended_flags, 'smc_diag_bits'),
      '1<<SMC_DIAG_???',
    ),
    socketId(askedOfSharedMemory, internet),
  ],
}
const toldOfSharedMemory = membersOf('smc_diag_msg')
export const sharedMemoryAnswer: Diagnosis = {
  members: toldOfSharedMemory,
  family: 'diag_family',
  attributes: ofSharedMemory,
  fields: [
    toldOfSharedMemory.value('diag_state', sets.smc_states),
    toldOfSharedMemory.value('diag_fallback', sets.smc_diag_mode),
    toldOfSharedMemory.dec('diag_shutdown'),
    socketId(toldOfSharedMemory, internet),
    toldOfSharedMemory.dec('diag_uid'),
    toldOfSharedMemory.dec('diag_inode'),
  ],
}
