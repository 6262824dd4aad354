/** What sockets of the internet tell of the layers above TCP, and of storage that BPF gave them. */
import * as sets from '../../../abi/sets.ts'
import { hash } from '../addresses/raw.ts'
import { quote } from '../quote.ts'
import { type AttributeSet, attributes } from './attributes.ts'
import { flags, hex32, type NetlinkValue, names, u8, u16, u32, u64 } from './values.ts'

const tls: AttributeSet = {
  names: sets.inet_diag_ulp_info_tls_attrs,
  unknown: 'TLS_INFO_???',
  values: {
    1: names(sets.tls_info_versions, 2, 'TLS_???_VERSION'),
    2: names(sets.tls_info_ciphers, 2, 'TLS_CIPHER_???'),
    3: names(sets.tls_info_configs, 2, 'TLS_CONF_???'),
    4: names(sets.tls_info_configs, 2, 'TLS_CONF_???'),
  },
}

const m = sets.inet_diag_ulp_info_mptcp_attrs.values
const multipath: AttributeSet = {
  names: sets.inet_diag_ulp_info_mptcp_attrs,
  unknown: 'MPTCP_SUBFLOW_ATTR_???',
  values: {
    [m.MPTCP_SUBFLOW_ATTR_TOKEN_REM]: hex32,
    [m.MPTCP_SUBFLOW_ATTR_TOKEN_LOC]: hex32,
    [m.MPTCP_SUBFLOW_ATTR_RELWRITE_SEQ]: u32,
    [m.MPTCP_SUBFLOW_ATTR_MAP_SEQ]: u64,
    [m.MPTCP_SUBFLOW_ATTR_MAP_SFSEQ]: u32,
    [m.MPTCP_SUBFLOW_ATTR_SSN_OFFSET]: u32,
    [m.MPTCP_SUBFLOW_ATTR_MAP_DATALEN]: u16,
    [m.MPTCP_SUBFLOW_ATTR_FLAGS]: flags(sets.mptcp_subflow_flags, 4, 'MPTCP_SUBFLOW_FLAG_???'),
    [m.MPTCP_SUBFLOW_ATTR_ID_REM]: u8,
    [m.MPTCP_SUBFLOW_ATTR_ID_LOC]: u8,
  },
}

/** A name with all that stands before its last NUL. */
const wholeName: NetlinkValue = (out, { bytes }, at, length, { style }) => {
  const ends = bytes[at + length - 1] === 0
  const size = ends ? length - 1 : length
  quote(out, bytes, at, at + Math.min(size, style.stringLimit), style)
  if (!ends || size > style.stringLimit) out.put('...')
  return true
}

export const upperProtocol: AttributeSet = {
  names: sets.inet_diag_ulp_info_attrs,
  unknown: 'INET_ULP_INFO_???',
  values: { 1: wholeName, 2: attributes(tls), 3: attributes(multipath) },
}

/** A number, where it has the size of one. */
const stored: NetlinkValue = (out, { view, bytes }, at, length) => {
  if (length === 1) hash(out, bytes[at]!)
  else if (length === 2) hash(out, view.getUint16(at, true))
  else if (length === 4) hash(out, view.getUint32(at, true))
  else if (length === 8) {
    const n = view.getBigUint64(at, true)
    out.put(n === 0n ? '0' : `0x${n.toString(16)}`)
  } else return false
  return true
}
const storage: AttributeSet = {
  names: sets.inet_diag_bpf_storage_attrs,
  unknown: 'SK_DIAG_BPF_STORAGE_???',
  values: { 2: u32, 3: stored },
}
export const storages: AttributeSet = {
  names: sets.inet_diag_bpf_storages_attrs,
  unknown: 'SK_DIAG_BPF_STORAGE_???',
  values: { 1: attributes(storage) },
}
